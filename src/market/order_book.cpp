#include "market/order_book.hpp"

#include <numeric>

namespace virtuoso {

namespace {

std::int64_t common_divisor(std::int64_t start, std::span<const BookLevel> levels) {
    for (const auto& level : levels) {
        start = std::gcd(start, level.price.units);
    }
    return start;
}

// Half the exact range: differences of ranks cannot overflow.
constexpr std::int64_t price_units_max = INT64_MAX / 4;

bool well_formed(const BookLevel& level) {
    return level.price.units > 0 && level.price.units <= price_units_max && level.size.units >= 0;
}

}  // namespace

std::string_view name_of(BookFault fault) noexcept {
    switch (fault) {
        case BookFault::no_snapshot:
            return "no_snapshot";
        case BookFault::gap:
            return "gap";
        case BookFault::crossed:
            return "crossed";
        case BookFault::bad_level:
            return "bad_level";
        case BookFault::stale:
            return "stale";
        case BookFault::disconnected:
            return "disconnected";
    }
    return "unknown";
}

std::string_view words_of(BookFault fault) noexcept {
    switch (fault) {
        case BookFault::no_snapshot:
            return "no snapshot yet";
        case BookFault::gap:
            return "an update is missing";
        case BookFault::crossed:
            return "its best bid reached its best ask";
        case BookFault::bad_level:
            return "a level had no price or a negative size";
        case BookFault::stale:
            return "no update for long";
        case BookFault::disconnected:
            return "its connection was lost";
    }
    return "unknown";
}

OrderBook::OrderBook(BookLimits limits) : bids_(limits), asks_(limits) {}

std::optional<BookFault> OrderBook::apply(const BookSnapshot& snapshot) {
    bids_.clear();
    asks_.clear();
    bids_complete_to_.reset();
    asks_complete_to_.reset();
    fault_.reset();
    awaits_overlap_ = snapshot.origin == SnapshotOrigin::rest;
    update_id_ = snapshot.update_id;
    time_ = snapshot.time;
    feed_depth_ = snapshot.depth;
    const auto divisor = common_divisor(common_divisor(0, snapshot.bids), snapshot.asks);
    set_tick(divisor > 0 ? divisor : 1);
    if (!set_levels(snapshot.bids, snapshot.asks)) {
        fault(BookFault::bad_level);
        return fault_;
    }
    if (snapshot.truncated && !snapshot.bids.empty()) {
        bids_complete_to_ = snapshot.bids.back().price;
    }
    if (snapshot.truncated && !snapshot.asks.empty()) {
        asks_complete_to_ = snapshot.asks.back().price;
    }
    enforce_limits();
    if (crossed()) {
        fault(BookFault::crossed);
        return fault_;
    }
    thin_ = false;
    note_edges();
    if (awaits_overlap_) {
        pending_.drain([this](const BookDelta& delta) { apply(delta); });
    }
    return fault_;
}

// Bybit and Binance spot count updates without holes, Binance futures links each delta to the one
// before; `previous_update_id` expresses both. After a REST snapshot the first delta has to overlap it.
bool OrderBook::continues(const BookDelta& delta) const noexcept {
    if (delta.previous_update_id == update_id_) {
        return true;
    }
    return awaits_overlap_ && delta.first_update_id <= update_id_ + 1 && delta.last_update_id >= update_id_;
}

DeltaOutcome OrderBook::apply(const BookDelta& delta) {
    if (fault_) {
        if (delta.depth != 0) {
            return DeltaOutcome::awaiting;
        }
        pending_.add(delta);
        return DeltaOutcome::buffered;
    }
    if (continues(delta)) {
        return apply_in_sequence(delta);
    }
    // A repeated frame carries an old id and an old time. An old id with a newer time is a counter that
    // started again without a snapshot: that is a gap.
    const bool repeated = delta.last_update_id <= update_id_ && (awaits_overlap_ || delta.time <= time_);
    if (repeated) {
        return DeltaOutcome::duplicate;
    }
    const auto outcome = fault(BookFault::gap);
    if (delta.depth == 0) {
        pending_.add(delta);
    }
    return outcome;
}

DeltaOutcome OrderBook::apply_in_sequence(const BookDelta& delta) {
    update_id_ = delta.last_update_id;
    time_ = delta.time;
    awaits_overlap_ = false;
    if (!set_levels(delta.bids, delta.asks)) {
        return fault(BookFault::bad_level);
    }
    enforce_limits();
    if (crossed()) {
        return fault(BookFault::crossed);
    }
    thin_ = thin_ || near_edge();
    if (thin_ && delta.depth == 0) {
        pending_.add(delta);
    }
    return DeltaOutcome::applied;
}

bool OrderBook::set_levels(std::span<const BookLevel> bids, std::span<const BookLevel> asks) {
    for (const auto& level : bids) {
        if (!well_formed(level)) {
            return false;
        }
        bids_.set(tick_of(level.price), level.size.units);
    }
    for (const auto& level : asks) {
        if (!well_formed(level)) {
            return false;
        }
        asks_.set(-tick_of(level.price), level.size.units);
    }
    return true;
}

// A multiplication instead of a division; the check makes it exact whatever the rounding did.
std::int64_t OrderBook::tick_of(Price price) {
    // NOLINTNEXTLINE(bugprone-incorrect-roundings)
    const auto guess = static_cast<std::int64_t>(static_cast<double>(price.units) * inverse_tick_ + 0.5);
    const auto product = static_cast<std::uint64_t>(guess) * static_cast<std::uint64_t>(tick_units_);
    if (product == static_cast<std::uint64_t>(price.units)) [[likely]] {
        return guess;
    }
    if (price.units % tick_units_ != 0) {
        refine_tick(price.units);
    }
    return price.units / tick_units_;
}

void OrderBook::set_tick(std::int64_t units) noexcept {
    tick_units_ = units;
    inverse_tick_ = 1.0 / static_cast<double>(units);
}

// A price between the known ticks: rebuild with a finer tick. Rare; O(levels).
void OrderBook::refine_tick(std::int64_t price_units) {
    const std::int64_t old_tick = tick_units_;
    set_tick(std::gcd(old_tick, price_units));
    const std::int64_t factor = old_tick / tick_units_;
    for (BookSide* side : {&bids_, &asks_}) {
        std::vector<std::pair<std::int64_t, std::int64_t>> levels;
        levels.reserve(side->count());
        side->walk([&](std::int64_t rank, std::int64_t size) {
            levels.emplace_back(rank * factor, size);
            return true;
        });
        side->clear();
        for (const auto& [rank, size] : levels) {
            side->set(rank, size);
        }
    }
}

void OrderBook::enforce_limits() {
    if (const auto rank = bids_.enforce_limit()) {
        const Price price = price_of(*rank);
        bids_complete_to_ = bids_complete_to_ ? std::max(*bids_complete_to_, price) : price;
        note_edges();
    }
    if (const auto rank = asks_.enforce_limit()) {
        const Price price = price_of(-*rank);
        asks_complete_to_ = asks_complete_to_ ? std::min(*asks_complete_to_, price) : price;
        note_edges();
    }
}

void OrderBook::note_edges() {
    const auto halfway = [](std::int64_t touch, Price edge) { return edge.units + (touch - edge.units) / 2; };
    thin_bid_ = bids_complete_to_ && !bids_.empty()
                    ? halfway(price_of(bids_.best_rank()).units, *bids_complete_to_)
                    : 0;
    thin_ask_ = asks_complete_to_ && !asks_.empty()
                    ? halfway(price_of(-asks_.best_rank()).units, *asks_complete_to_)
                    : INT64_MAX;
}

bool OrderBook::near_edge() const noexcept {
    return (thin_bid_ > 0 && (bids_.empty() || price_of(bids_.best_rank()).units < thin_bid_)) ||
           (thin_ask_ < INT64_MAX && (asks_.empty() || price_of(-asks_.best_rank()).units > thin_ask_));
}

DeltaOutcome OrderBook::fault(BookFault reason) {
    fault_ = reason;
    return DeltaOutcome::faulted;
}

void OrderBook::invalidate(BookFault reason) {
    fault_ = reason;
}

std::expected<BookView, BookFault> OrderBook::view() const {
    if (fault_) {
        return std::unexpected(*fault_);
    }
    return BookView(*this);
}

std::expected<BookView, BookFault> OrderBook::view(ExchangeTime now, std::int64_t stale_after_ms) const {
    if (!fault_ && now - time_ > stale_after_ms) {
        return std::unexpected(BookFault::stale);
    }
    return view();
}

std::optional<BookLevel> BookView::best_bid() const {
    if (book_->bids_.empty()) {
        return std::nullopt;
    }
    return BookLevel{book_->price_of(book_->bids_.best_rank()), {book_->bids_.best_size()}};
}

std::optional<BookLevel> BookView::best_ask() const {
    if (book_->asks_.empty()) {
        return std::nullopt;
    }
    return BookLevel{book_->price_of(-book_->asks_.best_rank()), {book_->asks_.best_size()}};
}

bool BookView::two_sided() const {
    return !book_->bids_.empty() && !book_->asks_.empty();
}

std::size_t BookView::top_bids(std::span<BookLevel> out) const {
    std::size_t count = 0;
    if (!out.empty()) {
        walk_bids([&](Price price, Size size) {
            out[count++] = {price, size};
            return count < out.size();
        });
    }
    return count;
}

std::size_t BookView::top_asks(std::span<BookLevel> out) const {
    std::size_t count = 0;
    if (!out.empty()) {
        walk_asks([&](Price price, Size size) {
            out[count++] = {price, size};
            return count < out.size();
        });
    }
    return count;
}

Size BookView::bid_size_at(Price price) const {
    return price.units % book_->tick_units_ != 0
               ? Size{}
               : Size{book_->bids_.size_at(price.units / book_->tick_units_)};
}

Size BookView::ask_size_at(Price price) const {
    return price.units % book_->tick_units_ != 0
               ? Size{}
               : Size{book_->asks_.size_at(-price.units / book_->tick_units_)};
}

std::size_t BookView::bid_count() const {
    return book_->bids_.count();
}
std::size_t BookView::ask_count() const {
    return book_->asks_.count();
}
std::optional<Price> BookView::bids_complete_to() const {
    if (book_->feed_depth_ <= 0 || bid_count() < static_cast<std::size_t>(book_->feed_depth_)) {
        return book_->bids_complete_to_;
    }
    const Price last = book_->price_of(book_->bids_.worst_rank());
    return book_->bids_complete_to_ ? std::max(*book_->bids_complete_to_, last) : last;
}
std::optional<Price> BookView::asks_complete_to() const {
    if (book_->feed_depth_ <= 0 || ask_count() < static_cast<std::size_t>(book_->feed_depth_)) {
        return book_->asks_complete_to_;
    }
    const Price last = book_->price_of(-book_->asks_.worst_rank());
    return book_->asks_complete_to_ ? std::min(*book_->asks_complete_to_, last) : last;
}
std::uint64_t BookView::update_id() const {
    return book_->update_id_;
}
ExchangeTime BookView::time() const {
    return book_->time_;
}

}  // namespace virtuoso
