// Exponentially weighted mean and variance.
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>

namespace virtuoso {

/// The O(1) alternative to a robust z: West 1979 updating with weight α = 2/(span+1); while the history is
/// younger than that, all its values weigh the same, so that the first one is not the norm for hours.
class RunningStatistics {
  public:
    explicit RunningStatistics(double span) noexcept : alpha_(2.0 / (span + 1.0)) {}

    void update(double value) noexcept {
        if (count_++ == 0) {
            mean_ = value;
            return;
        }
        const double alpha = std::fmax(alpha_, 1.0 / static_cast<double>(count_));
        const double distance = value - mean_;
        const double step = alpha * distance;
        mean_ += step;
        variance_ = (1.0 - alpha) * (variance_ + distance * step);
    }
    /// Needs 20 samples and some spread.
    [[nodiscard]] std::optional<double> z(double value) const noexcept {
        if (count_ < samples_min || !(variance_ > 0)) {
            return std::nullopt;
        }
        return (value - mean_) / std::sqrt(variance_);
    }
    [[nodiscard]] std::uint64_t samples() const noexcept { return count_; }
    [[nodiscard]] double mean() const noexcept { return mean_; }
    [[nodiscard]] double deviation() const noexcept { return std::sqrt(variance_); }

    static constexpr std::uint64_t samples_min = 20;

    /// For `base/archive.hpp`.
    template <typename Self, typename Archive>
    static void fields(Self& self, Archive& archive) {
        archive(self.mean_, self.variance_, self.count_);
    }

  private:
    double alpha_;
    double mean_ = 0;
    double variance_ = 0;
    std::uint64_t count_ = 0;
};

}  // namespace virtuoso
