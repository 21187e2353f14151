#include "exchange/binance/rest_elements.hpp"

#include <fmt/format.h>

namespace virtuoso::binance {

namespace {

/// Reads an object whose `fields` all have to be there, each by its own reader.
template <typename... Field>
bool read_object(JsonReader& reader, JsonValue element, std::string_view kind, Field&&... field) {
    JsonObject object;
    if (!reader.object(element, kind, object)) {
        return false;
    }
    unsigned seen = 0;
    const bool complete = for_each_field(reader, object, [&](JsonKey key, JsonValue value) {
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
    JsonObject object;
    return reader.object(element, "filters[]", object) &&
           for_each_field(reader, object, [&](JsonKey key, JsonValue value) {
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

bool read_name(JsonReader& reader, JsonValue value, std::string_view field, std::string& out) {
    std::string_view text;
    const bool read = reader.text(value, field, text);
    out = text;
    return read;
}

}  // namespace

bool read_instrument(JsonReader& reader, JsonValue element, Instrument& instrument) {
    JsonObject object;
    instrument = {};
    const bool complete =
        reader.object(element, "symbols[]", object) &&
        for_each_field(reader, object, [&](JsonKey key, JsonValue value) {
            if (is_key(key, "symbol")) {
                return read_name(reader, value, "symbol", instrument.symbol);
            }
            if (is_key(key, "baseAsset")) {
                return read_name(reader, value, "baseAsset", instrument.base_coin);
            }
            if (is_key(key, "quoteAsset")) {
                return read_name(reader, value, "quoteAsset", instrument.quote_coin);
            }
            if (is_key(key, "contractType")) {
                return read_name(reader, value, "contractType", instrument.contract_type);
            }
            if (is_key(key, "status")) {
                return read_name(reader, value, "status", instrument.status);
            }
            if (is_key(key, "onboardDate")) {
                return reader.time(value, "onboardDate", instrument.launch_time);
            }
            JsonArray filters;
            return !is_key(key, "filters") || (reader.array(value, "filters", filters) &&
                                               for_each_element(reader, filters, [&](JsonValue filter) {
                                                   return read_filter(reader, filter, instrument);
                                               }));
        });
    return complete && (!instrument.symbol.empty() || reader.refuse_missing("symbol", "an instrument"));
}

bool read_kline_row(JsonReader& reader, JsonValue element, Candle& candle) {
    constexpr int columns_needed = 10;
    JsonArray row;
    int column = 0;
    if (!reader.array(element, "[]", row)) {
        return false;
    }
    const bool complete = for_each_element(reader, row, [&](JsonValue value) {
        switch (column++) {
            case 0:
                return reader.time(value, "open time", candle.open_time);
            case 1:
                return reader.price(value, "open", candle.open);
            case 2:
                return reader.price(value, "high", candle.high);
            case 3:
                return reader.price(value, "low", candle.low);
            case 4:
                return reader.price(value, "close", candle.close);
            case 5:
                return reader.real(value, "volume", candle.volume);
            case 7:
                return reader.real(value, "quote volume", candle.turnover);
            case 9:
                return reader.real(value, "taker buy volume", candle.taker_buy);
            default:
                return true;
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
        return
            [&](JsonValue value, std::string_view name) { return reader.optional_price(value, name, out); };
    };
    const auto real = [&](std::optional<double>& out) {
        return [&](JsonValue value, std::string_view name) { return reader.optional_real(value, name, out); };
    };
    const bool complete = read_object(
        reader, element, "a ticker",
        NamedField{"symbol",
                   [&](JsonValue value, std::string_view name) { return reader.text(value, name, symbol); }},
        NamedField{"closeTime", [&](JsonValue value,
                                    std::string_view name) { return reader.time(value, name, update.time); }},
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
    const bool complete = read_object(
        reader, element, "a trade",
        NamedField{"a", [&](JsonValue value,
                            std::string_view name) { return reader.identifier(value, name, print.id); }},
        NamedField{"p", [&](JsonValue value,
                            std::string_view name) { return reader.price(value, name, print.price); }},
        NamedField{"q", [&](JsonValue value,
                            std::string_view name) { return reader.size(value, name, print.size); }},
        NamedField{"T", [&](JsonValue value,
                            std::string_view name) { return reader.time(value, name, print.time); }},
        NamedField{"m", [&](JsonValue value, std::string_view name) {
                       return reader.boolean(value, name, buyer_is_maker);
                   }});
    print.taker = buyer_is_maker ? Side::sell : Side::buy;
    return complete && ((!print.price.is_zero() && !print.size.is_zero()) ||
                        reader.refuse(ErrorCode::field_value, "a trade needs p and q above zero"));
}

bool read_open_interest(JsonReader& reader, JsonValue element, OpenInterestPoint& point) {
    return read_object(reader, element, "an open-interest point",
                       NamedField{"sumOpenInterest",
                                  [&](JsonValue value, std::string_view name) {
                                      return reader.size(value, name, point.open_interest);
                                  }},
                       NamedField{"timestamp", [&](JsonValue value, std::string_view name) {
                                      return reader.time(value, name, point.time);
                                  }});
}

bool read_funding(JsonReader& reader, JsonValue element, FundingPoint& point) {
    return read_object(reader, element, "a funding rate",
                       NamedField{"fundingRate",
                                  [&](JsonValue value, std::string_view name) {
                                      return reader.real(value, name, point.rate);
                                  }},
                       NamedField{"fundingTime", [&](JsonValue value, std::string_view name) {
                                      return reader.time(value, name, point.time);
                                  }});
}

bool read_account_ratio(JsonReader& reader, JsonValue element, AccountRatioPoint& point) {
    return read_object(reader, element, "an account ratio",
                       NamedField{"longAccount",
                                  [&](JsonValue value, std::string_view name) {
                                      return reader.real(value, name, point.buy_ratio);
                                  }},
                       NamedField{"timestamp", [&](JsonValue value, std::string_view name) {
                                      return reader.time(value, name, point.time);
                                  }});
}

}  // namespace virtuoso::binance
