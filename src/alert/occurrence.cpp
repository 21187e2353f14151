#include "alert/occurrence.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace virtuoso {

namespace {

constexpr std::array<std::string_view, 3> severities{"info", "warning", "critical"};
constexpr std::array<std::string_view, 17> kinds{
    "signal",       "whale_trade",    "liquidation_cascade", "funding_extreme", "leverage_extreme",
    "volume_burst", "depth_collapse", "spread_widening",     "listed",          "delisted",
    "feed_trouble", "shard_trouble",  "keeper_trouble",      "breadth_extreme", "market_regime",
    "health",       "report"};
constexpr auto number_names = std::to_array<std::string_view>({"score",
                                                               "reliability",
                                                               "multiple",
                                                               "notional_quote",
                                                               "size_base",
                                                               "price",
                                                               "prints",
                                                               "large_quote",
                                                               "long_quote",
                                                               "short_quote",
                                                               "liquidations",
                                                               "normal_5m",
                                                               "duration_s",
                                                               "rate_8h",
                                                               "bound",
                                                               "bound_z",
                                                               "leverage_z",
                                                               "z_history",
                                                               "spread_bps",
                                                               "usual_bps",
                                                               "within_bps",
                                                               "interest_to_turnover",
                                                               "ask_of_median",
                                                               "bid_of_median",
                                                               "relative_volume",
                                                               "turnover_quote",
                                                               "candle_s",
                                                               "direction",
                                                               "seconds",
                                                               "symbols",
                                                               "shard",
                                                               "side",
                                                               "side_before",
                                                               "breadth",
                                                               "gainers",
                                                               "losers",
                                                               "days",
                                                               "signals",
                                                               "won",
                                                               "net_r"});

}  // namespace

std::string_view name_of(AlertSeverity severity) noexcept {
    return severities[static_cast<std::size_t>(severity)];
}

std::optional<AlertSeverity> alert_severity_from(std::string_view name) noexcept {
    for (const auto severity : {AlertSeverity::info, AlertSeverity::warning, AlertSeverity::critical}) {
        if (name_of(severity) == name) {
            return severity;
        }
    }
    return std::nullopt;
}

std::span<const std::string_view> alert_severity_names() noexcept {
    return severities;
}

std::string_view Occurrence::word(std::string_view name) const noexcept {
    const auto found = std::ranges::find(words, name, &OccurrenceWord::name);
    return found == words.end() ? std::string_view{} : std::string_view(found->value);
}

std::optional<double> Occurrence::number(std::string_view name) const noexcept {
    const auto found = std::ranges::find(numbers, name, &OccurrenceNumber::name);
    return found == numbers.end() ? std::nullopt : std::optional(found->value);
}

std::span<const std::string_view> occurrence_kinds() noexcept {
    return kinds;
}

std::span<const std::string_view> occurrence_numbers() noexcept {
    return number_names;
}

std::string identity_of(const Occurrence& occurrence) {
    std::string text = fmt::format("{}\n{}\n{}\n{}", occurrence.kind, occurrence.symbol, occurrence.time.ms,
                                   occurrence.sentence);
    for (const auto& word : occurrence.words) {
        text += fmt::format("\n{}={}", word.name, word.value);
    }
    return text;
}

}  // namespace virtuoso
