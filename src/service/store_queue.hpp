// What waits to be written into the store.
#pragma once

#include "store/store.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

namespace virtuoso {

/// Rows of one table, counted.
using StoreCounts = std::array<std::uint64_t, store_tables>;

/// Two lanes, each within its bytes: what happens once (signals, outcomes, events, health, alerts), and what
/// comes again every minute (scores, overview, keeper runs). A full lane drops its oldest and counts them; so
/// a store that is away for long costs samples before it costs signals. Single-threaded. O(1) amortised.
class StoreQueue {
  public:
    struct Limits {
        std::size_t once_bytes = 64U << 20U;
        std::size_t samples_bytes = 32U << 20U;
    };

    explicit StoreQueue(Limits limits) : lanes_{Lane{limits.once_bytes}, Lane{limits.samples_bytes}} {}

    void push(StoreRecord record);
    /// The oldest of each lane, at most so many.
    [[nodiscard]] std::vector<StoreRecord> take(std::size_t records_max);

    [[nodiscard]] std::size_t size() const noexcept {
        return lanes_[0].records.size() + lanes_[1].records.size();
    }
    [[nodiscard]] std::size_t bytes() const noexcept { return lanes_[0].bytes + lanes_[1].bytes; }
    [[nodiscard]] const StoreCounts& dropped() const noexcept { return dropped_; }

  private:
    struct Lane {
        std::size_t bytes_max;
        std::deque<StoreRecord> records = {};
        std::size_t bytes = 0;
        [[nodiscard]] StoreRecord pop();
    };

    std::array<Lane, 2> lanes_;
    StoreCounts dropped_{};
};

}  // namespace virtuoso
