// How much each component and sub-indicator counts.
#pragma once

#include "analysis/component_spec.hpp"

#include <array>

namespace virtuoso {

/// Non-negative; the components' weights add up to 1, and so do those within each component.
struct Weights {
    std::array<double, component_count> component{};
    /// In the order of the component's list; unused places are zero.
    std::array<std::array<double, sub_indicators_max>, component_count> sub{};

    /// METHODOLOGY §1.
    [[nodiscard]] static const Weights& standard() noexcept;
};

}  // namespace virtuoso
