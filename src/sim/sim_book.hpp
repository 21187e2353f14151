// The limit order book of one simulated contract.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace virtuoso::sim {

/// Quantity by tick in a window around the touch. Bids lie below `best_ask`, asks above `best_bid`.
/// Levels that leave the window are gone. add, remove O(1) amortised; walking O(ticks walked).
class SimBook {
  public:
    struct Fill {
        std::int64_t tick;
        std::int64_t steps;
    };
    struct Level {
        std::int64_t tick;
        std::int64_t steps;
        friend bool operator==(const Level&, const Level&) noexcept = default;
    };

    explicit SimBook(std::int64_t middle_tick);

    /// Adds to a bid or ask. Ticks that would cross, or lie outside the window, are refused.
    bool add(bool bid, std::int64_t tick, std::int64_t steps);
    /// Takes away up to `steps`.
    void remove(std::int64_t tick, std::int64_t steps);
    /// Executes a market order up to `limit_tick`; appends what was traded, best price first. The last
    /// level of a side is never emptied.
    void take(bool buy, std::int64_t steps, std::int64_t limit_tick, std::vector<Fill>& fills);

    [[nodiscard]] std::int64_t best_bid() const noexcept { return best_bid_; }
    [[nodiscard]] std::int64_t best_ask() const noexcept { return best_ask_; }
    [[nodiscard]] std::int64_t steps_at(std::int64_t tick) const noexcept;
    /// From the touch outwards, at most `depth` levels.
    void top(bool bid, std::size_t depth, std::vector<Level>& out) const;

  private:
    static constexpr std::int64_t window = 4'096;
    static constexpr std::int64_t margin = 1'024;

    [[nodiscard]] bool inside(std::int64_t tick) const noexcept {
        return tick > origin_ && tick < origin_ + window - 1;
    }
    [[nodiscard]] std::int64_t& at(std::int64_t tick) {
        return steps_[static_cast<std::size_t>(tick - origin_)];
    }
    void find_best(bool bid);
    void recentre();

    std::int64_t origin_;
    std::vector<std::int64_t> steps_;
    std::int64_t best_bid_;
    std::int64_t best_ask_;
};

}  // namespace virtuoso::sim
