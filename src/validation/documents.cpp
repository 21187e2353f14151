#include "present/json_view.hpp"
#include "validation/observations.hpp"

#include <algorithm>
#include <array>

namespace virtuoso::validation {

namespace {

/// Far beyond any time, and far from where sums overflow.
constexpr std::int64_t whole_max = 1'000'000'000'000'000;

std::int64_t whole_of(const JsonView& value) {
    return std::clamp(value.whole().value_or(0), -whole_max, whole_max);
}

std::uint64_t natural_of(const JsonView& value) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, whole_of(value)));
}

double real_of(const JsonView& value) {
    return value.number().value_or(0);
}

std::optional<Json> document_of(std::string_view text, std::string_view schema) {
    auto document = Json::parsed(text);
    return document && JsonView(*document)["schema"].text() == schema ? std::move(document) : std::nullopt;
}

SymbolSeen symbol_of(const JsonView& row) {
    const auto concerns = row["concerns"].elements();
    return {
        .symbol = row["symbol"].text(),
        .deep = row["deep"].truth().value_or(false),
        .whole = row["whole"].truth().value_or(false),
        .scored = row["scored"].truth().value_or(false),
        .evaluated_ago_ms = row["evaluated_ago_ms"].whole() ? whole_of(row["evaluated_ago_ms"]) : whole_max,
        .newest_ago_ms = whole_of(row["newest_ago_ms"]),
        .bytes = natural_of(row["memory_bytes"]),
        .concern = concerns.empty() ? std::string() : concerns.front().text()};
}

KeeperRunSeen run_of(const JsonView& run) {
    return {.number = whole_of(run["number"]),
            .started_ms = whole_of(run["started_ms"]),
            .asked_for = run["asked_for"].truth().value_or(false),
            .late_ms = whole_of(run["late_ms"]),
            .duration_ms = whole_of(run["duration_ms"]),
            .error = run["error"].text(),
            .line = run["line"].text()};
}

ComponentSeen component_of(std::string_view name, const JsonView& component) {
    ComponentSeen seen{.name = std::string(name),
                       .score = component["score"].number(),
                       .weight = real_of(component["weight"]),
                       .impact = real_of(component["impact"]),
                       .coverage = real_of(component["coverage"]),
                       .interpretation = component["interpretation"].text(),
                       .absent = {},
                       .without_reason = {}};
    for (const auto& [sub, indicator] : component["sub"].fields()) {
        if (indicator["score"].number()) {
            continue;
        }
        const std::string reason = indicator["absent"].text();
        (reason.empty() ? seen.without_reason : seen.absent)
            .push_back(std::string(sub) + (reason.empty() ? "" : ": " + reason));
    }
    return seen;
}

}  // namespace

void keep_what_is_judged(Look& look) {
    constexpr std::int64_t fresh_ms = 5'000;
    static constexpr std::array<std::string_view, 12> judged{"process_resident_memory_bytes",
                                                             "virtuoso_memory_bytes",
                                                             "virtuoso_feed_frames_total",
                                                             "virtuoso_messages_total",
                                                             "virtuoso_evaluation",
                                                             "virtuoso_queue_dropped_total",
                                                             "virtuoso_store_up",
                                                             "virtuoso_store_rows_total",
                                                             "virtuoso_exchange_clock_offset_seconds",
                                                             "virtuoso_rest_",
                                                             "virtuoso_socket_to_score_",
                                                             "virtuoso_socket_to_state_"};
    if (look.metrics) {
        look.metrics->keep(judged);
    }
    if (look.health) {
        auto& rows = look.health->rows;
        std::erase_if(rows,
                      [](const SymbolSeen& row) { return row.whole && row.evaluated_ago_ms <= fresh_ms; });
        rows.shrink_to_fit();
    }
}

std::optional<HealthSeen> read_health(std::string_view text) {
    const auto document = document_of(text, "virtuoso.health/1");
    if (!document) {
        return std::nullopt;
    }
    const JsonView root(*document);
    HealthSeen health{.live = root["live"].truth().value_or(false),
                      .ready = root["ready"].truth().value_or(false),
                      .why_not_ready = root["why_not_ready"].text(),
                      .uptime_ms = whole_of(root["uptime_ms"]),
                      .symbols = whole_of(root["symbols"]),
                      .deep = whole_of(root["deep"]),
                      .deep_whole = whole_of(root["deep_whole"]),
                      .parts = {},
                      .rows = {}};
    for (const auto& part : root["parts"].elements()) {
        health.parts.push_back({.name = part["name"].text(),
                                .good = part["good"].truth().value_or(false),
                                .detail = part["detail"].text()});
    }
    for (const auto& queue : root["queues"].elements()) {
        health.dropped += whole_of(queue["dropped"]);
        const double capacity = real_of(queue["capacity"]);
        health.queue_share =
            std::max(health.queue_share, capacity > 0 ? real_of(queue["waiting"]) / capacity : 0);
    }
    for (const auto& row : root["worst_symbols"].elements()) {
        health.rows.push_back(symbol_of(row));
    }
    return health;
}

std::optional<OverviewSeen> read_overview(std::string_view text) {
    const auto document = document_of(text, "virtuoso.overview/1");
    if (!document) {
        return std::nullopt;
    }
    const JsonView root(*document);
    return OverviewSeen{.gainers = whole_of(root["gainers"]),
                        .losers = whole_of(root["losers"]),
                        .total = whole_of(root["total"]),
                        .age_ms = whole_of(root["age_ms"]),
                        .regime = root["regime"].text()};
}

std::optional<KeeperSeen> read_keeper(std::string_view text) {
    const auto document = document_of(text, "virtuoso.keeper/1");
    if (!document) {
        return std::nullopt;
    }
    const JsonView root(*document);
    KeeperSeen keeper{.interval_ms = whole_of(root["schedule"]["interval_ms"]),
                      .next_in_ms = whole_of(root["schedule"]["next_in_ms"]),
                      .pressure = root["pressure"]["stage"].text(),
                      .resident_bytes = natural_of(root["memory"]["resident_bytes"]),
                      .limit_bytes = natural_of(root["memory"]["limit_bytes"]),
                      .limit_source = root["memory"]["limit_source"].text(),
                      .runs = {}};
    for (const auto& run : root["runs"].elements()) {
        keeper.runs.push_back(run_of(run));
    }
    std::ranges::reverse(keeper.runs);
    return keeper;
}

std::optional<ProcessSeen> read_process(std::string_view text) {
    const auto document = document_of(text, "virtuoso.process/1");
    if (!document) {
        return std::nullopt;
    }
    const JsonView root(*document);
    const JsonView histories = root["histories"];
    ProcessSeen process{.id = whole_of(root["id"]),
                        .version = root["version"].text(),
                        .exchange = root["exchange"].text(),
                        .started_ms = whole_of(root["started_ms"]),
                        .shards_replaced = whole_of(root["shards_replaced"]),
                        .initialised = {},
                        .rounds = whole_of(histories["rounds"]),
                        .histories = whole_of(histories["successful"]),
                        .histories_failed = whole_of(histories["failed"]),
                        .histories_ms = real_of(histories["took_ms"]),
                        .resident_bytes = natural_of(root["resident_bytes"]),
                        .cpu_seconds = real_of(root["cpu_seconds"]),
                        .threads = whole_of(root["threads"]),
                        .descriptors = whole_of(root["descriptors"]),
                        .descriptors_max = whole_of(root["descriptors_max"])};
    for (const auto& part : root["initialised"].elements()) {
        process.initialised.emplace_back(part["name"].text(), real_of(part["took_ms"]));
    }
    return process;
}

std::optional<BreakdownSeen> read_breakdown(std::string_view text, std::int64_t at_ms) {
    const auto document = document_of(text, "virtuoso.confluence/1");
    if (!document) {
        return std::nullopt;
    }
    const JsonView root(*document);
    const JsonView service = root["service"];
    BreakdownSeen seen{.at_ms = at_ms,
                       .symbol = root["symbol"].text(),
                       .score = root["score"].number(),
                       .signal = root["signal"].text(),
                       .coverage = real_of(root["coverage"]),
                       .reliability = real_of(root["reliability"]),
                       .evaluation_us = real_of(service["evaluation_us"]),
                       .age_ms = whole_of(service["age_ms"]),
                       .reads = whole_of(service["reads"]),
                       .components = {}};
    for (const auto& [name, component] : root["components"].fields()) {
        seen.components.push_back(component_of(name, component));
    }
    return seen;
}

std::optional<std::vector<LogLineSeen>> read_log(std::string_view text) {
    const auto document = document_of(text, "virtuoso.log/1");
    if (!document) {
        return std::nullopt;
    }
    std::vector<LogLineSeen> lines;
    for (const auto& line : JsonView(*document)["lines"].elements()) {
        lines.push_back({.number = whole_of(line["number"]),
                         .time_ms = whole_of(line["time_ms"]),
                         .level = line["level"].text(),
                         .part = line["part"].text(),
                         .message = line["message"].text()});
    }
    std::ranges::reverse(lines);
    return lines;
}

std::optional<std::vector<SignalSeen>> read_signals(std::string_view text) {
    const auto document = document_of(text, "virtuoso.signals/1");
    if (!document) {
        return std::nullopt;
    }
    std::vector<SignalSeen> signals;
    for (const auto& signal : JsonView(*document)["signals"].elements()) {
        signals.push_back({.symbol = signal["symbol"].text(),
                           .direction = signal["direction"].text(),
                           .score = real_of(signal["score"]),
                           .time_ms = whole_of(signal["time_ms"])});
    }
    return signals;
}

std::optional<std::map<std::string, std::string>> read_config(std::string_view text) {
    const auto document = document_of(text, "virtuoso.config/1");
    if (!document) {
        return std::nullopt;
    }
    std::map<std::string, std::string> values;
    for (const auto& key : JsonView(*document)["keys"].elements()) {
        values[key["section"].text() + "." + key["key"].text()] = key["value"].written();
    }
    return values;
}

}  // namespace virtuoso::validation
