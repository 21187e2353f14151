// Resting stops behind equal highs and equal lows.
#pragma once

#include "indicators/swings.hpp"

#include <array>
#include <cmath>
#include <span>

namespace virtuoso {

struct LiquidityPool {
    bool high = false;  ///< above equal highs, else below equal lows
    double price = 0;   ///< the outer of the two
    std::uint64_t bar = 0;
};

/// Two confirmed swings of one kind within 0.1 ATR form a pool, until price trades beyond it. The newest
/// eight are kept. O(swings) when a swing is confirmed, else O(8).
class LiquidityPools {
  public:
    static constexpr double equal_atr = 0.1;
    static constexpr std::size_t pools_max = 8;

    void update(const Bar& bar, const SwingDetector& swings, std::optional<double> atr) {
        sweep(bar);
        if (atr && swings.found_high()) {
            pair(*swings.last_high(), swings, equal_atr * *atr);
        }
        if (atr && swings.found_low()) {
            pair(*swings.last_low(), swings, equal_atr * *atr);
        }
    }
    [[nodiscard]] std::span<const LiquidityPool> open() const noexcept { return {pools_.data(), count_}; }

  private:
    void sweep(const Bar& bar) {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < count_; ++i) {
            const LiquidityPool pool = pools_[i];
            if (pool.high ? bar.high <= pool.price : bar.low >= pool.price) {
                pools_[kept++] = pool;
            }
        }
        count_ = kept;
    }
    // The swing's own five confirming bars lie inside of it, so it was not swept since.
    void pair(const Swing& swing, const SwingDetector& detector, double tolerance) {
        const auto& swings = detector.swings();
        for (std::size_t i = swings.size(); i-- > 0;) {
            const Swing& other = swings[i];
            if (other.high != swing.high || other.bar == swing.bar) {
                continue;
            }
            if (std::fabs(other.price - swing.price) <= tolerance) {
                const double outer =
                    swing.high ? std::fmax(other.price, swing.price) : std::fmin(other.price, swing.price);
                add({swing.high, outer, swing.bar});
            }
            return;  // only the neighbouring swing of the same kind
        }
    }
    void add(const LiquidityPool& pool) {
        if (count_ == pools_max) {
            for (std::size_t i = 1; i < pools_max; ++i) {
                pools_[i - 1] = pools_[i];
            }
            --count_;
        }
        pools_[count_++] = pool;
    }

    std::array<LiquidityPool, pools_max> pools_{};
    std::size_t count_ = 0;
};

}  // namespace virtuoso
