#include "sim/recorded_protocol.hpp"

#include "exchange/number_text.hpp"
#include "sim/recorded_binance.hpp"
#include "sim/recorded_bybit.hpp"
#include "sim/wire_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace virtuoso::sim {

std::unique_ptr<RecordedProtocol> RecordedProtocol::make(const RecordedMarket& market,
                                                         std::int64_t shift_ms) {
    if (market.exchange() == "bybit") {
        return std::make_unique<RecordedBybit>(market, shift_ms);
    }
    return std::make_unique<RecordedBinance>(market, shift_ms);
}

namespace {

int decimals_of(std::int64_t step_units) {
    int decimals = decimal_places;
    for (std::int64_t step = step_units; decimals > 0 && step != 0 && step % 10 == 0; step /= 10) {
        --decimals;
    }
    return decimals;
}

}  // namespace

std::size_t limit_of(const RestRequest& request, std::size_t absent, std::size_t most) {
    const auto given = integer_in(request.parameter("limit"));
    return given && *given > 0 ? std::min<std::size_t>(static_cast<std::size_t>(*given), most) : absent;
}

std::string units_text(std::int64_t units, std::int64_t step_units) {
    std::string text;
    append_fixed(text, units, decimals_of(step_units));
    return text;
}

std::string amount_text(double amount, std::int64_t step_units) {
    return fmt::format("{:.{}f}", amount, decimals_of(step_units));
}

std::string levels_text(const RecordedSymbol& symbol, const BookView& book, bool bids, std::size_t limit) {
    std::string text = "[";
    std::size_t count = 0;
    const auto visit = [&](Price price, Size size) {
        text += count == 0 ? "[\"" : ",[\"";
        text += units_text(price.units, symbol.tick_units) + "\",\"" +
                units_text(size.units, symbol.step_units) + "\"]";
        return ++count < limit;
    };
    bids ? book.walk_bids(visit) : book.walk_asks(visit);
    return text + "]";
}

std::vector<Candle> newest_candles(const RecordedSymbol& symbol, Timeframe timeframe, std::size_t limit) {
    const CandleSeries& series = symbol.state.candles().series(timeframe);
    const auto& closed = series.closed();
    std::vector<Candle> candles;
    const std::size_t count = std::min(closed.size(), limit);
    candles.reserve(count + 1);
    for (std::size_t i = closed.size() - count; i < closed.size(); ++i) {
        candles.push_back(closed[i]);
    }
    if (const auto open = symbol.state.candles().open(timeframe)) {
        candles.push_back(*open);
    }
    if (candles.size() > limit) {
        candles.erase(candles.begin());
    }
    return candles;
}

}  // namespace virtuoso::sim
