// Volume by price over the last day.
#pragma once

#include "base/bounded_ring.hpp"
#include "indicators/bar.hpp"

#include <array>
#include <optional>

namespace virtuoso {

/// Steidlmayer's market profile by volume: the last 24 h of 1m bars in 100 bins between their lowest and
/// highest price, each bar's volume spread evenly over the prices it covers. O(bins a bar covers) a bar;
/// O(bars) when the range of the day has changed.
class VolumeProfile {
  public:
    static constexpr std::size_t bins = 100;
    static constexpr std::size_t bars_max = 1'440;
    static constexpr std::size_t bars_min = 60;
    static constexpr double value_area_share = 0.70;

    struct ValueArea {
        double point_of_control;  ///< middle of the bin with the most volume
        double low;
        double high;
    };

    VolumeProfile() : parts_(bars_max) {}

    void update(const Bar& bar);

    /// nullopt before an hour of bars, without volume and without a range. O(bins).
    [[nodiscard]] std::optional<ValueArea> value_area() const;

    [[nodiscard]] const std::array<double, bins>& volumes() const noexcept { return volume_; }
    [[nodiscard]] double low() const noexcept { return low_; }
    [[nodiscard]] double high() const noexcept { return high_; }
    [[nodiscard]] double bin_width() const noexcept { return (high_ - low_) / static_cast<double>(bins); }
    /// Middle of a bin.
    [[nodiscard]] double price_of(std::size_t bin) const noexcept {
        return low_ + (static_cast<double>(bin) + 0.5) * bin_width();
    }
    [[nodiscard]] std::size_t bars() const noexcept { return parts_.size(); }
    std::size_t shrink() { return parts_.shrink(); }
    [[nodiscard]] std::size_t bytes() const noexcept { return parts_.bytes(); }

  private:
    struct Part {
        ExchangeTime time;
        double low;
        double high;
        double volume;
    };

    void spread(const Part& part, double sign);
    void rebuild();
    [[nodiscard]] std::size_t bin_of(double price) const noexcept;
    [[nodiscard]] std::size_t heaviest() const noexcept;

    BoundedRing<Part> parts_;
    std::array<double, bins> volume_{};
    double low_ = 0;
    double high_ = 0;
};

}  // namespace virtuoso
