#include "service/book_history.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace virtuoso {

namespace {

constexpr double steps_an_octave = 1'024;  ///< 0.07 % apart, so 0.034 % wrong at most
constexpr double octaves_below_one = 30;   ///< 1e-8 is 2^-26.6

/// 0 stands for nothing.
std::uint16_t packed(double size) noexcept {
    if (!(size > 0)) {
        return 0;
    }
    const double place = std::round((std::log2(size) + octaves_below_one) * steps_an_octave);
    return static_cast<std::uint16_t>(std::clamp(place, 1.0, 65'535.0));
}

double unpacked(std::uint16_t kept) noexcept {
    return kept == 0 ? 0.0 : std::exp2(static_cast<double>(kept) / steps_an_octave - octaves_below_one);
}

/// The next of 1, 2 and 5 times a power of ten, so that bins begin at round prices.
std::int64_t round_step(double wanted_units) noexcept {
    std::int64_t power = 1;
    while (static_cast<double>(power) * 10 <= wanted_units) {
        power *= 10;
    }
    for (const std::int64_t factor : {1, 2, 5}) {
        if (static_cast<double>(power * factor) >= wanted_units) {
            return power * factor;
        }
    }
    return power * 10;
}

/// How far from the middle levels are known.
std::int64_t reach_of(const BookView& book, std::int64_t middle) {
    const auto most = static_cast<std::int64_t>(static_cast<double>(middle) * BookHistory::reach_share);
    std::int64_t reach = 1;
    const auto note = [&](Price price, Size) {
        const std::int64_t distance = std::abs(price.units - middle);
        reach = std::max(reach, std::min(distance, most));
        return distance < most;
    };
    book.walk_bids(note);
    book.walk_asks(note);
    return reach;
}

}  // namespace

void BookHistory::lay_grid(std::int64_t middle, std::int64_t reach) {
    const bool fits = laid_at_ > 0 && middle > laid_at_ / 2 && middle / 2 < laid_at_ && reach / 4 < reach_ &&
                      reach > reach_ / 8;
    if (!fits) {
        columns_ = BoundedRing<Kept>(seconds_max);
        laid_at_ = middle;
        reach_ = reach;
        constexpr double room = 1.2;  // for a book that spreads, and the middle is not that of a bin
        step_units_ = round_step(room * static_cast<double>(2 * reach) / static_cast<double>(bins));
    }
}

void BookHistory::look(ExchangeTime now, const BookView& book) {
    const auto bid = book.best_bid();
    const auto ask = book.best_ask();
    if (!bid || !ask ||
        (!columns_.empty() && now.ms / ms_per_second <= columns_.back().time_ms / ms_per_second)) {
        return;
    }
    const std::int64_t middle = bid->price.units + (ask->price.units - bid->price.units) / 2;
    lay_grid(middle, reach_of(book, middle));
    Kept column{.time_ms = now.ms,
                .bid_units = bid->price.units,
                .ask_units = ask->price.units,
                .first_bin = middle / step_units_ - static_cast<std::int64_t>(bins / 2)};
    std::array<double, bins> sizes{};
    const auto add = [&](Price price, Size size) {
        const std::int64_t bin = price.units / step_units_ - column.first_bin;
        if (bin < 0 || bin >= static_cast<std::int64_t>(bins)) {
            return false;
        }
        sizes[static_cast<std::size_t>(bin)] += size.value();
        return true;
    };
    book.walk_bids(add);
    book.walk_asks(add);
    std::ranges::transform(sizes, column.sizes.begin(), packed);
    columns_.push(column);
}

std::vector<BookHistory::Column> BookHistory::columns(ExchangeTime since) const {
    std::vector<Column> found;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        const Kept& kept = columns_[i];
        if (kept.time_ms < since.ms) {
            continue;
        }
        Column& column = found.emplace_back();
        column.time = {kept.time_ms};
        column.bid = {kept.bid_units};
        column.ask = {kept.ask_units};
        column.first_bin = kept.first_bin;
        std::ranges::transform(kept.sizes, column.sizes.begin(), unpacked);
    }
    return found;
}

}  // namespace virtuoso
