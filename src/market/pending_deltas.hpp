// Book deltas that arrived before the snapshot they belong to.
#pragma once

#include "market/event.hpp"

#include <cstddef>
#include <vector>

namespace virtuoso {

/// Keeps the newest deltas while a REST snapshot is awaited, at most `levels_max` levels in all; when
/// full, everything older is forgotten, because a sequence with a hole is of no use.
class PendingDeltas {
  public:
    static constexpr std::size_t levels_max = 16'384;

    void add(const BookDelta& delta) {
        const std::size_t count = delta.bids.size() + delta.asks.size();
        if (levels_.size() + count > levels_max) {
            levels_.clear();
            entries_.clear();
        }
        if (count > levels_max) {
            return;
        }
        entries_.push_back({delta, levels_.size()});
        levels_.insert(levels_.end(), delta.bids.begin(), delta.bids.end());
        levels_.insert(levels_.end(), delta.asks.begin(), delta.asks.end());
    }

    /// Calls `apply(const BookDelta&)` for every delta, oldest first, and releases the memory.
    template <typename Apply>
    void drain(Apply&& apply) {
        const auto entries = std::move(entries_);
        const auto levels = std::move(levels_);
        release();
        for (const auto& entry : entries) {
            BookDelta delta = entry.delta;
            const auto bids = delta.bids.size();
            delta.bids = {levels.data() + entry.first_level, bids};
            delta.asks = {levels.data() + entry.first_level + bids, delta.asks.size()};
            apply(delta);
        }
    }

    /// Forgets them and their memory.
    void release() {
        entries_ = std::vector<Entry>();  // `= {}` would keep it
        levels_ = std::vector<BookLevel>();
    }

    [[nodiscard]] std::size_t bytes() const noexcept {
        return entries_.capacity() * sizeof(Entry) + levels_.capacity() * sizeof(BookLevel);
    }

  private:
    struct Entry {
        BookDelta delta;
        std::size_t first_level;
    };
    std::vector<Entry> entries_;
    std::vector<BookLevel> levels_;
};

}  // namespace virtuoso
