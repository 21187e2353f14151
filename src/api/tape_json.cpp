#include "api/tape_json.hpp"

#include "present/json_values.hpp"

#include <algorithm>

namespace virtuoso {

TradesReading read_trades(const TrackedSymbol& symbol, std::size_t limit) {
    const auto& tape = symbol.state.tape().trades();
    TradesReading reading{.symbol = symbol.state.symbol(),
                          .as_of = symbol.state.as_of(),
                          .trades = {},
                          .kept = tape.size(),
                          .large = symbol.analysis.flow().large_threshold()};
    const std::size_t count = std::min(limit, tape.size());
    reading.trades.reserve(count);
    for (std::size_t age = 0; age < count; ++age) {
        reading.trades.push_back(tape.newest(age));
    }
    return reading;
}

FlowReading read_flow(const TrackedSymbol& symbol, int minutes, int step_s) {
    const SymbolState& state = symbol.state;
    const FlowBins& flow = symbol.analysis.flow();
    FlowReading reading{.symbol = state.symbol(),
                        .as_of = state.as_of(),
                        .step_s = step_s,
                        .bins = {},
                        .buy_volume = state.totals().buy_volume,
                        .sell_volume = state.totals().sell_volume};
    if (flow.trades() == 0) {
        return reading;
    }
    const std::int64_t step_ms = step_s * ms_per_second;
    const std::int64_t newest = flow.last_time().ms;
    const std::int64_t first = newest - minutes * ms_per_minute;
    for (std::int64_t start = (first / step_ms + 1) * step_ms; start <= newest; start += step_ms) {
        // A window ends with the second that its moment lies in.
        const FlowWindow window = flow.window({start + step_ms - ms_per_second}, step_s);
        if (window.traded_bins > 0) {
            reading.bins.push_back({{start}, window.total});
            reading.bins.back().flow.close = window.last_price;
        }
    }
    return reading;
}

Json trades_json(const TradesReading& reading) {
    Json trades = Json::array();
    for (const auto& trade : reading.trades) {
        trades.push_back({{"time_ms", trade.time.ms},
                          {"price", to_text(trade.price)},
                          {"size", to_text(trade.size())},
                          {"side", trade.taker() == Side::buy ? "buy" : "sell"},
                          {"retail", trade.retail}});
    }
    return {{"schema", "virtuoso.trades/1"},
            {"symbol", reading.symbol},
            {"as_of_ms", reading.as_of.ms},
            {"kept", reading.kept},
            {"large_notional", or_null(reading.large)},
            {"trades", std::move(trades)}};
}

Json flow_json(const FlowReading& reading) {
    Json bins = Json::array();
    double delta = 0;
    for (const auto& [start, flow] : reading.bins) {
        delta += flow.buy_size - flow.sell_size;
        bins.push_back({{"start_ms", start.ms},
                        {"buy", flow.buy_size},
                        {"sell", flow.sell_size},
                        {"delta", flow.buy_size - flow.sell_size},
                        {"cumulative_delta", delta},
                        {"large_buy_notional", flow.large_buy},
                        {"large_sell_notional", flow.large_sell},
                        {"buys", flow.buys},
                        {"sells", flow.sells},
                        {"close", flow.close}});
    }
    return {{"schema", "virtuoso.flow/1"},
            {"symbol", reading.symbol},
            {"as_of_ms", reading.as_of.ms},
            {"step_s", reading.step_s},
            {"total_buy", decimal_text(reading.buy_volume, decimal_places)},
            {"total_sell", decimal_text(reading.sell_volume, decimal_places)},
            {"bins", std::move(bins)}};
}

}  // namespace virtuoso
