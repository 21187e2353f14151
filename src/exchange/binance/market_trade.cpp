#include "exchange/binance/market_trade.hpp"

namespace virtuoso::binance {

bool MarketTrade::read(JsonReader& reader, JsonKey key, JsonValue value) {
    if (is_key(key, "p")) {
        has_price_ = true;
        return reader.decimal(value, "p", print_.price.units);
    }
    if (is_key(key, "q")) {
        has_size_ = true;
        return reader.size(value, "q", print_.size);
    }
    if (is_key(key, "nq")) {
        return reader.optional_size(value, "nq", normal_size_);
    }
    if (is_key(key, "T")) {
        return reader.time(value, "T", print_.time);
    }
    if (is_key(key, "m")) {
        bool buyer_is_maker = false;
        has_side_ = true;
        const bool read = reader.boolean(value, "m", buyer_is_maker);
        print_.taker = buyer_is_maker ? Side::sell : Side::buy;
        return read;
    }
    if (is_key(key, "X")) {
        std::string_view kind;
        const bool read = reader.optional_text(value, "X", kind);
        print_.off_market = !kind.empty() && kind != "MARKET";
        return read;
    }
    return true;
}

bool MarketTrade::read_id(JsonReader& reader, JsonValue value) {
    return reader.identifier(value, "the trade's id", print_.id);
}

bool MarketTrade::read_row_time(JsonReader& reader, JsonValue value) {
    return reader.row_time(value, "T", print_.time);
}

std::optional<std::span<const TradePrint>> MarketTrade::finish(JsonReader& reader,
                                                               std::span<TradePrint, 2> room) const {
    const std::string_view missing = !has_price_           ? "p"
                                     : !has_size_          ? "q"
                                     : !has_side_          ? "m"
                                     : print_.time.ms == 0 ? "T"
                                     : print_.id == 0      ? "a, t (its id)"
                                                           : "";
    if (!missing.empty()) {
        static_cast<void>(reader.refuse_missing(missing, "a trade"));
        return std::nullopt;
    }
    if (print_.price.units < 0 || (print_.price.is_zero() && !print_.size.is_zero() && !print_.off_market)) {
        static_cast<void>(reader.refuse(ErrorCode::field_value, "a trade needs a positive price p"));
        return std::nullopt;
    }
    room[0] = print_;
    room[0].off_market = print_.off_market || print_.size.is_zero();
    const Size normal = normal_size_.value_or(print_.size);
    if (room[0].off_market || normal >= print_.size) {
        return room.first(1);
    }
    room[0].size = normal;
    room[1] = print_;
    room[1].size = print_.size - normal;
    room[1].retail = true;
    return normal.is_zero() ? room.last(1) : room.first(2);
}

}  // namespace virtuoso::binance
