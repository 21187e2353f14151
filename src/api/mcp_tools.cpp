#include "api/mcp_tools.hpp"

#include "exchange/symbol_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <vector>

namespace virtuoso {

namespace {

struct Argument {
    std::string_view name;
    std::string_view type;  ///< of JSON Schema
    std::string_view about;
    std::span<const std::string_view> values = {};
    bool in_path = false;  ///< and needed
};

struct Tool {
    std::string_view name;
    std::string_view title;
    std::string_view about;
    std::string_view path;  ///< braces stand for the argument that is in it
    std::span<const Argument> arguments = {};
};

constexpr std::string_view time_text = "Milliseconds since 1970";
constexpr Argument symbol_in_path{"symbol", "string", "Name of a contract, such as BTCUSDT", {}, true};
constexpr Argument symbol_filter{"symbol", "string", "Of this contract alone, such as BTCUSDT"};

constexpr std::array<std::string_view, 5> sorts{"score", "turnover", "change", "reliability", "symbol"};
constexpr std::array<std::string_view, 2> orders{"desc", "asc"};
constexpr std::array<std::string_view, 5> sides{"any", "LONG", "SHORT", "NEUTRAL", "NONE"};
constexpr std::array<std::string_view, 6> horizons{"plan", "5m", "15m", "1h", "4h", "24h"};
constexpr std::array<std::string_view, 3> severities{"info", "warning", "critical"};

constexpr std::array top_arguments{
    Argument{"signal", "string", "Those that hold this side; NONE: those without a score", sides},
    Argument{"sort", "string", "By what; turnover where it is not given", sorts},
    Argument{"order", "string", "desc: the highest first", orders},
    Argument{"limit", "integer", "So many, 1 to 2000; 100 where it is not given"}};
constexpr std::array explain_arguments{symbol_in_path};
constexpr std::array history_arguments{
    symbol_in_path, Argument{"from", "integer", time_text}, Argument{"to", "integer", time_text},
    Argument{"step", "integer", "Minutes between samples, 1 to 1440"},
    Argument{"limit", "integer", "So many of the newest samples, 1 to 5000; 500 where it is not given"}};
constexpr std::array outcome_arguments{
    symbol_filter, Argument{"horizon", "string", "Of this horizon alone; plan: stop and targets", horizons},
    Argument{"since", "integer", time_text}, Argument{"limit", "integer", "So many, 1 to 1000"}};
constexpr std::array event_arguments{
    symbol_filter,
    Argument{"kind", "string", "One kind or several with commas, such as whale_trade,signal_change"},
    Argument{"severity", "string", "The least", severities}, Argument{"since", "integer", time_text},
    Argument{"limit", "integer", "So many of the newest, 1 to 1000"}};
constexpr std::array health_arguments{
    Argument{"symbols", "integer", "So many of the worst symbols, 0 to 2000"}};

constexpr std::array tools{Tool{"market_overview", "The market as a whole",
                                "Gainers and losers, mean change, dispersion, turnover, regime with the rule "
                                "that decided it, bitcoin's volatility.",
                                "/api/v1/overview"},
                           Tool{"top_signals", "Symbols by score",
                                "Contracts with their score of 0 (short) to 100 (long), side, reliability, "
                                "components and turnover, sorted. LONG begins at "
                                "70, SHORT at 30; a missing score is absent, not neutral.",
                                "/api/v1/symbols", top_arguments},
                           Tool{"explain_score", "Why a score is what it is",
                                "The breakdown of one contract's score now: six components with their "
                                "sub-indicators, what they say in sentences, what "
                                "would change the verdict, and what followed scores like it.",
                                "/api/v1/symbols/{}/confluence", explain_arguments},
                           Tool{"symbol_history", "Scores of the past",
                                "What one contract's score and its components were, by the minute.",
                                "/api/v1/symbols/{}/scores", history_arguments},
                           Tool{"signal_outcomes", "How signals fared",
                                "What became of LONG and SHORT signals: returns after fixed times, stop or "
                                "targets reached, results in R after costs, and "
                                "the calibration of scores.",
                                "/api/v1/outcomes", outcome_arguments},
                           Tool{"events", "Notable events",
                                "Whale trades, liquidation cascades, extremes of funding and leverage, "
                                "bursts of volume, changes of signals, trouble of "
                                "the feed.",
                                "/api/v1/events", event_arguments},
                           Tool{"health", "Health of the service",
                                "Its parts, queues, and the symbols whose data is not whole, with the "
                                "reasons. Ask this before relying on a score.",
                                "/api/v1/health", health_arguments}};

const Tool* find(std::string_view name) noexcept {
    const auto* const found = std::ranges::find(tools, name, &Tool::name);
    return found == tools.end() ? nullptr : found;
}

Json schema_of(const Tool& tool) {
    Json properties = Json::object();
    Json required = Json::array();
    for (const Argument& argument : tool.arguments) {
        Json property{{"type", argument.type}, {"description", argument.about}};
        if (!argument.values.empty()) {
            Json values = Json::array();
            for (const auto value : argument.values) {
                values.push_back(value);
            }
            property.set("enum", std::move(values));
        }
        properties.set(argument.name, std::move(property));
        if (argument.in_path) {
            required.push_back(argument.name);
        }
    }
    return {{"type", "object"},
            {"properties", std::move(properties)},
            {"required", std::move(required)},
            {"additionalProperties", false}};
}

}  // namespace

Json mcp_tools() {
    Json list = Json::array();
    for (const Tool& tool : tools) {
        list.push_back(
            {{"name", tool.name},
             {"title", tool.title},
             {"description", tool.about},
             {"inputSchema", schema_of(tool)},
             {"annotations", {{"readOnlyHint", true}, {"idempotentHint", true}, {"openWorldHint", false}}}});
    }
    return list;
}

bool is_mcp_tool(std::string_view name) noexcept {
    return find(name) != nullptr;
}

Result<std::string> mcp_target(std::string_view name, const McpArguments& arguments) {
    const Tool& tool = *find(name);
    std::string path(tool.path);
    std::string query;
    for (const Argument& argument : tool.arguments) {
        const auto value = arguments(argument.name);
        if (!value) {
            return std::unexpected(value.error());
        }
        if (!*value) {
            if (argument.in_path) {
                return fail(ErrorCode::argument, fmt::format("{} needs the argument {}: {}", tool.name,
                                                             argument.name, argument.about));
            }
            continue;
        }
        if (argument.in_path) {
            path.replace(path.find("{}"), 2, percent_encoded(**value));
        } else {
            query +=
                fmt::format("{}{}={}", query.empty() ? '?' : '&', argument.name, percent_encoded(**value));
        }
    }
    return path + query;
}

}  // namespace virtuoso
