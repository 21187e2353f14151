#include "indicators/trailing_quantile.hpp"

#include <algorithm>
#include <cmath>

namespace virtuoso {

P2Quantile::P2Quantile(double probability) noexcept : probability_(probability) {
    position_ = {1, 2, 3, 4, 5};
    desired_ = {1, 1 + 2 * probability, 1 + 4 * probability, 3 + 2 * probability, 5};
}

double P2Quantile::parabolic(int marker, double step) const noexcept {
    const auto i = static_cast<std::size_t>(marker);
    const double before = position_[i] - position_[i - 1];
    const double after = position_[i + 1] - position_[i];
    return height_[i] + step / (position_[i + 1] - position_[i - 1]) *
                            ((before + step) * (height_[i + 1] - height_[i]) / after +
                             (after - step) * (height_[i] - height_[i - 1]) / before);
}

void P2Quantile::update(double value) noexcept {
    if (count_ < 5) {
        height_[count_++] = value;
        if (count_ == 5) {
            std::sort(height_.begin(), height_.end());
        }
        return;
    }
    ++count_;
    height_[0] = std::min(height_[0], value);
    height_[4] = std::max(height_[4], value);
    std::size_t cell = 0;
    while (cell < 3 && value >= height_[cell + 1]) {
        ++cell;
    }
    for (std::size_t i = cell + 1; i < 5; ++i) {
        position_[i] += 1;
    }
    const std::array<double, 5> increments{0, probability_ / 2, probability_, (1 + probability_) / 2, 1};
    for (std::size_t i = 0; i < 5; ++i) {
        desired_[i] += increments[i];
    }
    for (std::size_t i = 1; i < 4; ++i) {
        const double distance = desired_[i] - position_[i];
        const bool up = distance >= 1 && position_[i + 1] - position_[i] > 1;
        const bool down = distance <= -1 && position_[i - 1] - position_[i] < -1;
        if (!up && !down) {
            continue;
        }
        const double step = up ? 1 : -1;
        double moved = parabolic(static_cast<int>(i), step);
        if (!(height_[i - 1] < moved && moved < height_[i + 1])) {
            const std::size_t neighbour = up ? i + 1 : i - 1;
            moved =
                height_[i] + step * (height_[neighbour] - height_[i]) / (position_[neighbour] - position_[i]);
        }
        height_[i] = moved;
        position_[i] += step;
    }
}

std::optional<double> P2Quantile::value() const noexcept {
    return count_ >= 5 ? std::optional(height_[2]) : std::nullopt;
}

void TrailingQuantile::update(double value) noexcept {
    older_.update(value);
    if (older_.count() > window_ / 2) {
        newer_.update(value);
    }
    if (older_.count() >= window_) {
        older_ = newer_;
        newer_ = P2Quantile(probability_);
    }
}

std::optional<double> TrailingQuantile::value() const noexcept {
    return older_.count() >= samples_min ? older_.value() : std::nullopt;
}

}  // namespace virtuoso
