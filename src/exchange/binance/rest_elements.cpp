#include "exchange/binance/rest_elements.hpp"

#include "exchange/binance/market_trade.hpp"
#include "exchange/candle_reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>

namespace virtuoso::binance {

namespace {

constexpr std::int64_t minutes_per_hour = 60;

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

// A list of words, each behind a space.
bool read_subtypes(JsonReader& reader, JsonValue value, std::string& subtypes) {
    bool is_null = false;
    if (!reader.null(value, "underlyingSubType", is_null) || is_null) {
        return is_null;
    }
    return for_each_element(reader, value, "underlyingSubType", [&](JsonValue element) {
        std::string_view word;
        const bool read = reader.text(element, "underlyingSubType[]", word);
        subtypes += ' ';
        subtypes += word;
        return read;
    });
}

// Contracts on what is no coin have a type of their own; what they are about stands beside it. Indices of
// coins (underlyingType INDEX, contractType PERPETUAL) are crypto.
AssetClass asset_class_of(std::string_view contract_type, std::string_view underlying,
                          std::string_view subtypes) {
    std::string words = fmt::format("{}{}", underlying, subtypes);
    std::ranges::transform(words, words.begin(), [](char letter) {
        return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
    });
    const auto speak_of = [&](std::initializer_list<std::string_view> names) {
        return std::ranges::any_of(names, [&](std::string_view name) { return words.contains(name); });
    };
    if (speak_of({"EQUITY", "STOCK", "ETF"}) && !words.starts_with("COIN")) {
        return AssetClass::stock;
    }
    if (speak_of({"COMMODITY", "METAL", "ENERGY"}) && !words.starts_with("COIN")) {
        return AssetClass::commodity;
    }
    if (speak_of({"FOREX", "FIAT", "CURRENCY"}) && !words.starts_with("COIN")) {
        return AssetClass::forex;
    }
    return contract_type.starts_with("TRADIFI") ? AssetClass::other : AssetClass::crypto;
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
    std::string_view underlying;
    std::string subtypes;
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
        if (is_key(key, "underlyingType")) {
            return reader.optional_text(value, "underlyingType", underlying);
        }
        if (is_key(key, "underlyingSubType")) {
            return read_subtypes(reader, value, subtypes);
        }
        if (is_key(key, "onboardDate")) {
            return reader.time(value, "onboardDate", instrument.launch_time);
        }
        return !is_key(key, "filters") || for_each_element(reader, value, "filters", [&](JsonValue filter) {
            return read_filter(reader, filter, instrument);
        });
    });
    instrument.asset_class = asset_class_of(instrument.contract_type, underlying, subtypes);
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
        NamedField{"closeTime", into(reader, &JsonReader::row_time, update.time)},
        NamedField{"lastPrice", price(update.last_price)}, NamedField{"highPrice", price(update.high_24h)},
        NamedField{"lowPrice", price(update.low_24h)}, NamedField{"volume", real(update.volume_24h)},
        NamedField{"quoteVolume", real(update.turnover_24h)},
        NamedField{"priceChangePercent", real(update.change_24h)});
    if (update.change_24h) {
        *update.change_24h /= 100;
    }
    return complete;
}

bool read_aggregate_trade(JsonReader& reader, JsonValue element, std::vector<TradePrint>& prints) {
    MarketTrade trade;
    std::array<TradePrint, 2> room;
    const bool complete = for_each_field(reader, element, "a trade", [&](JsonKey key, JsonValue value) {
        return is_key(key, "a")   ? trade.read_id(reader, value)
               : is_key(key, "T") ? trade.read_row_time(reader, value)
                                  : trade.read(reader, key, value);
    });
    if (!complete) {
        return false;
    }
    const auto read = trade.finish(reader, room);
    if (read) {
        prints.insert(prints.end(), read->begin(), read->end());
    }
    return read.has_value();
}

bool read_open_interest(JsonReader& reader, JsonValue element, OpenInterestPoint& point) {
    return read_object(
        reader, element, "an open-interest point",
        NamedField{"sumOpenInterest", into(reader, &JsonReader::quantity, point.open_interest)},
        NamedField{"timestamp", into(reader, &JsonReader::row_time, point.time)});
}

bool read_funding(JsonReader& reader, JsonValue element, FundingPoint& point, bool& regular) {
    SeenFields seen;
    std::string_view kind;
    const bool complete =
        for_each_field(reader, element, "a funding rate", [&](JsonKey key, JsonValue value) {
            if (is_key(key, "fundingRate")) {
                return seen.mark(1, reader.real(value, "fundingRate", point.rate));
            }
            if (is_key(key, "fundingTime")) {
                return seen.mark(2, reader.row_time(value, "fundingTime", point.time));
            }
            return !is_key(key, "rateType") || reader.optional_text(value, "rateType", kind);
        });
    regular = kind.empty() || kind == "Regular";
    return complete &&
           (seen.bits() == 3 ||
            reader.refuse(ErrorCode::field_missing, "a funding rate needs fundingRate and fundingTime"));
}

bool read_funding_info(JsonReader& reader, JsonValue element, std::string_view& symbol,
                       TickerUpdate& update) {
    constexpr std::int64_t hours_max = 24;
    std::int64_t hours = 0;
    const bool complete =
        read_object(reader, element, "funding information",
                    NamedField{"symbol", into(reader, &JsonReader::symbol, symbol)},
                    NamedField{"fundingIntervalHours", into(reader, &JsonReader::integer, hours)});
    if (complete && (hours < 1 || hours > hours_max)) {
        return reader.refuse(ErrorCode::field_value,
                             fmt::format("fundingIntervalHours = {} is not in 1…{}", hours, hours_max));
    }
    update.funding_interval_minutes = static_cast<int>(hours * minutes_per_hour);
    return complete;
}

bool read_account_ratio(JsonReader& reader, JsonValue element, AccountRatioPoint& point) {
    return read_object(reader, element, "an account ratio",
                       NamedField{"longAccount", into(reader, &JsonReader::real, point.buy_ratio)},
                       NamedField{"timestamp", into(reader, &JsonReader::row_time, point.time)});
}

}  // namespace virtuoso::binance
