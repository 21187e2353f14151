// A limit order book that can only be read while it is whole.
#pragma once

#include "market/book_side.hpp"
#include "market/event.hpp"
#include "market/pending_deltas.hpp"

#include <expected>
#include <optional>
#include <span>

namespace virtuoso {

/// Why a book cannot be read.
enum class BookFault : std::uint8_t {
    no_snapshot,  ///< nothing whole was received yet
    gap,          ///< a delta was lost
    crossed,      ///< best bid reached best ask
    bad_level,    ///< a level with a price of zero or a negative number
    stale,        ///< no update for longer than the limit
    disconnected  ///< the connection that fed it is gone
};

[[nodiscard]] std::string_view name_of(BookFault fault) noexcept;
/// The same as a clause for people.
[[nodiscard]] std::string_view words_of(BookFault fault) noexcept;

/// What became of a delta.
enum class DeltaOutcome : std::uint8_t {
    applied,
    duplicate,  ///< already contained: ignored
    buffered,   ///< kept until the REST snapshot arrives
    awaiting,   ///< ignored: the book waits for a snapshot
    faulted     ///< this delta made the book invalid
};

class OrderBook;

/// Read access to a valid book. Obtained from OrderBook::view only; must not outlive the next update.
class BookView {
  public:
    [[nodiscard]] std::optional<BookLevel> best_bid() const;
    [[nodiscard]] std::optional<BookLevel> best_ask() const;
    [[nodiscard]] bool two_sided() const;

    /// Fills `out` from the touch outwards; returns the number of levels written. O(levels).
    std::size_t top_bids(std::span<BookLevel> out) const;
    std::size_t top_asks(std::span<BookLevel> out) const;

    /// Calls `visit(Price, Size)` from the touch outwards until it returns false. O(levels visited).
    template <typename Visitor>
    void walk_bids(Visitor&& visit) const;
    template <typename Visitor>
    void walk_asks(Visitor&& visit) const;

    [[nodiscard]] Size bid_size_at(Price price) const;
    [[nodiscard]] Size ask_size_at(Price price) const;
    [[nodiscard]] std::size_t bid_count() const;
    [[nodiscard]] std::size_t ask_count() const;

    /// Beyond this price levels may be missing (a truncated snapshot, dropped levels, a feed that shows only
    /// so many levels and is full); nullopt when the side is complete. O(1), for such a feed a few dozen
    /// words.
    [[nodiscard]] std::optional<Price> bids_complete_to() const;
    [[nodiscard]] std::optional<Price> asks_complete_to() const;

    [[nodiscard]] std::uint64_t update_id() const;
    [[nodiscard]] ExchangeTime time() const;

  private:
    friend class OrderBook;
    explicit BookView(const OrderBook& book) : book_(&book) {}
    const OrderBook* book_;
};

/// Book of one symbol. Prices are indexed by tick; the tick is the greatest common divisor of the
/// prices seen, so that no instrument data is needed and any price is exact.
///
/// A delta costs O(levels); a level near the touch O(1). No allocation once warm.
class OrderBook {
  public:
    explicit OrderBook(BookLimits limits = {});

    /// Replaces the whole book. Returns the fault when the snapshot itself is not a book.
    std::optional<BookFault> apply(const BookSnapshot& snapshot);
    DeltaOutcome apply(const BookDelta& delta);

    /// The book, or why it cannot be read.
    [[nodiscard]] std::expected<BookView, BookFault> view() const;
    /// As above; also refuses a book whose last update is more than `stale_after_ms` before `now`.
    [[nodiscard]] std::expected<BookView, BookFault> view(ExchangeTime now,
                                                          std::int64_t stale_after_ms) const;

    /// The touch has come half the way to where levels may be missing: another snapshot, which may come while
    /// the book is valid, moves that away. From now on updates are kept for it.
    [[nodiscard]] bool thin() const noexcept { return thin_; }

    /// Declares the book broken for a reason found outside, for example a refused frame.
    void invalidate(BookFault fault);

    [[nodiscard]] std::uint64_t update_id() const noexcept { return update_id_; }
    [[nodiscard]] ExchangeTime time() const noexcept { return time_; }
    /// Gives back memory that far levels needed once; returns the bytes.
    std::size_t shrink() { return bids_.shrink() + asks_.shrink(); }
    [[nodiscard]] std::size_t bytes() const noexcept {
        return bids_.bytes() + asks_.bytes() + pending_.bytes();
    }

  private:
    friend class BookView;

    [[nodiscard]] bool continues(const BookDelta& delta) const noexcept;
    DeltaOutcome apply_in_sequence(const BookDelta& delta);
    [[nodiscard]] bool set_levels(std::span<const BookLevel> bids, std::span<const BookLevel> asks);
    [[nodiscard]] std::int64_t tick_of(Price price);
    void refine_tick(std::int64_t price_units);
    void set_tick(std::int64_t units) noexcept;
    [[nodiscard]] bool crossed() const noexcept {
        return !bids_.empty() && !asks_.empty() && bids_.best_rank() >= -asks_.best_rank();
    }
    void enforce_limits();
    void note_edges();
    [[nodiscard]] bool near_edge() const noexcept;
    DeltaOutcome fault(BookFault reason);
    [[nodiscard]] Price price_of(std::int64_t tick) const noexcept { return {tick * tick_units_}; }

    BookSide bids_;  ///< rank = tick
    BookSide asks_;  ///< rank = −tick
    std::optional<BookFault> fault_ = BookFault::no_snapshot;
    std::int64_t tick_units_ = 1;
    double inverse_tick_ = 1;
    std::uint64_t update_id_ = 0;
    ExchangeTime time_;
    bool awaits_overlap_ = false;  ///< the REST snapshot has not met its first delta yet
    int feed_depth_ = 0;           ///< levels a side that the feed shows; 0: all
    std::optional<Price> bids_complete_to_;
    std::optional<Price> asks_complete_to_;
    std::int64_t thin_bid_ = 0;          ///< a best bid below it, in units, is near where levels are missing
    std::int64_t thin_ask_ = INT64_MAX;  ///< a best ask above it
    bool thin_ = false;
    PendingDeltas pending_;
};

template <typename Visitor>
void BookView::walk_bids(Visitor&& visit) const {
    book_->bids_.walk([&](std::int64_t rank, std::int64_t size) {
        return visit(book_->price_of(rank), Size::from_units(size));
    });
}

template <typename Visitor>
void BookView::walk_asks(Visitor&& visit) const {
    book_->asks_.walk([&](std::int64_t rank, std::int64_t size) {
        return visit(book_->price_of(-rank), Size::from_units(size));
    });
}

}  // namespace virtuoso
