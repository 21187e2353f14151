#include "exchange/bybit/ticker_fields.hpp"

#include <fmt/format.h>

namespace virtuoso::bybit {

namespace {

bool read_quote_size(JsonReader& reader, JsonValue value, std::string_view field, Size& size, bool& present) {
    std::optional<Size> read;
    if (!reader.optional_size(value, field, read)) {
        return false;
    }
    size = read.value_or(size);
    present = present || read.has_value();
    return true;
}

bool read_quote_price(JsonReader& reader, JsonValue value, std::string_view field, Price& price,
                      bool& present) {
    std::optional<Price> read;
    if (!reader.optional_price(value, field, read)) {
        return false;
    }
    price = read.value_or(price);
    present = present || read.has_value();
    return true;
}

bool read_funding_interval(JsonReader& reader, JsonValue value, std::optional<int>& minutes) {
    constexpr double hours_max = 24 * 7;
    std::optional<double> hours;
    if (!reader.optional_real(value, "fundingIntervalHour", hours)) {
        return false;
    }
    if (hours && !(*hours >= 0 && *hours <= hours_max)) {
        return reader.refuse(ErrorCode::field_value,
                             fmt::format("fundingIntervalHour = {} is not a funding interval", *hours));
    }
    if (hours && *hours > 0) {  // dated contracts have none
        minutes = static_cast<int>(*hours * 60);
    }
    return true;
}

}  // namespace

bool TickerFields::read(JsonReader& reader, JsonKey key, JsonValue value) {
    const auto is = [&](std::string_view name) { return is_key(key, name); };
    if (is("symbol")) {
        return reader.symbol(value, "symbol", symbol);
    }
    if (is("lastPrice")) {
        return reader.optional_price(value, "lastPrice", update.last_price);
    }
    if (is("markPrice")) {
        return reader.optional_price(value, "markPrice", update.mark_price);
    }
    if (is("indexPrice")) {
        return reader.optional_price(value, "indexPrice", update.index_price);
    }
    if (is("bid1Price")) {
        return read_quote_price(reader, value, "bid1Price", bid.price, bid_price);
    }
    if (is("bid1Size")) {
        return read_quote_size(reader, value, "bid1Size", bid.size, bid_size);
    }
    if (is("ask1Price")) {
        return read_quote_price(reader, value, "ask1Price", ask.price, ask_price);
    }
    if (is("ask1Size")) {
        return read_quote_size(reader, value, "ask1Size", ask.size, ask_size);
    }
    if (is("price24hPcnt")) {
        return reader.optional_real(value, "price24hPcnt", update.change_24h);
    }
    if (is("turnover24h")) {
        return reader.optional_real(value, "turnover24h", update.turnover_24h);
    }
    if (is("volume24h")) {
        return reader.optional_real(value, "volume24h", update.volume_24h);
    }
    if (is("highPrice24h")) {
        return reader.optional_price(value, "highPrice24h", update.high_24h);
    }
    if (is("lowPrice24h")) {
        return reader.optional_price(value, "lowPrice24h", update.low_24h);
    }
    if (is("bidIv") || is("bid1Iv") || is("markIv") || is("markPriceIv")) {
        return reader.refuse(ErrorCode::unsupported_product,
                             "option ticker: only linear, inverse and spot tickers are decoded");
    }
    return read_derivative(reader, key, value);
}

bool TickerFields::read_derivative(JsonReader& reader, JsonKey key, JsonValue value) {
    const auto is = [&](std::string_view name) { return is_key(key, name); };
    if (is("openInterest")) {
        return reader.optional_quantity(value, "openInterest", both_sides);
    }
    if (is("singleOpenInterest")) {
        return reader.optional_quantity(value, "singleOpenInterest", update.open_interest);
    }
    if (is("openInterestValue")) {
        return reader.optional_real(value, "openInterestValue", both_sides_value);
    }
    if (is("singleOpenInterestValue")) {
        return reader.optional_real(value, "singleOpenInterestValue", update.open_interest_value);
    }
    if (is("fundingIntervalHour")) {
        return read_funding_interval(reader, value, update.funding_interval_minutes);
    }
    if (is("fundingRate")) {
        return reader.optional_real(value, "fundingRate", update.funding_rate);
    }
    if (is("nextFundingTime")) {
        return reader.optional_time(value, "nextFundingTime", update.next_funding_time);
    }
    return true;
}

void TickerFields::finish() {
    if (!update.open_interest && both_sides) {
        update.open_interest = *both_sides / 2;
    }
    if (!update.open_interest_value && both_sides_value) {
        update.open_interest_value = *both_sides_value / 2;
    }
    if (bid_price && bid_size && bid.price.units > 0) {
        update.best_bid = bid;
    }
    if (ask_price && ask_size && ask.price.units > 0) {
        update.best_ask = ask;
    }
}

}  // namespace virtuoso::bybit
