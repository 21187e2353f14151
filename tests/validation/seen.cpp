#include "validation/seen.hpp"

#include <fmt/format.h>

#include <array>

namespace virtuoso::test {

namespace {

using namespace validation;

constexpr std::int64_t start_ms = 1'795'000'000'000;
constexpr std::int64_t begun_ms = start_ms + 60'000;
constexpr std::int64_t every_ms = 5'000;

HealthSeen health_at(std::int64_t at_ms) {
    HealthSeen health{.live = true,
                      .ready = true,
                      .why_not_ready = {},
                      .uptime_ms = at_ms - start_ms,
                      .symbols = 6,
                      .deep = 3,
                      .deep_whole = 3,
                      .parts = {{"shard 0", true, "6 symbols, 6 whole"},
                                {"hub", true, "6 results kept"},
                                {"keeper", true, "2 runs"},
                                {"saving", true, "6 symbols"},
                                {"store", true, "rows written"}},
                      .rows = {}};
    for (int i = 0; i < 6; ++i) {
        health.rows.push_back({.symbol = fmt::format("S{}USDT", i),
                               .deep = i < 3,
                               .whole = true,
                               .scored = true,
                               .evaluated_ago_ms = 200,
                               .newest_ago_ms = 150,
                               .bytes = 500'000,
                               .concern = {}});
    }
    return health;
}

ProcessSeen process_at(std::int64_t at_ms) {
    return {.id = 4711,
            .version = "1.2.3",
            .exchange = "bybit",
            .started_ms = start_ms,
            .initialised = {{"log", 1.5},
                            {"state folder", 0.2},
                            {"store", 6.0},
                            {"exchange access", 0.1},
                            {"alerts", 0.7},
                            {"shards and hub", 0.2},
                            {"API", 0.3}},
            .rounds = 1,
            .histories = 6,
            .histories_failed = 0,
            .histories_ms = 2'140,
            .resident_bytes = 400U << 20,
            .cpu_seconds = static_cast<double>(at_ms - start_ms) / 1e3 * 0.06,
            .threads = 11,
            .descriptors = 40,
            .descriptors_max = 1'024};
}

KeeperRunSeen run_at(std::int64_t number, std::int64_t at_ms) {
    return {.number = number,
            .started_ms = at_ms,
            .late_ms = 1,
            .duration_ms = 48,
            .error = {},
            .line = fmt::format("Memory cleanup {}: 0 candles trimmed", number)};
}

BreakdownSeen breakdown_of(const std::string& symbol, std::int64_t at_ms) {
    BreakdownSeen breakdown{.at_ms = at_ms,
                            .symbol = symbol,
                            .score = 54,
                            .signal = "NEUTRAL",
                            .coverage = 0.9,
                            .reliability = 0.9,
                            .evaluation_us = 70,
                            .age_ms = 120,
                            .reads = 3,
                            .components = {}};
    constexpr std::array weights{0.3, 0.2, 0.18, 0.15, 0.1, 0.07};
    constexpr std::array names{"orderflow",       "orderbook", "volume",
                               "price_structure", "technical", "sentiment"};
    for (std::size_t i = 0; i < names.size(); ++i) {
        breakdown.components.push_back({.name = names.at(i),
                                        .score = 54,
                                        .weight = weights.at(i),
                                        .impact = 54 * weights.at(i),
                                        .coverage = 1,
                                        .interpretation = "Buyers lifted 56 % of it.",
                                        .absent = {"smart_money_flow: warming_up"},
                                        .without_reason = {}});
    }
    return breakdown;
}

}  // namespace

std::string metrics_of(double look) {
    std::string page;
    const auto add = [&](std::string_view name, double value) {
        page += fmt::format("{} {}\n", name, value);
    };
    add("process_resident_memory_bytes", 400.0 * 1024 * 1024 + look * 1e4);
    add("virtuoso_memory_bytes{kind=\"books\"}", 300.0 * 1024 * 1024 + look * 1e4);
    add("virtuoso_feed_frames_total{exchange=\"bybit\",shard=\"0\"}", 1e4 * (look + 1));
    for (const std::string_view kind : {"book", "trades", "ticker", "kline", "rest"}) {
        add(fmt::format("virtuoso_messages_total{{exchange=\"bybit\",shard=\"0\",class=\"{}\"}}", kind),
            2e3 * (look + 1));
    }
    add("virtuoso_evaluations_total{shard=\"0\"}", 500 * (look + 1));
    add("virtuoso_queue_dropped_total{shard=\"0\"}", 0);
    add("virtuoso_store_up", 1);
    add("virtuoso_store_rows_total{table=\"scores\",fate=\"written\"}", 10 * (look + 1));
    add("virtuoso_exchange_clock_offset_seconds{exchange=\"bybit\",shard=\"0\"}", -0.004);
    add("virtuoso_rest_requests_total{exchange=\"bybit\",shard=\"0\"}", 100 * (look + 1));
    add("virtuoso_rest_retries_total{exchange=\"bybit\",shard=\"0\"}", 0);
    add("virtuoso_rest_failures_total{exchange=\"bybit\",shard=\"0\"}", 0);
    for (const std::string_view name : {"virtuoso_socket_to_score_seconds",
                                        "virtuoso_socket_to_state_seconds", "virtuoso_evaluation_seconds"}) {
        add(fmt::format("{}_bucket{{shard=\"0\",le=\"0.0005\"}}", name), 900 * (look + 1));
        add(fmt::format("{}_bucket{{shard=\"0\",le=\"0.002\"}}", name), 1'000 * (look + 1));
        add(fmt::format("{}_bucket{{shard=\"0\",le=\"+Inf\"}}", name), 1'000 * (look + 1));
    }
    return page;
}

Observations HealthyService::seen() const {
    Observations seen{.url = "http://127.0.0.1:8080", .begun_ms = begun_ms, .every_ms = every_ms};
    seen.ended_ms = begun_ms + std::int64_t{minutes} * 60'000;
    int number = 0;
    for (std::int64_t at = begun_ms; at <= seen.ended_ms; at += every_ms) {
        seen.looks.push_back(
            {.at_ms = at,
             .health = health_at(at),
             .metrics = MetricsPage::read(metrics_of(number++)),
             .overview =
                 OverviewSeen{.gainers = 4, .losers = 2, .total = 6, .age_ms = 2'000, .regime = "bullish"}});
        seen.asked.push_back({.path = "/api/v1/health", .at_ms = at, .took_ms = 3, .status = 200});
        seen.breakdowns.push_back(breakdown_of(fmt::format("S{}USDT", number % 3), at));
    }
    KeeperSeen keeper{.interval_ms = 600'000,
                      .next_in_ms = 480'000,
                      .pressure = "normal",
                      .resident_bytes = 400U << 20,
                      .limit_bytes = 8ULL << 30,
                      .limit_source = "cgroup",
                      .runs = {run_at(1, start_ms + 3), run_at(2, start_ms + 600'004)}};
    seen.keeper.push_back(std::move(keeper));
    seen.process_first = process_at(begun_ms);
    seen.process_last = process_at(seen.ended_ms);
    seen.log = std::vector<LogLineSeen>{
        {1, begun_ms + 1'000, "warning", "event", "S0USDT: open interest is extreme"}};
    seen.signals.push_back({"S1USDT", "LONG", 71.5, begun_ms + 30'000});
    seen.config = {
        {"universe.deep", "3"}, {"exchange.name", "\"bybit\""}, {"alerts.sinks", "[\"t: telegram\"]"}};
    return seen;
}

}  // namespace virtuoso::test
