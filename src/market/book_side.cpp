#include "market/book_side.hpp"

#include <algorithm>
#include <bit>

namespace virtuoso {

BookSide::BookSide(BookLimits limits)
    : limits_(limits),
      window_(limits.ladder_ticks),
      mask_(limits.ladder_ticks - 1),
      sizes_(limits.ladder_ticks),
      occupied_(limits.ladder_ticks / 64) {
    VIRTUOSO_ASSERT(std::has_single_bit(limits.ladder_ticks) && limits.ladder_ticks >= 128,
                    "ladder_ticks is a power of two of at least 128");
    VIRTUOSO_ASSERT(limits.levels_max > 0, "a book side holds at least one level");
}

void BookSide::clear() {
    std::fill(sizes_.begin(), sizes_.end(), 0);
    std::fill(occupied_.begin(), occupied_.end(), 0);
    far_.clear();
    ladder_count_ = 0;
    floor_ = 0;
    best_ = 0;
}

std::int64_t BookSide::size_at(std::int64_t rank) const {
    if (static_cast<std::uint64_t>(rank - floor_) < window_) {
        return sizes_[slot(rank)];
    }
    const auto found = std::lower_bound(far_.begin(), far_.end(), rank,
                                        [](const FarLevel& level, std::int64_t r) { return level.rank < r; });
    return found != far_.end() && found->rank == rank ? found->size : 0;
}

std::int64_t BookSide::worst_rank() const noexcept {
    if (!far_.empty()) {
        return far_.front().rank;
    }
    const std::size_t first = slot(floor_);
    std::size_t word = first >> 6;
    std::uint64_t candidates = occupied_[word] & (~std::uint64_t{0} << (first & 63));
    while (candidates == 0) {
        word = (word + 1) & (occupied_.size() - 1);
        candidates = occupied_[word];
    }
    const std::size_t found = (word << 6) | static_cast<std::size_t>(std::countr_zero(candidates));
    return floor_ + static_cast<std::int64_t>((found - first) & mask_);
}

void BookSide::remove_from_ladder(std::int64_t rank) {
    --ladder_count_;
    if (ladder_count_ == 0) {
        if (!far_.empty()) {
            center_on(far_.back().rank);
        }
        return;
    }
    if (rank == best_) {
        best_ = next_below(rank);
        // Far below the middle the ladder would soon run dry: move it down while it is cheap.
        if (static_cast<std::uint64_t>(best_ - floor_) < window_ / 4 && !far_.empty()) {
            center_on(best_);
        }
    }
}

void BookSide::set_outside(std::int64_t rank, std::int64_t size) {
    if (empty()) {
        if (size != 0) {
            center_on(rank);
            set_in_ladder(rank, size);
        }
        return;
    }
    if (rank < floor_) {
        set_far(rank, size);
        return;
    }
    if (size != 0) {
        center_on(rank);
        set_in_ladder(rank, size);
    }
}

void BookSide::set_far(std::int64_t rank, std::int64_t size) {
    // Most far updates touch the nearest ranks, which are last.
    const auto found = std::lower_bound(far_.begin(), far_.end(), rank,
                                        [](const FarLevel& level, std::int64_t r) { return level.rank < r; });
    const bool known = found != far_.end() && found->rank == rank;
    if (size == 0) {
        if (known) {
            far_.erase(found);
        }
    } else if (known) {
        found->size = size;
    } else {
        far_.insert(found, {rank, size});
    }
}

// Leaves an eighth of the ladder above the touch for improving prices.
void BookSide::center_on(std::int64_t rank) {
    move_window(rank - static_cast<std::int64_t>(window_ - window_ / 8) + 1);
}

void BookSide::move_window(std::int64_t new_floor) {
    const std::int64_t old_floor = floor_;
    const std::size_t old_count = ladder_count_;
    floor_ = new_floor;
    const std::int64_t new_end = new_floor + static_cast<std::int64_t>(window_);
    // Levels that leave at the bottom join the far levels, in order; none can leave at the top,
    // because the window always moves to contain the best rank.
    if (old_count > 0 && new_floor > old_floor) {
        std::int64_t rank = best_;
        const auto first_moved = static_cast<std::ptrdiff_t>(far_.size());
        for (std::size_t left = old_count; left > 0; --left) {
            const std::int64_t below = left > 1 ? next_below(rank) : rank;
            if (rank < new_floor) {
                far_.push_back({rank, sizes_[slot(rank)]});
                clear_slot(rank);
            }
            rank = below;
        }
        std::reverse(far_.begin() + first_moved, far_.end());
    }
    while (!far_.empty() && far_.back().rank >= new_floor) {
        const FarLevel level = far_.back();
        VIRTUOSO_ASSERT(level.rank < new_end, "far levels are below the ladder");
        far_.pop_back();
        const std::size_t index = slot(level.rank);
        sizes_[index] = level.size;
        occupied_[index >> 6] ^= std::uint64_t{1} << (index & 63);
        if (ladder_count_++ == 0 || level.rank > best_) {
            best_ = level.rank;
        }
    }
}

std::optional<std::int64_t> BookSide::enforce_limit() {
    if (count() <= limits_.levels_max) {
        return std::nullopt;
    }
    // Dropping a batch keeps the cost of the vector's front erasure amortised.
    const std::size_t keep = limits_.levels_max - limits_.levels_max / 16;
    const std::size_t surplus = count() - keep;
    const std::size_t from_far = std::min(surplus, far_.size());
    std::optional<std::int64_t> dropped;
    if (from_far > 0) {
        dropped = far_[from_far - 1].rank;
        far_.erase(far_.begin(), far_.begin() + static_cast<std::ptrdiff_t>(from_far));
    }
    if (surplus > from_far) {
        dropped = drop_ladder_below(keep);
    }
    return dropped;
}

// Keeps the best `keep` levels of the ladder; returns the best rank dropped.
std::int64_t BookSide::drop_ladder_below(std::size_t keep) {
    std::optional<std::int64_t> dropped;
    std::int64_t rank = best_;
    std::size_t seen = 0;
    for (std::size_t left = ladder_count_; left > 0; --left) {
        const std::int64_t below = left > 1 ? next_below(rank) : rank;
        if (seen++ >= keep) {
            clear_slot(rank);
            dropped = dropped.value_or(rank);
        }
        rank = below;
    }
    VIRTUOSO_ASSERT(dropped.has_value(), "the ladder holds more levels than are kept");
    return *dropped;
}

void BookSide::clear_slot(std::int64_t rank) {
    const std::size_t index = slot(rank);
    sizes_[index] = 0;
    occupied_[index >> 6] ^= std::uint64_t{1} << (index & 63);
    --ladder_count_;
}

// What is needed again soon is not given back: far levels come and go as the touch moves.
std::size_t BookSide::shrink() {
    constexpr std::size_t reserve = 4;
    const std::size_t before = bytes();
    if (far_.capacity() > 64 && far_.capacity() > reserve * far_.size()) {
        far_.shrink_to_fit();
    }
    return before - bytes();
}

}  // namespace virtuoso
