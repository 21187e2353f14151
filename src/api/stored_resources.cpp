// What the service said before, and what became of it.
#include "alert/occurrence.hpp"
#include "api/problem.hpp"
#include "api/shard_answer.hpp"
#include "api/store_answer.hpp"
#include "api/stored_json.hpp"
#include "api/stored_page.hpp"
#include "exchange/symbol_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace virtuoso {

namespace {

constexpr std::array<std::string_view, 2> signal_details{"breakdown", "settings"};
constexpr std::array<std::string_view, 2> sides{"LONG", "SHORT"};
constexpr std::array<std::string_view, 6> horizons{"plan", "5m", "15m", "1h", "4h", "24h"};
constexpr std::array<std::string_view, 3> delivery_states{"waiting", "delivered", "dead"};

Json signal_row(std::span<const StoreValue> row) {
    return row_json(spec_of(StoreTable::signals), row, signal_details);
}

Json outcome_row(std::span<const StoreValue> row) {
    return row_json(spec_of(StoreTable::outcomes), row);
}

ServerAnswer signals(const ApiContext& context, std::string_view, const Query& query) {
    static constexpr std::array narrowings{Narrowing{"direction", sides}};
    return page_answer(context,
                       {StoreTable::signals, "virtuoso.signals/1", "signals", narrowings, signal_row}, query);
}

ServerAnswer outcomes(const ApiContext& context, std::string_view, const Query& query) {
    static constexpr std::array narrowings{Narrowing{"horizon", horizons}};
    return page_answer(
        context, {StoreTable::outcomes, "virtuoso.outcomes/1", "outcomes", narrowings, outcome_row}, query);
}

ServerAnswer alerts(const ApiContext& context, std::string_view, const Query& query) {
    static const std::array narrowings{Narrowing{"kind", occurrence_kinds()}, Narrowing{"sink"},
                                       Narrowing{"state", delivery_states}};
    return page_answer(
        context, {StoreTable::alerts, "virtuoso.alerts/1", "alerts", narrowings, alert_row_json}, query);
}

/// The signal, and what became of it as far as that is known.
Result<std::optional<Json>> read_signal(Store& store, const std::string& exchange, const std::string& id) {
    const StoreTableSpec& spec = spec_of(StoreTable::signals);
    std::optional<Json> found;
    StoreValue symbol;
    StoreValue sequence;
    const auto done = store.select({.table = StoreTable::signals,
                                    .where = {{"exchange", exchange}, {"id", id}},
                                    .limit = std::size_t{1}},
                                   [&](std::span<const StoreValue> row) {
                                       found = row_json(spec, row);
                                       symbol = row[*spec.column("symbol")];
                                       sequence = row[*spec.column("sequence")];
                                       return false;
                                   });
    if (!done) {
        return std::unexpected(done.error());
    }
    if (!found) {
        return std::nullopt;
    }
    auto outcomes = read_page(store,
                              {.table = StoreTable::outcomes,
                               .where = {{"exchange", exchange}, {"symbol", symbol}, {"sequence", sequence}}},
                              page_most, outcome_row);
    if (!outcomes) {
        return std::unexpected(outcomes.error());
    }
    Json document = {{"schema", "virtuoso.stored_signal/1"}};
    document.set("signal", *std::move(found));
    document.set("outcomes", std::move(outcomes->rows));
    return document;
}

ServerAnswer signal(const ApiContext& context, std::string_view id, const Query&) {
    return answer_from_store(
        context,
        [exchange = context.service.exchange(), name = std::string(id)](Store& store) -> Result<MakeAnswer> {
            auto found = read_signal(store, exchange, name);
            if (!found) {
                return std::unexpected(found.error());
            }
            return [kept = std::move(*found), name] {
                return kept ? json_answer(*kept)
                            : problem(404, "No such signal",
                                      fmt::format("no signal has the id {}: "
                                                  "/api/v1/signals lists those that are kept",
                                                  in_quotes(name)));
            };
        });
}

/// Of every stretch of so many minutes the last sample, oldest first.
Result<std::vector<Json>> read_scores(Store& store, StoreQuery query, std::int64_t step_ms,
                                      std::size_t most) {
    constexpr std::array<std::string_view, 2> known{"exchange", "symbol"};
    const StoreTableSpec& spec = spec_of(StoreTable::scores);
    query.newest_first = true;  // within the limit the newest count
    std::vector<Json> found;
    std::int64_t stretch = -1;
    const auto done = store.select(query, [&](std::span<const StoreValue> row) {
        const std::int64_t begins = std::get<std::int64_t>(row[spec.time_column]) / step_ms;
        if (begins != std::exchange(stretch, begins)) {
            found.push_back(row_json(spec, row, known));
        }
        return found.size() < most;
    });
    if (!done) {
        return std::unexpected(done.error());
    }
    std::ranges::reverse(found);
    return found;
}

Json scores_json(const std::string& symbol, std::int64_t minutes, const std::vector<Json>& samples) {
    Json scores = Json::array();
    for (const auto& sample : samples) {
        scores.push_back(Json(sample));
    }
    Json document = {{"schema", "virtuoso.scores/1"}, {"symbol", symbol}, {"step_minutes", minutes}};
    document.set("scores", std::move(scores));
    return document;
}

ServerAnswer scores(const ApiContext& context, std::string_view symbol, const Query& query) {
    constexpr std::size_t usual = 500;
    constexpr std::size_t most = 5'000;
    constexpr std::size_t step_most = 1'440;
    const auto from = query.time("from");
    const auto to = query.time("to");
    const auto step = query.number("step", 1, 1, step_most);
    const auto limit = query.number("limit", usual, 1, most);
    if (!from || !to) {
        return {.http = bad_parameter(from ? to.error() : from.error())};
    }
    if (!step || !limit) {
        return {.http = bad_parameter(step ? limit.error() : step.error())};
    }
    if (!is_symbol_name(symbol)) {
        return {.http = no_such_symbol(symbol)};
    }
    StoreQuery asked{.table = StoreTable::scores};
    if (*from) {
        asked.since_ms = (*from)->ms;
    }
    if (*to) {
        asked.until_ms = (*to)->ms;
    }
    asked.where = {{"exchange", context.service.exchange()}, {"symbol", std::string(symbol)}};
    const auto minutes = static_cast<std::int64_t>(*step);
    const bool is_followed = context.service.results().look(symbol) != nullptr;
    return answer_from_store(context,
                             [asked, minutes, count = *limit, is_followed,
                              name = std::string(symbol)](Store& store) -> Result<MakeAnswer> {
                                 auto samples = read_scores(store, asked, minutes * ms_per_minute, count);
                                 if (!samples) {
                                     return std::unexpected(samples.error());
                                 }
                                 // Those of a contract that is not traded any more are still told.
                                 if (samples->empty() && !is_followed) {
                                     return [name] { return no_such_symbol(name); };
                                 }
                                 return [kept = std::move(*samples), minutes, name] {
                                     return json_answer(scores_json(name, minutes, kept));
                                 };
                             });
}

constexpr std::array<std::string_view, 5> signal_parameters{"symbol", "direction", "since", "until", "limit"};
constexpr std::array<std::string_view, 5> outcome_parameters{"symbol", "horizon", "since", "until", "limit"};
constexpr std::array<std::string_view, 7> alert_parameters{"symbol", "kind",  "sink", "state",
                                                           "since",  "until", "limit"};
constexpr std::array<std::string_view, 4> score_parameters{"from", "to", "step", "limit"};
constexpr std::array resources{
    Resource{.path = "/api/v1/symbols/{symbol}/scores", .parameters = score_parameters, .ask = scores},
    Resource{.path = "/api/v1/signals", .parameters = signal_parameters, .ask = signals},
    Resource{.path = "/api/v1/signals/{id}", .ask = signal},
    Resource{.path = "/api/v1/outcomes", .parameters = outcome_parameters, .ask = outcomes},
    Resource{.path = "/api/v1/alerts", .parameters = alert_parameters, .ask = alerts}};

}  // namespace

std::span<const Resource> stored_resources() noexcept {
    return resources;
}

}  // namespace virtuoso
