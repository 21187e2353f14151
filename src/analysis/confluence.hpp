// The six components combined into one answer.
#pragma once

#include "analysis/component.hpp"
#include "analysis/price_context.hpp"
#include "base/error.hpp"

#include <array>
#include <optional>
#include <string_view>

namespace virtuoso {

enum class Verdict : std::uint8_t { long_side, neutral, short_side };

/// "LONG", "NEUTRAL", "SHORT"
[[nodiscard]] std::string_view name_of(Verdict verdict) noexcept;

struct ConfluenceThresholds {
    double long_from = 70;
    double short_to = 30;
    double hysteresis = 5;  ///< leaving a side needs so many points more than entering it
    std::size_t components_min = 4;
    double coverage_min = 0.6;
    double reliability_min = 0.5;  ///< for entering a side

    /// 70 and 35: the preset of the reference.
    [[nodiscard]] static ConfluenceThresholds reference() noexcept;
    /// Of a score by itself.
    [[nodiscard]] Verdict verdict_of(double score) const noexcept {
        return score >= long_from  ? Verdict::long_side
               : score <= short_to ? Verdict::short_side
                                   : Verdict::neutral;
    }
};

/// "symmetric" (the default), "reference", or two numbers: "70/35". Refuses what leaves no room between the
/// sides after hysteresis, or is not on its own side of 50.
[[nodiscard]] Result<ConfluenceThresholds> thresholds_from(std::string_view text);

/// METHODOLOGY §8. `score` and `verdict` are absent when the data do not suffice.
struct Confluence {
    ExchangeTime as_of;
    std::array<ComponentResult, component_count> components{
        ComponentResult(ComponentId::orderflow), ComponentResult(ComponentId::orderbook),
        ComponentResult(ComponentId::volume),    ComponentResult(ComponentId::price_structure),
        ComponentResult(ComponentId::technical), ComponentResult(ComponentId::sentiment)};
    PriceContext price = {};
    std::size_t present = 0;                   ///< components with a score
    std::optional<double> partial_score = {};  ///< of what is present, whether it suffices or not
    std::optional<double> score = {};
    /// The side that is held: of this score alone, unless whoever follows the symbol knows of a HeldSide.
    std::optional<Verdict> verdict = {};
    std::optional<Verdict> raw_verdict = {};  ///< of this score alone
    std::optional<double> pulse = {};  ///< score of what lives for seconds, unaveraged; no part of `score`
    ConfluenceThresholds thresholds = {};  ///< that the verdicts follow
    double coverage = 0;                   ///< share of all sub-indicator weights that are present
    double consensus = 0;                  ///< 1 − √disagreement, 0…1
    double disagreement = 0;               ///< weighted variance of the components' leans
    double confidence = 0;                 ///< |mean lean| · consensus
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
