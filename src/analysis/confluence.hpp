// The six components combined into one answer.
#pragma once

#include "analysis/component.hpp"
#include "analysis/price_context.hpp"

#include <array>
#include <optional>

namespace virtuoso {

enum class Verdict : std::uint8_t { long_side, neutral, short_side };

/// "LONG", "NEUTRAL", "SHORT"
[[nodiscard]] std::string_view name_of(Verdict verdict) noexcept;

struct ConfluenceThresholds {
    double long_from = 70;
    double short_to = 35;
    double hysteresis = 5;  ///< leaving a side needs so many points more than entering it
    std::size_t components_min = 4;
    double coverage_min = 0.6;
};

/// METHODOLOGY §8. `score` and `verdict` are absent when the data do not suffice.
struct Confluence {
    ExchangeTime as_of;
    std::array<ComponentResult, component_count> components{
        ComponentResult(ComponentId::orderflow), ComponentResult(ComponentId::orderbook),
        ComponentResult(ComponentId::volume),    ComponentResult(ComponentId::price_structure),
        ComponentResult(ComponentId::technical), ComponentResult(ComponentId::sentiment)};
    PriceContext price;
    std::size_t present = 0;              ///< components with a score
    std::optional<double> partial_score;  ///< of what is present, whether it suffices or not
    std::optional<double> score;
    std::optional<Verdict> verdict;
    double coverage = 0;      ///< share of all sub-indicator weights that are present
    double consensus = 0;     ///< 1 − √disagreement, 0…1
    double disagreement = 0;  ///< weighted variance of the components' leans
    double confidence = 0;    ///< |mean lean| · consensus
    double freshness = 1;
    double reliability = 0;  ///< coverage · freshness · manipulation multiplier

    [[nodiscard]] const ComponentResult& component(ComponentId id) const noexcept {
        return components[static_cast<std::size_t>(id)];
    }
};

/// Share of usefulness an input keeps at its age: min(1, limit/age).
[[nodiscard]] double freshness_of(std::int64_t age_ms, std::int64_t limit_ms) noexcept;

/// Fills everything below `components` from them. `result.freshness` has to be set.
void combine(Confluence& result, const ConfluenceThresholds& thresholds = {});

}  // namespace virtuoso
