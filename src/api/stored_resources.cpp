// What the service said before, and what became of it.
#include "api/problem.hpp"
#include "api/shard_answer.hpp"
#include "api/store_answer.hpp"
#include "api/stored_json.hpp"
#include "exchange/symbol_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace virtuoso {

namespace {

constexpr std::size_t page_usual = 100;
constexpr std::size_t page_most = 1'000;
constexpr std::array<std::string_view, 2> signal_details{"breakdown", "settings"};

/// Rows of one table, the newest first.
struct Page {
    Json rows = Json::array();
    std::optional<std::int64_t> next;  ///< ask on for what is older than this
};

/// Rows of one time are never parted, so that `next` leaves none out.
Result<Page> read_page(Store& store, StoreQuery query, std::size_t limit,
                       std::span<const std::string_view> skip) {
    const StoreTableSpec& spec = spec_of(query.table);
    query.newest_first = true;
    Page page;
    std::size_t count = 0;
    std::int64_t last = 0;
    const auto done = store.select(query, [&](std::span<const StoreValue> row) {
        const std::int64_t time = std::get<std::int64_t>(row[spec.time_column]);
        if (count >= limit && time != last) {
            page.next = last;
            return false;
        }
        last = time;
        ++count;
        page.rows.push_back(row_json(spec, row, skip));
        return true;
    });
    return done ? Result<Page>(std::move(page)) : std::unexpected(done.error());
}

Json page_json(std::string_view schema, std::string_view name, Page page) {
    Json document = {{"schema", schema}, {"next_until", page.next ? Json(*page.next) : Json(nullptr)}};
    document.set(name, std::move(page.rows));
    return document;
}

struct Asked {
    StoreQuery query;
    std::size_t limit = page_usual;
};

/// `symbol`, `since`, `until`, `limit`.
Result<Asked> asked_for(const ApiContext& context, StoreTable table, const Query& query) {
    const auto since = query.time("since");
    const auto until = query.time("until");
    const auto limit = query.number("limit", page_usual, 1, page_most);
    const std::string_view symbol = query.value("symbol");
    if (!since || !until) {
        return std::unexpected(since ? until.error() : since.error());
    }
    if (!limit) {
        return std::unexpected(limit.error());
    }
    if (!symbol.empty() && !is_symbol_name(symbol)) {
        return fail(ErrorCode::argument,
                    fmt::format("symbol={} is no name of a contract, as BTCUSDT is", in_quotes(symbol)));
    }
    Asked asked{.query = {.table = table}, .limit = *limit};
    if (*since) {
        asked.query.since_ms = (*since)->ms;
    }
    if (*until) {
        asked.query.until_ms = (*until)->ms;
    }
    asked.query.where.push_back({"exchange", context.service.exchange()});
    if (!symbol.empty()) {
        asked.query.where.push_back({"symbol", std::string(symbol)});
    }
    return asked;
}

ServerAnswer page_answer(const ApiContext& context, Asked asked, std::string_view schema,
                         std::string_view name) {
    return answer_from_store(context,
                             [asked = std::move(asked), schema, name](Store& store) -> Result<MakeAnswer> {
                                 auto page = read_page(store, asked.query, asked.limit, signal_details);
                                 if (!page) {
                                     return std::unexpected(page.error());
                                 }
                                 return [kept = std::move(*page), schema, name] {
                                     return json_answer(page_json(schema, name, kept));
                                 };
                             });
}

/// Adds a condition where the parameter is given.
Result<void> narrow(Asked& asked, const Query& query, std::string_view name,
                    std::span<const std::string_view> allowed) {
    const auto value = query.one_of(name, allowed);
    if (!value) {
        return std::unexpected(value.error());
    }
    if (!query.value(name).empty()) {
        asked.query.where.push_back({name, std::string(*value)});
    }
    return {};
}

ServerAnswer signals(const ApiContext& context, std::string_view, const Query& query) {
    constexpr std::array<std::string_view, 2> sides{"LONG", "SHORT"};
    auto asked = asked_for(context, StoreTable::signals, query);
    const auto narrowed = asked ? narrow(*asked, query, "direction", sides) : std::unexpected(asked.error());
    if (!narrowed) {
        return {.http = bad_parameter(narrowed.error())};
    }
    return page_answer(context, std::move(*asked), "virtuoso.signals/1", "signals");
}

ServerAnswer outcomes(const ApiContext& context, std::string_view, const Query& query) {
    constexpr std::array<std::string_view, 6> horizons{"plan", "5m", "15m", "1h", "4h", "24h"};
    auto asked = asked_for(context, StoreTable::outcomes, query);
    const auto narrowed = asked ? narrow(*asked, query, "horizon", horizons) : std::unexpected(asked.error());
    if (!narrowed) {
        return {.http = bad_parameter(narrowed.error())};
    }
    return page_answer(context, std::move(*asked), "virtuoso.outcomes/1", "outcomes");
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
                              page_most, {});
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
constexpr std::array<std::string_view, 4> score_parameters{"from", "to", "step", "limit"};
constexpr std::array resources{
    Resource{.path = "/api/v1/symbols/{symbol}/scores", .parameters = score_parameters, .ask = scores},
    Resource{.path = "/api/v1/signals", .parameters = signal_parameters, .ask = signals},
    Resource{.path = "/api/v1/signals/{id}", .ask = signal},
    Resource{.path = "/api/v1/outcomes", .parameters = outcome_parameters, .ask = outcomes}};

}  // namespace

std::span<const Resource> stored_resources() noexcept {
    return resources;
}

}  // namespace virtuoso
