// One side of an order book: a tick-indexed ladder near the touch, sorted levels beyond it.
#pragma once

#include "base/assert.hpp"
#include "market/event.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace virtuoso {

/// Bounds of a book's memory.
struct BookLimits {
    std::size_t levels_max = 1000;    ///< per side; the farthest levels are dropped beyond it
    std::size_t ladder_ticks = 4096;  ///< power of two, at least 128
};

/// Levels of one side, addressed by rank: a higher rank is a better price. Bids use rank = tick,
/// asks rank = −tick, so that both sides share one implementation.
///
/// Ranks within `ladder_ticks` of the touch live in a ring of sizes with an occupancy bitmap: set is
/// O(1), the next level down a few instructions. Farther ranks live in a vector sorted by rank, nearest
/// last: O(log n) to find, O(n) to insert, for n levels nearer than it.
class BookSide {
  public:
    explicit BookSide(BookLimits limits);

    void clear();

    /// Sets the size at a rank; zero deletes.
    void set(std::int64_t rank, std::int64_t size) {
        if (static_cast<std::uint64_t>(rank - floor_) < window_) [[likely]] {
            set_in_ladder(rank, size);
        } else {
            set_outside(rank, size);
        }
    }

    [[nodiscard]] bool empty() const noexcept { return ladder_count_ == 0; }
    [[nodiscard]] std::size_t count() const noexcept { return ladder_count_ + far_.size(); }
    /// Precondition: not empty. O(1).
    [[nodiscard]] std::int64_t best_rank() const noexcept { return best_; }
    [[nodiscard]] std::int64_t best_size() const noexcept { return sizes_[slot(best_)]; }
    /// Precondition: not empty. O(1) beyond the ladder, else O(ladder_ticks / 64).
    [[nodiscard]] std::int64_t worst_rank() const noexcept;
    [[nodiscard]] std::int64_t size_at(std::int64_t rank) const;

    /// Calls `visit(rank, size)` from the best level down until it returns false. O(levels visited).
    template <typename Visitor>
    void walk(Visitor&& visit) const {
        std::int64_t rank = best_;
        for (std::size_t left = ladder_count_; left > 0; --left) {
            if (!visit(rank, sizes_[slot(rank)])) {
                return;
            }
            if (left > 1) {
                rank = next_below(rank);
            }
        }
        for (std::size_t i = far_.size(); i-- > 0;) {
            if (!visit(far_[i].rank, far_[i].size)) {
                return;
            }
        }
    }

    /// When more than `levels_max` levels are held, drops the farthest sixteenth and what is beyond the
    /// limit. Returns the best rank that was dropped. O(1) amortised.
    std::optional<std::int64_t> enforce_limit();

    /// Gives back memory that far levels needed once; returns the bytes.
    std::size_t shrink();

    [[nodiscard]] std::size_t bytes() const noexcept {
        return sizes_.capacity() * sizeof(std::int64_t) + occupied_.capacity() * sizeof(std::uint64_t) +
               far_.capacity() * sizeof(FarLevel);
    }

  private:
    struct FarLevel {
        std::int64_t rank;
        std::int64_t size;
    };

    [[nodiscard]] std::size_t slot(std::int64_t rank) const noexcept {
        return static_cast<std::size_t>(rank) & mask_;
    }

    void set_in_ladder(std::int64_t rank, std::int64_t size) {
        const std::size_t index = slot(rank);
        const bool was = sizes_[index] != 0;
        const bool is = size != 0;
        sizes_[index] = size;
        if (was == is) {
            return;
        }
        occupied_[index >> 6] ^= std::uint64_t{1} << (index & 63);
        if (is) {
            if (ladder_count_++ == 0 || rank > best_) {
                best_ = rank;
            }
        } else {
            remove_from_ladder(rank);
        }
    }

    /// The next occupied rank below `rank`; the caller knows that there is one in the ladder.
    [[nodiscard]] std::int64_t next_below(std::int64_t rank) const noexcept {
        const std::size_t index = slot(rank);
        std::size_t word = index >> 6;
        std::uint64_t candidates = occupied_[word] & ((std::uint64_t{1} << (index & 63)) - 1);
        const std::size_t last = occupied_.size() - 1;
        while (candidates == 0) {
            word = (word - 1) & last;
            candidates = occupied_[word];
        }
        const std::size_t found = (word << 6) | static_cast<std::size_t>(63 - std::countl_zero(candidates));
        return rank - static_cast<std::int64_t>((index - found) & mask_);
    }

    void remove_from_ladder(std::int64_t rank);
    void set_outside(std::int64_t rank, std::int64_t size);
    void set_far(std::int64_t rank, std::int64_t size);
    void move_window(std::int64_t new_floor);
    void center_on(std::int64_t rank);
    [[nodiscard]] std::int64_t drop_ladder_below(std::size_t keep);
    void clear_slot(std::int64_t rank);

    BookLimits limits_;
    std::uint64_t window_;
    std::size_t mask_;
    std::int64_t floor_ = 0;  ///< lowest rank of the ladder
    std::int64_t best_ = 0;
    std::size_t ladder_count_ = 0;
    std::vector<std::int64_t> sizes_;
    std::vector<std::uint64_t> occupied_;
    std::vector<FarLevel> far_;  ///< ranks below floor_, ascending
};

}  // namespace virtuoso
