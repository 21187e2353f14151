// What is known of one symbol's market.
#include "api/book_json.hpp"
#include "api/candles_json.hpp"
#include "api/derivatives_json.hpp"
#include "api/problem.hpp"
#include "api/shard_answer.hpp"
#include "api/tape_json.hpp"

#include <fmt/format.h>

#include <array>

namespace virtuoso {

namespace {

constexpr std::array<std::string_view, timeframe_count> timeframes{"1m", "5m", "15m", "30m",
                                                                   "1h", "4h", "1d"};

/// How many are asked for, and as which parameter.
struct Count {
    std::string_view parameter;
    std::size_t usual = 0;
    std::size_t least = 0;
    std::size_t most = 0;
};

/// What `read` copies so many of on the shard's thread, and `tell` makes a document of.
template <typename Reading>
ServerAnswer counted(const ApiContext& context, std::string_view symbol, const Query& query,
                     const Count& count, Reading (*read)(const TrackedSymbol&, std::size_t),
                     Json (*tell)(const Reading&)) {
    const auto number = query.number(count.parameter, count.usual, count.least, count.most);
    if (!number) {
        return {.http = bad_parameter(number.error())};
    }
    return answer_from_shard(
        context, symbol, [read, tell, wanted = *number](const TrackedSymbol& known) -> MakeAnswer {
            return [tell, reading = read(known, wanted)] { return json_answer(tell(reading)); };
        });
}

ServerAnswer candles(const ApiContext& context, std::string_view symbol, const Query& query) {
    constexpr std::size_t usual = 300;
    constexpr std::size_t most = 1'440;
    const auto name = query.one_of("timeframe", timeframes);
    const auto limit = query.number("limit", usual, 1, most);
    const auto to = query.time("to");
    if (!name || !limit || !to) {
        return {.http = bad_parameter(!name ? name.error() : !limit ? limit.error() : to.error())};
    }
    const Timeframe timeframe = timeframe_named(*name).value_or(Timeframe::m1);
    return answer_from_shard(
        context, symbol, [timeframe, count = *limit, end = *to](const TrackedSymbol& known) -> MakeAnswer {
            return [reading = read_candles(known, timeframe, count, end)] {
                return json_answer(candles_json(reading));
            };
        });
}

ServerAnswer book(const ApiContext& context, std::string_view symbol, const Query& query) {
    constexpr Count count{.parameter = "levels", .usual = 25, .least = 1, .most = 1'000};
    return counted(context, symbol, query, count, read_book, book_json);
}

HttpAnswer no_book_history(std::string_view symbol) {
    return problem(
        404, "No history of this book",
        fmt::format("{} is none of the most traded contracts ([universe] deep), or became one just "
                    "now: what books were is kept of those alone",
                    in_quotes(symbol)));
}

ServerAnswer book_history(const ApiContext& context, std::string_view symbol, const Query& query) {
    constexpr std::size_t most = BookHistory::seconds_max / 60;
    const auto minutes = query.number("minutes", most, 1, most);
    if (!minutes) {
        return {.http = bad_parameter(minutes.error())};
    }
    if (context.service.results().look(symbol) == nullptr) {
        return {.http = no_such_symbol(symbol)};
    }
    const auto span_ms = static_cast<std::int64_t>(*minutes) * ms_per_minute;
    return {.http = shard_is_silent(symbol),
            .elsewhere = [&service = context.service, name = std::string(symbol),
                          span_ms](const ServerReply& reply) {
                static_cast<void>(service.look_at_book(name, [=](const BookHistory* known) {
                    if (known == nullptr) {
                        reply([name] { return no_book_history(name); });
                        return;
                    }
                    const ExchangeTime newest = known->newest();
                    reply([reading = BookHistoryReading{name, known->step(),
                                                        known->columns({newest.ms - span_ms})}] {
                        return json_answer(book_history_json(reading));
                    });
                }));
            }};
}

ServerAnswer trades(const ApiContext& context, std::string_view symbol, const Query& query) {
    constexpr Count count{.parameter = "limit", .usual = 100, .least = 1, .most = 2'000};
    return counted(context, symbol, query, count, read_trades, trades_json);
}

ServerAnswer flow(const ApiContext& context, std::string_view symbol, const Query& query) {
    constexpr std::size_t minutes_most = FlowBins::history_seconds / 60;
    constexpr std::size_t step_most = 60;
    const auto minutes = query.number("minutes", minutes_most, 1, minutes_most);
    const auto step = query.number("step", 1, 1, step_most);
    if (!minutes || !step) {
        return {.http = bad_parameter(minutes ? step.error() : minutes.error())};
    }
    return answer_from_shard(context, symbol,
                             [count = static_cast<int>(*minutes),
                              seconds = static_cast<int>(*step)](const TrackedSymbol& known) -> MakeAnswer {
                                 return [reading = read_flow(known, count, seconds)] {
                                     return json_answer(flow_json(reading));
                                 };
                             });
}

ServerAnswer derivatives(const ApiContext& context, std::string_view symbol, const Query& query) {
    constexpr Count count{
        .parameter = "liquidations", .usual = 200, .least = 0, .most = SymbolState::liquidations_max};
    return counted(context, symbol, query, count, read_derivatives, derivatives_json);
}

constexpr std::array<std::string_view, 3> candle_parameters{"timeframe", "limit", "to"};
constexpr std::array<std::string_view, 1> book_parameters{"levels"};
constexpr std::array<std::string_view, 1> history_parameters{"minutes"};
constexpr std::array<std::string_view, 1> trade_parameters{"limit"};
constexpr std::array<std::string_view, 2> flow_parameters{"minutes", "step"};
constexpr std::array<std::string_view, 1> derivative_parameters{"liquidations"};
constexpr std::array resources{
    Resource{.path = "/api/v1/symbols/{symbol}/candles", .parameters = candle_parameters, .ask = candles},
    Resource{.path = "/api/v1/symbols/{symbol}/book", .parameters = book_parameters, .ask = book},
    Resource{.path = "/api/v1/symbols/{symbol}/book/history",
             .parameters = history_parameters,
             .ask = book_history},
    Resource{.path = "/api/v1/symbols/{symbol}/trades", .parameters = trade_parameters, .ask = trades},
    Resource{.path = "/api/v1/symbols/{symbol}/flow", .parameters = flow_parameters, .ask = flow},
    Resource{.path = "/api/v1/symbols/{symbol}/derivatives",
             .parameters = derivative_parameters,
             .ask = derivatives}};

}  // namespace

std::span<const Resource> symbol_resources() noexcept {
    return resources;
}

}  // namespace virtuoso
