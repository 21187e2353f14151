#include "api/events_json.hpp"
#include "api/market_json.hpp"
#include "api/problem.hpp"
#include "api/resource.hpp"
#include "api/symbols_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace virtuoso {

namespace {

constexpr std::size_t symbols_default = 100;
constexpr std::size_t symbols_most = 2'000;
constexpr std::array<std::string_view, 3> sort_keys{"turnover", "score", "symbol"};

void sort_by(std::vector<ResultPointer>& results, std::string_view key) {
    const auto value = [&](const ResultPointer& result) {
        return key == "turnover" ? result->turnover_24h.value_or(-1) : result->confluence.score.value_or(-1);
    };
    if (key != "symbol") {  // they come by name
        std::ranges::stable_sort(results, [&](const auto& a, const auto& b) { return value(a) > value(b); });
    }
}

HttpAnswer symbols(const ApiContext& context, std::string_view, const Query& query) {
    const auto limit = query.number("limit", symbols_default, 1, symbols_most);
    const auto sort = query.one_of("sort", sort_keys);
    if (!limit || !sort) {
        return bad_parameter(limit ? sort.error() : limit.error());
    }
    auto results = context.service.results().all();
    const std::size_t total = results.size();
    sort_by(results, *sort);
    if (results.size() > *limit) {
        results.resize(*limit);
    }
    return json_answer(symbols_json(results, total, context.service.clock().now()));
}

HttpAnswer confluence(const ApiContext& context, std::string_view name, const Query&) {
    const KeptResult kept = context.service.results().read(name);
    if (!kept.result) {
        return problem(
            404, "No such symbol",
            fmt::format("symbol {} is not followed, or was not evaluated yet: /api/v1/symbols lists "
                        "those that are",
                        in_quotes(name)));
    }
    return json_answer(
        result_json(kept, context.service.calibration_of(*kept.result), context.service.clock().now()));
}

HttpAnswer no_market_yet() {
    return problem(503, "The market is not known yet",
                   "not every shard has told of its tickers: ask again in some seconds, /api/v1/health has "
                   "what they wait for");
}

HttpAnswer overview(const ApiContext& context, std::string_view, const Query&) {
    const auto known = context.service.desk().overview();
    return known ? json_answer(overview_json(*known)) : no_market_yet();
}

HttpAnswer movers(const ApiContext& context, std::string_view, const Query& query) {
    constexpr std::size_t most = MarketOverview::movers_max;
    const auto limit = query.number("limit", most, 1, most);
    if (!limit) {
        return bad_parameter(limit.error());
    }
    const auto known = context.service.desk().overview();
    return known ? json_answer(movers_json(*known, *limit)) : no_market_yet();
}

HttpAnswer events(const ApiContext& context, std::string_view, const Query& query) {
    const auto filter = event_filter(query);
    return filter ? json_answer(events_json(context.service.desk().events(*filter)))
                  : bad_parameter(filter.error());
}

constexpr std::array<std::string_view, 2> symbols_parameters{"sort", "limit"};
constexpr std::array<std::string_view, 1> movers_parameters{"limit"};
constexpr std::array resources{
    Resource{.path = "/api/v1/overview", .get = overview},
    Resource{.path = "/api/v1/movers", .parameters = movers_parameters, .get = movers},
    Resource{.path = "/api/v1/symbols", .parameters = symbols_parameters, .get = symbols},
    Resource{.path = "/api/v1/symbols/{symbol}/confluence", .get = confluence},
    Resource{.path = "/api/v1/events", .parameters = event_parameters, .get = events}};

}  // namespace

std::span<const Resource> market_resources() noexcept {
    return resources;
}

}  // namespace virtuoso
