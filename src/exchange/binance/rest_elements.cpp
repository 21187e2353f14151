#include "exchange/binance/rest_elements.hpp"

#include "exchange/candle_reading.hpp"

#include <fmt/format.h>

namespace virtuoso::binance {

namespace {

/// Reads an object whose `fields` all have to be there, each by its own reader.
template <typename... Field>
bool read_object(JsonReader& reader, JsonValue element, std::string_view kind, Field&&... field) {
    unsigned seen = 0;
    const bool complete = for_each_field(reader, element, kind, [&](JsonKey key, JsonValue value) {
        unsigned bit = 1;
        bool good = true;
        const auto try_field = [&](auto& wanted) {
            if (is_key(key, wanted.name)) {
                seen |= bit;
                good = wanted.read(value, wanted.name);
            }
            bit <<= 1;
        };
        (try_field(field), ...);
        return good;
    });
    if (!complete) {
        return false;
    }
    unsigned bit = 1;
    std::string_view missing;
    const auto check = [&](const auto& wanted) {
        if (missing.empty() && (seen & bit) == 0) {
            missing = wanted.name;
        }
        bit <<= 1;
    };
    (check(field), ...);
    return missing.empty() || reader.refuse_missing(missing, kind);
}

template <typename Read>
struct NamedField {
    std::string_view name;
    Read read;
};
template <typename Read>
NamedField(std::string_view, Read) -> NamedField<Read>;

// PRICE_FILTER and LOT_SIZE hold the steps.
bool read_filter(JsonReader& reader, JsonValue element, Instrument& instrument) {
    return for_each_field(reader, element, "filters[]", [&](JsonKey key, JsonValue value) {
        std::optional<Price> tick;
        std::optional<Size> step;
        if (is_key(key, "tickSize")) {
            const bool read = reader.optional_price(value, "tickSize", tick);
            instrument.tick_size = tick.value_or(instrument.tick_size);
            return read;
        }
        if (is_key(key, "stepSize") && instrument.quantity_step.is_zero()) {
            const bool read = reader.optional_size(value, "stepSize", step);
            instrument.quantity_step = step.value_or(Size{});
            return read;
        }
        return true;
    });
}

/// Reads into `out` what one of the reader's functions gives.
template <typename Out>
auto into(JsonReader& reader, bool (JsonReader::*read)(JsonValue, std::string_view, Out&), Out& out) {
    return [&reader, read, &out](JsonValue value, std::string_view name) {
        return (reader.*read)(value, name, out);
    };
}

}  // namespace

bool read_instrument(JsonReader& reader, JsonValue element, Instrument& instrument) {
    instrument = {};
    const bool complete = for_each_field(reader, element, "symbols[]", [&](JsonKey key, JsonValue value) {
        if (is_key(key, "symbol")) {
            return reader.symbol(value, "symbol", instrument.symbol);
        }
        if (is_key(key, "baseAsset")) {
            return reader.text(value, "baseAsset", instrument.base_coin);
        }
        if (is_key(key, "quoteAsset")) {
            return reader.text(value, "quoteAsset", instrument.quote_coin);
        }
        if (is_key(key, "contractType")) {
            return reader.text(value, "contractType", instrument.contract_type);
        }
        if (is_key(key, "status")) {
            return reader.text(value, "status", instrument.status);
        }
        if (is_key(key, "onboardDate")) {
            return reader.time(value, "onboardDate", instrument.launch_time);
        }
        return !is_key(key, "filters") || for_each_element(reader, value, "filters", [&](JsonValue filter) {
            return read_filter(reader, filter, instrument);
        });
    });
    return complete && (!instrument.symbol.empty() || reader.refuse_missing("symbol", "an instrument"));
}

bool read_kline_row(JsonReader& reader, JsonValue element, Candle& candle) {
    constexpr int columns_needed = 10;
    int column = 0;
    const bool complete = for_each_element(reader, element, "[]", [&](JsonValue value) {
        switch (const int at = column++) {
            case 7:
                return reader.real(value, "quote volume", candle.turnover);
            case 9:
                return reader.real(value, "taker buy volume", candle.taker_buy);
            default:
                return read_kline_column(reader, value, at, candle);
        }
    });
    if (!complete) {
        return false;
    }
    if (column < columns_needed) {
        return reader.refuse(ErrorCode::field_missing,
                             fmt::format("a kline row has 12 columns, found {}", column));
    }
    candle.taker_sell = candle.volume - candle.taker_buy;
    candle.source = CandleSource::exchange;
    return check_candle(reader, candle);
}

bool read_day_ticker(JsonReader& reader, JsonValue element, std::string_view& symbol, TickerUpdate& update) {
    const auto price = [&](std::optional<Price>& out) {
        return into(reader, &JsonReader::optional_price, out);
    };
    const auto real = [&](std::optional<double>& out) {
        return into(reader, &JsonReader::optional_real, out);
    };
    const bool complete = read_object(
        reader, element, "a ticker", NamedField{"symbol", into(reader, &JsonReader::symbol, symbol)},
        NamedField{"closeTime", into(reader, &JsonReader::time, update.time)},
        NamedField{"lastPrice", price(update.last_price)}, NamedField{"highPrice", price(update.high_24h)},
        NamedField{"lowPrice", price(update.low_24h)}, NamedField{"volume", real(update.volume_24h)},
        NamedField{"quoteVolume", real(update.turnover_24h)},
        NamedField{"priceChangePercent", real(update.change_24h)});
    if (update.change_24h) {
        *update.change_24h /= 100;
    }
    return complete;
}

bool read_aggregate_trade(JsonReader& reader, JsonValue element, TradePrint& print) {
    bool buyer_is_maker = false;
    const bool complete = read_object(reader, element, "a trade",
                                      NamedField{"a", into(reader, &JsonReader::identifier, print.id)},
                                      NamedField{"p", into(reader, &JsonReader::price, print.price)},
                                      NamedField{"q", into(reader, &JsonReader::size, print.size)},
                                      NamedField{"T", into(reader, &JsonReader::time, print.time)},
                                      NamedField{"m", into(reader, &JsonReader::boolean, buyer_is_maker)});
    print.taker = buyer_is_maker ? Side::sell : Side::buy;
    return complete && ((!print.price.is_zero() && !print.size.is_zero()) ||
                        reader.refuse(ErrorCode::field_value, "a trade needs p and q above zero"));
}

bool read_open_interest(JsonReader& reader, JsonValue element, OpenInterestPoint& point) {
    return read_object(
        reader, element, "an open-interest point",
        NamedField{"sumOpenInterest", into(reader, &JsonReader::quantity, point.open_interest)},
        NamedField{"timestamp", into(reader, &JsonReader::time, point.time)});
}

bool read_funding(JsonReader& reader, JsonValue element, FundingPoint& point) {
    return read_object(reader, element, "a funding rate",
                       NamedField{"fundingRate", into(reader, &JsonReader::real, point.rate)},
                       NamedField{"fundingTime", into(reader, &JsonReader::time, point.time)});
}

bool read_account_ratio(JsonReader& reader, JsonValue element, AccountRatioPoint& point) {
    return read_object(reader, element, "an account ratio",
                       NamedField{"longAccount", into(reader, &JsonReader::real, point.buy_ratio)},
                       NamedField{"timestamp", into(reader, &JsonReader::time, point.time)});
}

}  // namespace virtuoso::binance
