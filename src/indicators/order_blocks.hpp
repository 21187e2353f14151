// Zones left behind by displacement: order blocks.
#pragma once

#include "indicators/bar.hpp"
#include "indicators/rolling_window.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace virtuoso {

struct OrderBlock {
    int direction = 0;  ///< +1: demand, below price when made; −1: supply
    double low = 0;
    double high = 0;
    std::uint64_t bar = 0;  ///< of the displacement, when it first could be known
};

/// The last opposite bar within ten before a displacement: a body of at least 1.5 ATR with at least 1.5
/// times the mean volume. Mitigated, and forgotten, when price trades through half of it. The newest 16
/// are kept. O(16) a bar.
class OrderBlocks {
  public:
    static constexpr double displacement_atr = 1.5;
    static constexpr double displacement_volume = 1.5;
    static constexpr std::size_t lookback_bars = 10;
    static constexpr std::size_t blocks_max = 16;

    /// `atr` and `mean_volume` as they were before this bar.
    void update(const Bar& bar, std::optional<double> atr, std::optional<double> mean_volume);

    [[nodiscard]] std::span<const OrderBlock> active() const noexcept { return {blocks_.data(), count_}; }
    [[nodiscard]] std::uint64_t bars() const noexcept { return bars_; }

  private:
    void add(const OrderBlock& block);

    RollingWindow<Bar, lookback_bars> before_;
    std::array<OrderBlock, blocks_max> blocks_{};  ///< oldest first
    std::size_t count_ = 0;
    std::uint64_t bars_ = 0;
};

}  // namespace virtuoso
