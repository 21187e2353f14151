// The median of a list.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

namespace virtuoso {

/// Of an even number the mean of the middle two, so that the mirror of a list has the mirrored median.
/// Precondition: not empty, no NaN. O(n); reorders `values`.
template <typename Number>
[[nodiscard]] Number median_of(std::span<Number> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return values.size() % 2 == 1 ? *middle : (*middle + *std::max_element(values.begin(), middle)) / 2;
}

}  // namespace virtuoso
