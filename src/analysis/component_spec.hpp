// The six components, their sub-indicators and their standard weights.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace virtuoso {

enum class ComponentId : std::uint8_t { orderflow, orderbook, volume, price_structure, technical, sentiment };

inline constexpr std::size_t component_count = 6;
inline constexpr std::size_t sub_indicators_max = 8;

struct SubIndicator {
    std::string_view name;
    double weight;
};

/// A component as METHODOLOGY §1 lists it.
struct ComponentSpec {
    ComponentId id;
    std::string_view name;   ///< "price_structure"
    std::string_view title;  ///< "Price Structure"
    double weight;
    std::span<const SubIndicator> sub_indicators;
};

[[nodiscard]] const ComponentSpec& spec_of(ComponentId id) noexcept;
/// In declaration order of ComponentId.
[[nodiscard]] std::span<const ComponentSpec, component_count> all_components() noexcept;
[[nodiscard]] std::optional<ComponentId> component_named(std::string_view name) noexcept;

}  // namespace virtuoso
