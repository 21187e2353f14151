#include "api/candles_json.hpp"

#include <algorithm>

namespace virtuoso {

CandlesReading read_candles(const TrackedSymbol& symbol, Timeframe timeframe, std::size_t limit,
                            std::optional<ExchangeTime> to) {
    const SymbolState& state = symbol.state;
    const CandleSeries& series = state.candles().series(timeframe);
    const auto& closed = series.closed();
    CandlesReading reading{.symbol = state.symbol(), .timeframe = timeframe, .as_of = state.as_of()};
    const std::size_t end = to ? std::min(series.place_of(*to), closed.size()) : closed.size();
    const std::size_t begin = end - std::min(end, limit);
    reading.more = begin > 0;
    reading.closed.reserve(end - begin);
    for (std::size_t place = begin; place < end; ++place) {
        reading.closed.push_back(closed[place]);
    }
    if (!to || *to > series.start_of(state.as_of())) {
        reading.open = state.candles().open(timeframe);
    }
    return reading;
}

Json candle_json(const Candle& candle, bool closed) {
    return {{"start_ms", candle.open_time.ms}, {"open", to_text(candle.open)},
            {"high", to_text(candle.high)},    {"low", to_text(candle.low)},
            {"close", to_text(candle.close)},  {"volume", candle.volume},
            {"turnover", candle.turnover},     {"taker_buy", candle.taker_buy},
            {"taker_sell", candle.taker_sell}, {"closed", closed},
            {"partial", candle.partial},       {"gap_before", candle.gap_before}};
}

Json candles_json(const CandlesReading& reading) {
    Json candles = Json::array();
    for (const auto& candle : reading.closed) {
        candles.push_back(candle_json(candle, true));
    }
    if (reading.open) {
        candles.push_back(candle_json(*reading.open, false));
    }
    return {{"schema", "virtuoso.candles/1"},
            {"symbol", reading.symbol},
            {"timeframe", name_of(reading.timeframe)},
            {"as_of_ms", reading.as_of.ms},
            {"more", reading.more},
            {"candles", std::move(candles)}};
}

}  // namespace virtuoso
