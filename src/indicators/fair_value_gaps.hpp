// Fair value gaps: prices that three bars left untraded.
#pragma once

#include "indicators/bar.hpp"
#include "indicators/rolling_window.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace virtuoso {

struct FairValueGap {
    int direction = 0;  ///< +1: below price when made, supports; −1: above, resists
    double low = 0;
    double high = 0;
    double filled_to = 0;   ///< how far price has traded back into it
    std::uint64_t bar = 0;  ///< the third bar

    [[nodiscard]] double unfilled() const noexcept {
        return direction > 0 ? (filled_to - low) / (high - low) : (high - filled_to) / (high - low);
    }
};

/// Between the first bar's high and the third's low (or the mirror), at least 0.25 ATR wide. Forgotten
/// when filled; the newest 16 are kept. O(16) a bar.
class FairValueGaps {
  public:
    static constexpr double width_atr = 0.25;
    static constexpr std::size_t gaps_max = 16;

    void update(const Bar& bar, std::optional<double> atr) {
        fill(bar);
        bars_.push(bar);
        ++count_bars_;
        if (bars_.full() && atr && *atr > 0) {
            const Bar& first = bars_.newest(2);
            if (bar.low - first.high >= width_atr * *atr) {
                add({1, first.high, bar.low, bar.low, count_bars_ - 1});
            } else if (first.low - bar.high >= width_atr * *atr) {
                add({-1, bar.high, first.low, bar.high, count_bars_ - 1});
            }
        }
    }
    [[nodiscard]] std::span<const FairValueGap> open() const noexcept { return {gaps_.data(), count_}; }
    [[nodiscard]] std::uint64_t bars() const noexcept { return count_bars_; }

  private:
    void fill(const Bar& bar) {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < count_; ++i) {
            FairValueGap gap = gaps_[i];
            gap.filled_to =
                gap.direction > 0 ? std::min(gap.filled_to, bar.low) : std::max(gap.filled_to, bar.high);
            if (gap.direction > 0 ? gap.filled_to > gap.low : gap.filled_to < gap.high) {
                gaps_[kept++] = gap;
            }
        }
        count_ = kept;
    }
    void add(const FairValueGap& gap) {
        if (count_ == gaps_max) {
            std::move(gaps_.begin() + 1, gaps_.end(), gaps_.begin());
            --count_;
        }
        gaps_[count_++] = gap;
    }

    RollingWindow<Bar, 3> bars_;
    std::array<FairValueGap, gaps_max> gaps_{};  ///< oldest first
    std::size_t count_ = 0;
    std::uint64_t count_bars_ = 0;
};

}  // namespace virtuoso
