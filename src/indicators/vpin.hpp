// Volume-synchronised probability of informed trading.
#pragma once

#include "indicators/rolling_window.hpp"
#include "market/trade_tape.hpp"

#include <cmath>
#include <optional>

namespace virtuoso {

/// Easley, López de Prado, O'Hara 2012: mean of |buy − sell| / volume over the last 50 buckets of equal
/// volume, a bucket being a fiftieth of a day's volume; 0…1. Taker sides are known, so no classification
/// is needed. The day's volume may change; the bucket being filled takes the new size. O(1) a trade,
/// plus the buckets it fills.
class Vpin {
  public:
    static constexpr std::size_t buckets = 50;

    void set_daily_volume(double volume) noexcept { bucket_size_ = volume / static_cast<double>(buckets); }

    void add(const TapeTrade& trade) noexcept {
        if (!(bucket_size_ > 0)) {
            return;
        }
        double size = trade.size().value();
        // A single trade larger than all buckets together would only repeat itself.
        size = std::fmin(size, bucket_size_ * static_cast<double>(buckets));
        double& side = trade.taker() == Side::buy ? buy_ : sell_;
        while (buy_ + sell_ + size >= bucket_size_) {
            const double room = std::fmax(bucket_size_ - buy_ - sell_, 0.0);
            side += room;
            size -= room;
            imbalances_.push(std::fabs(buy_ - sell_) / (buy_ + sell_));
            buy_ = 0;
            sell_ = 0;
        }
        side += size;
    }

    /// nullopt before 50 buckets are full.
    [[nodiscard]] std::optional<double> value() const noexcept {
        if (!imbalances_.full()) {
            return std::nullopt;
        }
        double sum = 0;
        for (std::size_t age = buckets; age-- > 0;) {
            sum += imbalances_.newest(age);
        }
        return sum / static_cast<double>(buckets);
    }

    /// For `base/archive.hpp`.
    template <typename Self, typename Archive>
    static void fields(Self& self, Archive& archive) {
        archive(self.bucket_size_, self.buy_, self.sell_, self.imbalances_);
    }

  private:
    double bucket_size_ = 0;
    double buy_ = 0;
    double sell_ = 0;
    RollingWindow<double, buckets> imbalances_;
};

}  // namespace virtuoso
