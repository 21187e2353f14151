#include "indicators/trailing_quantile.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace virtuoso {

namespace {

// The sign, the exponent and the six leading bits of the mantissa number the bins from zero upwards.
constexpr int dropped_bits = 46;
// Round numbers would lie on the bins' edges.
constexpr double off_round = 1.00517;
constexpr std::uint64_t first_bin = (1'023ULL - 20) << 6;  // 2^-20

std::size_t bin_of(double value, std::size_t bins) noexcept {
    if (!(value > 0)) {
        return 0;
    }
    const std::uint64_t number = std::bit_cast<std::uint64_t>(value * off_round) >> dropped_bits;
    return number < first_bin ? 0 : std::min<std::size_t>(number - first_bin, bins - 1);
}

// Equal values are not above their own quantile.
double upper_edge(std::size_t bin) noexcept {
    return std::bit_cast<double>((first_bin + bin + 1) << dropped_bits) / off_round;
}

}  // namespace

TrailingQuantile::TrailingQuantile(double probability, std::size_t window)
    : probability_(probability), recent_(window), counts_(bins) {}

void TrailingQuantile::update(double value) {
    const auto bin = static_cast<std::uint16_t>(bin_of(value, bins));
    if (recent_.size() == recent_.capacity()) {
        const std::uint16_t gone = recent_.front();
        --counts_[gone];
        below_ -= gone < place_ ? 1U : 0U;
    }
    recent_.push(bin);
    ++counts_[bin];
    below_ += bin < place_ ? 1U : 0U;
    settle();
}

void TrailingQuantile::settle() noexcept {
    const auto rank = static_cast<std::size_t>(std::ceil(probability_ * static_cast<double>(recent_.size())));
    while (below_ >= rank) {
        below_ -= counts_[--place_];
    }
    while (below_ + counts_[place_] < rank) {
        below_ += counts_[place_++];
    }
}

bool TrailingQuantile::count_again() {
    std::ranges::fill(counts_, std::uint16_t{0});
    place_ = 0;
    below_ = 0;
    for (std::size_t i = 0; i < recent_.size(); ++i) {
        if (recent_[i] >= bins) {
            recent_.clear();
            std::ranges::fill(counts_, std::uint16_t{0});
            return false;
        }
        ++counts_[recent_[i]];
    }
    if (!recent_.empty()) {
        settle();
    }
    return true;
}

std::optional<double> TrailingQuantile::value() const noexcept {
    return recent_.size() >= samples_min ? std::optional(upper_edge(place_)) : std::nullopt;
}

}  // namespace virtuoso
