// Each kind of event of the stream.
#include "exchange/binance/market_trade.hpp"
#include "exchange/binance/stream_codec.hpp"
#include "exchange/binance/stream_elements.hpp"
#include "exchange/candle_reading.hpp"

namespace virtuoso::binance {

// m: the buyer is the maker, so the taker sold.
bool BinanceStreamCodec::read_trade(JsonObject& event, TradeFeed feed) {
    MarketTrade trade;
    if (in_list_) {
        return reader_.refuse(ErrorCode::unsupported_product, "a list of trades is not decoded");
    }
    const bool complete = for_each_field(reader_, event, [&](JsonKey key, JsonValue value) {
        if (is_key(key, feed == TradeFeed::aggregate ? "a" : "t")) {
            return trade.read_id(reader_, value);
        }
        return trade.read(reader_, key, value) && common_field(key, value);
    });
    if (!complete || !need_symbol("trade")) {
        return false;
    }
    const auto prints = trade.finish(reader_, prints_);
    if (!prints) {
        return false;
    }
    emit(prints_[0].time, Trades{.feed = feed, .ids_ascend = true, .prints = *prints});
    return true;
}

bool BinanceStreamCodec::read_book_ticker(JsonObject& event) {
    BookLevel bid;
    BookLevel ask;
    const bool complete = for_each_field(reader_, event, [&](JsonKey key, JsonValue value) {
        if (is_key(key, "b")) {
            fields_.seen |= 1;
            return reader_.decimal(value, "b", bid.price.units);
        }
        if (is_key(key, "B")) {
            fields_.seen |= 2;
            return reader_.size(value, "B", bid.size);
        }
        if (is_key(key, "a")) {
            fields_.seen |= 4;
            return reader_.decimal(value, "a", ask.price.units);
        }
        if (is_key(key, "A")) {
            fields_.seen |= 8;
            return reader_.size(value, "A", ask.size);
        }
        if (is_key(key, "T")) {
            return reader_.time(value, "T", fields_.transaction_time);
        }
        return common_field(key, value);
    });
    if (!complete || !need_symbol("bookTicker")) {
        return false;
    }
    if (fields_.seen != 15 || bid.price.units < 0 || ask.price.units < 0) {
        return reader_.refuse(ErrorCode::field_missing, "bookTicker needs b, B, a and A of zero or more");
    }
    const auto time = fields_.transaction_time.ms != 0 ? fields_.transaction_time : fields_.event_time;
    TickerUpdate update{.time = time};
    if (bid.price.units > 0) {
        update.best_bid = bid;
    }
    if (ask.price.units > 0) {
        update.best_ask = ask;
    }
    emit(time, update);
    return true;
}

bool BinanceStreamCodec::read_kline(JsonObject& event) {
    KlineUpdate update;
    bool has_kline = false;
    bool kept = false;
    const bool complete = for_each_field(reader_, event, [&](JsonKey key, JsonValue value) {
        if (is_key(key, "k")) {
            has_kline = true;
            return read_kline_object(reader_, value, update, kept);
        }
        return common_field(key, value);
    });
    if (!complete || !need_symbol("kline")) {
        return false;
    }
    if (!has_kline) {
        return reader_.refuse_missing("k", "kline");
    }
    update.time = fields_.event_time;
    if (kept && !check_grid(reader_, update.candle, update.timeframe)) {
        return false;
    }
    if (kept) {
        emit(fields_.event_time, update);
    }
    return true;
}

bool BinanceStreamCodec::read_mark_price(JsonObject& event) {
    TickerUpdate update;
    const bool complete = for_each_field(reader_, event, [&](JsonKey key, JsonValue value) {
        if (is_key(key, "p")) {
            return reader_.optional_price(value, "p", update.mark_price);
        }
        if (is_key(key, "i")) {
            return reader_.optional_price(value, "i", update.index_price);
        }
        if (is_key(key, "r")) {
            return reader_.optional_real(value, "r", update.funding_rate);
        }
        if (is_key(key, "T")) {
            return reader_.optional_time(value, "T", update.next_funding_time);
        }
        return common_field(key, value);
    });
    if (!complete || !need_symbol("markPriceUpdate")) {
        return false;
    }
    if (!update.mark_price || fields_.event_time.ms == 0) {
        return reader_.refuse(ErrorCode::field_missing, "markPriceUpdate needs E and p");
    }
    update.time = fields_.event_time;
    emit(fields_.event_time, update);
    return true;
}

bool BinanceStreamCodec::read_day_ticker(JsonObject& event) {
    TickerUpdate update;
    const bool complete = for_each_field(reader_, event, [&](JsonKey key, JsonValue value) {
        if (is_key(key, "c")) {
            return reader_.optional_price(value, "c", update.last_price);
        }
        if (is_key(key, "P")) {
            return reader_.optional_real(value, "P", update.change_24h);
        }
        if (is_key(key, "h")) {
            return reader_.optional_price(value, "h", update.high_24h);
        }
        if (is_key(key, "l")) {
            return reader_.optional_price(value, "l", update.low_24h);
        }
        if (is_key(key, "v")) {
            return reader_.optional_real(value, "v", update.volume_24h);
        }
        if (is_key(key, "q")) {
            return reader_.optional_real(value, "q", update.turnover_24h);
        }
        return common_field(key, value);
    });
    if (!complete || !need_symbol("24hrTicker")) {
        return false;
    }
    if (fields_.event_time.ms == 0) {
        return reader_.refuse_missing("E", "24hrTicker");
    }
    if (update.change_24h) {
        *update.change_24h /= 100;  // percent on the wire
    }
    update.time = fields_.event_time;
    emit(fields_.event_time, update);
    return true;
}

bool BinanceStreamCodec::read_force_order(JsonObject& event) {
    Liquidation& liquidation = liquidations_.emplace_back();
    bool has_order = false;
    const bool complete = for_each_field(reader_, event, [&](JsonKey key, JsonValue value) {
        if (is_key(key, "o")) {
            has_order = true;
            return read_order_object(reader_, value, fields_.symbol, liquidation);
        }
        return !is_key(key, "E") || reader_.time(value, "E", fields_.event_time);
    });
    if (!complete) {
        return false;
    }
    if (!has_order) {
        return reader_.refuse_missing("o", "forceOrder");
    }
    if (!need_symbol("forceOrder")) {
        return false;
    }
    emit(liquidation.time, Liquidations{{&liquidation, 1}});
    return true;
}

}  // namespace virtuoso::binance
