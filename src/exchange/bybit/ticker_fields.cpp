#include "exchange/bybit/ticker_fields.hpp"

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
    if (is("openInterest")) {
        return reader.optional_quantity(value, "openInterest", update.open_interest);
    }
    if (is("openInterestValue")) {
        return reader.optional_real(value, "openInterestValue", update.open_interest_value);
    }
    if (is("fundingRate")) {
        return reader.optional_real(value, "fundingRate", update.funding_rate);
    }
    if (is("nextFundingTime")) {
        return reader.optional_time(value, "nextFundingTime", update.next_funding_time);
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
    return true;
}

void TickerFields::finish() {
    if (bid_price && bid_size && bid.price.units > 0) {
        update.best_bid = bid;
    }
    if (ask_price && ask_size && ask.price.units > 0) {
        update.best_ask = ask;
    }
}

}  // namespace virtuoso::bybit
