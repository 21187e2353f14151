#include "api/events_json.hpp"
#include "api/kept_documents.hpp"
#include "api/market_json.hpp"
#include "api/problem.hpp"
#include "api/shard_answer.hpp"
#include "api/symbols_json.hpp"

#include <algorithm>
#include <array>

namespace virtuoso {

namespace {

HttpAnswer symbols(const ApiContext& context, std::string_view, const Query& query) {
    const auto listing = SymbolListing::from(query);
    if (!listing) {
        return bad_parameter(listing.error());
    }
    return json_answer(
        symbols_json(page_of(context.service.results().all(), *listing), context.service.clock().now()));
}

using Describe = std::string (*)(const SymbolResult& result, LocalTime now);

HttpAnswer described(const ApiContext& context, std::string_view name, Describe describe) {
    const KeptResult kept = context.service.results().read(name);
    return kept.result ? json_answer(describe(*kept.result, context.service.clock().now()))
                       : no_such_symbol(name);
}

HttpAnswer symbol(const ApiContext& context, std::string_view name, const Query&) {
    return described(context, name, symbol_json);
}

HttpAnswer interpretations(const ApiContext& context, std::string_view name, const Query&) {
    return described(context, name, interpretations_json);
}

HttpAnswer confluence(const ApiContext& context, std::string_view name, const Query&) {
    const KeptResult kept = context.service.results().read(name);
    if (!kept.result) {
        return no_such_symbol(name);
    }
    const LocalTime now = context.service.clock().now();
    const auto& document = context.documents.of(kept.result, now, [&] {
        return result_json(kept, context.service.calibration_of(*kept.result), now);
    });
    return finished_answer(json_answer(document.text), document.body, context.wishes);
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

constexpr std::array<std::string_view, 5> symbols_parameters{"sort", "order", "signal", "limit", "cursor"};
constexpr std::array<std::string_view, 1> movers_parameters{"limit"};
constexpr std::array resources{
    Resource{.path = "/api/v1/overview", .get = overview},
    Resource{.path = "/api/v1/movers", .parameters = movers_parameters, .get = movers},
    Resource{.path = "/api/v1/symbols", .parameters = symbols_parameters, .get = symbols},
    Resource{.path = "/api/v1/symbols/{symbol}", .get = symbol},
    Resource{.path = "/api/v1/symbols/{symbol}/confluence", .get = confluence},
    Resource{.path = "/api/v1/symbols/{symbol}/interpretations", .get = interpretations},
    Resource{.path = "/api/v1/events", .parameters = event_parameters, .get = events}};

}  // namespace

std::span<const Resource> market_resources() noexcept {
    return resources;
}

}  // namespace virtuoso
