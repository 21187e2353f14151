#include "exchange/bybit/rest_elements.hpp"

#include "base/text_hash.hpp"
#include "exchange/bybit/stream_elements.hpp"
#include "exchange/candle_reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>

namespace virtuoso::bybit {

namespace {

bool check_instrument(JsonReader& reader, const Instrument& instrument) {
    if (instrument.contract_type.empty()) {
        return reader.refuse(ErrorCode::unsupported_product,
                             fmt::format("instrument {} has no contractType: only contracts are decoded, not "
                                         "spot pairs or options",
                                         in_quotes(instrument.symbol)));
    }
    if (instrument.symbol.empty() || instrument.tick_size.units <= 0 || instrument.quantity_step.units <= 0) {
        return reader.refuse(ErrorCode::field_missing,
                             fmt::format("instrument {} needs symbol, priceFilter.tickSize and "
                                         "lotSizeFilter.qtyStep above zero",
                                         in_quotes(instrument.symbol)));
    }
    return true;
}

// A word of the exchange, whose list of them grows: what it speaks of counts, not how it is spelled.
AssetClass asset_class_of(std::string word) {
    std::ranges::transform(word, word.begin(), [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    });
    const auto speaks_of = [&](std::initializer_list<std::string_view> names) {
        return std::ranges::any_of(names, [&](std::string_view name) { return word.contains(name); });
    };
    if (word.empty() || speaks_of({"innovation", "adventure", "crypto", "coin"})) {
        return AssetClass::crypto;  // innovation and adventure are zones of young coins
    }
    return speaks_of({"stock", "equit", "etf"})            ? AssetClass::stock
           : speaks_of({"commodit", "metal", "energy"})    ? AssetClass::commodity
           : speaks_of({"forex", "fx", "currenc", "fiat"}) ? AssetClass::forex
                                                           : AssetClass::other;
}

}  // namespace

bool read_instrument(JsonReader& reader, JsonValue element, Instrument& instrument) {
    const auto nested = [&reader](JsonValue value, std::string_view field, std::string_view name,
                                  std::int64_t& units) {
        return for_each_field(reader, value, field, [&](JsonKey key, JsonValue inner) {
            return !is_key(key, name) || reader.decimal(inner, name, units);
        });
    };
    const bool complete = for_each_field(reader, element, "list[]", [&](JsonKey key, JsonValue value) {
        if (is_key(key, "symbol")) {
            return reader.symbol(value, "symbol", instrument.symbol);
        }
        if (is_key(key, "contractType")) {
            return reader.optional_text(value, "contractType", instrument.contract_type);
        }
        if (is_key(key, "status")) {
            return reader.optional_text(value, "status", instrument.status);
        }
        if (is_key(key, "baseCoin")) {
            return reader.optional_text(value, "baseCoin", instrument.base_coin);
        }
        if (is_key(key, "quoteCoin")) {
            return reader.optional_text(value, "quoteCoin", instrument.quote_coin);
        }
        if (is_key(key, "launchTime")) {
            return JsonReader::is_none(value) || reader.row_time(value, "launchTime", instrument.launch_time);
        }
        if (is_key(key, "symbolType")) {
            std::string type;
            const bool read = reader.optional_text(value, "symbolType", type);
            instrument.asset_class = asset_class_of(std::move(type));
            return read;
        }
        if (is_key(key, "priceFilter")) {
            return nested(value, "priceFilter", "tickSize", instrument.tick_size.units);
        }
        if (is_key(key, "lotSizeFilter")) {
            return nested(value, "lotSizeFilter", "qtyStep", instrument.quantity_step.units);
        }
        if (is_key(key, "fundingInterval")) {
            std::int64_t minutes = 0;
            const bool read = JsonReader::is_none(value) || reader.integer(value, "fundingInterval", minutes);
            instrument.funding_interval_minutes =
                static_cast<int>(std::clamp<std::int64_t>(minutes, 0, 10080));
            return read;
        }
        return true;
    });
    return complete && check_instrument(reader, instrument);
}

bool read_kline_row(JsonReader& reader, JsonValue element, Candle& candle) {
    int column = 0;
    const bool complete = for_each_element(reader, element, "list[]", [&](JsonValue value) {
        const int at = column++;
        return at == 6 ? reader.real(value, "turnover", candle.turnover)
                       : read_kline_column(reader, value, at, candle);
    });
    if (!complete) {
        return false;
    }
    if (column < 7) {
        return reader.refuse(ErrorCode::field_missing,
                             fmt::format("a kline row has 7 columns (start, open, high, low, close, volume, "
                                         "turnover), found {}",
                                         column));
    }
    candle.source = CandleSource::exchange;
    return check_candle(reader, candle);
}

bool read_recent_trade(JsonReader& reader, JsonValue element, std::string_view& symbol, TradePrint& print) {
    bool has_side = false;
    const bool complete = for_each_field(reader, element, "list[]", [&](JsonKey key, JsonValue value) {
        std::string_view text;
        if (is_key(key, "execId")) {
            if (JsonReader::is_none(value)) {
                return true;
            }
            const bool read = reader.text(value, "execId", text);
            print.id = text_hash(text);
            return read;
        }
        if (is_key(key, "symbol")) {
            return reader.symbol(value, "symbol", symbol);
        }
        if (is_key(key, "price")) {
            return reader.price(value, "price", print.price);
        }
        if (is_key(key, "size")) {
            return reader.size(value, "size", print.size);
        }
        if (is_key(key, "side")) {
            has_side = true;
            return read_side(reader, value, "side", print.taker);
        }
        if (is_key(key, "time")) {
            return reader.row_time(value, "time", print.time);
        }
        if (is_key(key, "isRPITrade")) {
            return reader.optional_flag(value, "isRPITrade", print.retail);
        }
        return !is_key(key, "isBlockTrade") || reader.optional_flag(value, "isBlockTrade", print.block);
    });
    if (!complete) {
        return false;
    }
    if (!has_side || print.price.is_zero() || print.size.is_zero() || print.time.ms == 0) {
        return reader.refuse(ErrorCode::field_missing, "a trade needs price, size > 0, side and time");
    }
    return true;
}

bool read_open_interest(JsonReader& reader, JsonValue element, OpenInterestPoint& point) {
    std::optional<double> both;
    std::optional<double> single;
    const bool complete = for_each_field(reader, element, "list[]", [&](JsonKey key, JsonValue value) {
        if (is_key(key, "openInterest")) {
            return reader.optional_quantity(value, "openInterest", both);
        }
        if (is_key(key, "singleOpenInterest")) {
            return reader.optional_quantity(value, "singleOpenInterest", single);
        }
        return !is_key(key, "timestamp") || reader.row_time(value, "timestamp", point.time);
    });
    if (single || both) {
        point.open_interest = single ? *single : *both / 2;
    }
    if (complete && ((!single && !both) || point.time.ms == 0)) {
        return reader.refuse(ErrorCode::field_missing, "open interest needs openInterest and timestamp");
    }
    return complete;
}

bool read_funding(JsonReader& reader, JsonValue element, std::string_view& symbol, FundingPoint& point) {
    bool has_rate = false;
    const bool complete = for_each_field(reader, element, "list[]", [&](JsonKey key, JsonValue value) {
        if (is_key(key, "symbol")) {
            return reader.symbol(value, "symbol", symbol);
        }
        if (is_key(key, "fundingRate")) {
            has_rate = true;
            return reader.real(value, "fundingRate", point.rate);
        }
        return !is_key(key, "fundingRateTimestamp") ||
               reader.row_time(value, "fundingRateTimestamp", point.time);
    });
    if (complete && (!has_rate || point.time.ms == 0)) {
        return reader.refuse(ErrorCode::field_missing, "funding needs fundingRate and fundingRateTimestamp");
    }
    return complete;
}

bool read_account_ratio(JsonReader& reader, JsonValue element, std::string_view& symbol,
                        AccountRatioPoint& point) {
    point.buy_ratio = -1;
    const bool complete = for_each_field(reader, element, "list[]", [&](JsonKey key, JsonValue value) {
        if (is_key(key, "symbol")) {
            return reader.symbol(value, "symbol", symbol);
        }
        if (is_key(key, "buyRatio")) {
            return reader.real(value, "buyRatio", point.buy_ratio);
        }
        return !is_key(key, "timestamp") || reader.row_time(value, "timestamp", point.time);
    });
    if (complete && (point.buy_ratio < 0 || point.buy_ratio > 1 || point.time.ms == 0)) {
        return reader.refuse(ErrorCode::field_value, "account ratio needs buyRatio in 0…1 and timestamp");
    }
    return complete;
}

}  // namespace virtuoso::bybit
