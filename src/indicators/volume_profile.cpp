#include "indicators/volume_profile.hpp"

#include "base/spread.hpp"

#include <algorithm>
#include <bit>

namespace virtuoso {

void VolumeProfile::update(const Bar& bar) {
    bool range_changed = parts_.empty();
    const auto drop_oldest = [&] {
        const Part& oldest = parts_.front();
        range_changed = range_changed || oldest.low <= low_ || oldest.high >= high_;
        spread(oldest, -1);
        parts_.pop_front();
    };
    while (!parts_.empty() &&
           (parts_.size() == bars_max || bar.open_time - parts_.front().time >= ms_per_day)) {
        drop_oldest();
    }
    if (parts_.empty()) {
        parts_.begin_at(spread_place(std::bit_cast<std::uint64_t>(bar.volume), bars_max));
    }
    const Part part{bar.open_time, bar.low, bar.high, bar.volume};
    parts_.push(part);
    if (range_changed || part.low < low_ || part.high > high_) {
        rebuild();
    } else {
        spread(part, 1);
    }
}

void VolumeProfile::rebuild() {
    low_ = parts_.front().low;
    high_ = parts_.front().high;
    for (std::size_t i = 1; i < parts_.size(); ++i) {
        low_ = std::min(low_, parts_[i].low);
        high_ = std::max(high_, parts_[i].high);
    }
    volume_.fill(0);
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        spread(parts_[i], 1);
    }
}

std::size_t VolumeProfile::bin_of(double price) const noexcept {
    const double place = (price - low_) / bin_width();
    return static_cast<std::size_t>(std::clamp(place, 0.0, static_cast<double>(bins - 1)));
}

void VolumeProfile::spread(const Part& part, double sign) {
    if (!(high_ > low_)) {
        return;
    }
    const std::size_t first = bin_of(part.low);
    const std::size_t last = bin_of(part.high);
    const double range = part.high - part.low;
    for (std::size_t bin = first; bin <= last; ++bin) {
        const double bin_low = low_ + static_cast<double>(bin) * bin_width();
        const double covered = std::min(part.high, bin_low + bin_width()) - std::max(part.low, bin_low);
        const double share = first == last ? 1.0 : std::max(covered, 0.0) / range;
        // What was added comes off again but for rounding, which must not leave less than nothing.
        volume_[bin] = std::max(volume_[bin] + sign * share * part.volume, 0.0);
    }
}

// Differences that are only rounding decide nothing: the bin nearest the middle wins, which has a mirror.
std::size_t VolumeProfile::heaviest() const noexcept {
    const double most = *std::max_element(volume_.begin(), volume_.end());
    const auto from_middle = [](std::size_t bin) {
        return bin < bins / 2 ? bins - 1 - 2 * bin : 2 * bin - bins + 1;
    };
    std::size_t best = bins;
    for (std::size_t bin = 0; bin < bins; ++bin) {
        if (volume_[bin] >= most * (1 - 1e-9) && (best == bins || from_middle(bin) < from_middle(best))) {
            best = bin;
        }
    }
    return best;
}

std::optional<VolumeProfile::ValueArea> VolumeProfile::value_area() const {
    double total = 0;
    for (const double volume : volume_) {
        total += volume;
    }
    if (parts_.size() < bars_min || !(total > 0) || !(high_ > low_)) {
        return std::nullopt;
    }
    const std::size_t control = heaviest();
    std::size_t low = control;
    std::size_t high = control;
    double inside = volume_[control];
    // Grown bin by bin towards the heavier neighbour, both at once when they are equal.
    while (inside < value_area_share * total) {
        const double below = low > 0 ? volume_[low - 1] : -1;
        const double above = high + 1 < bins ? volume_[high + 1] : -1;
        const bool equal = std::max(below, above) - std::min(below, above) <= 1e-9 * total;
        if (low > 0 && (equal || below > above)) {
            inside += volume_[--low];
        }
        if (high + 1 < bins && (equal || above > below)) {
            inside += volume_[++high];
        }
    }
    return ValueArea{price_of(control), low_ + static_cast<double>(low) * bin_width(),
                     low_ + static_cast<double>(high + 1) * bin_width()};
}

}  // namespace virtuoso
