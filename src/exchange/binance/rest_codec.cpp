#include "exchange/binance/rest_codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace virtuoso::binance {

namespace {

// A snapshot as long as one of the limits that can be asked for was most likely cut there.
bool probably_cut(std::size_t levels) {
    constexpr std::array<std::size_t, 7> limits{5, 10, 20, 50, 100, 500, 1000};
    return levels >= 1000 || std::find(limits.begin(), limits.end(), levels) != limits.end();
}

}  // namespace

Result<RestReply> BinanceRestCodec::decode(std::string_view target, PaddedFrame body) {
    const RestRequest request(target);
    if (request.path() != "/fapi/v1/depth" && request.path() != "/api/v3/depth") {
        return fail(ErrorCode::unsupported_product,
                    fmt::format("endpoint {} is not decoded", in_quotes(request.path())));
    }
    symbol_ = request.parameter("symbol");
    if (symbol_.empty()) {
        return fail(ErrorCode::field_missing, "a depth snapshot needs the symbol of its request");
    }
    events_.clear();
    if (!read_depth(body)) {
        return std::unexpected(reader_.take_error());
    }
    return MarketReply{events_, {}};
}

bool BinanceRestCodec::read_depth(PaddedFrame body) {
    JsonDocument document;
    JsonObject root;
    BookSnapshot snapshot{.origin = SnapshotOrigin::rest};
    unsigned seen = 0;
    std::int64_t code = 0;
    std::string_view message;
    bids_.clear();
    asks_.clear();
    if (!reader_.open(body, document, root)) {
        return false;
    }
    const bool complete = for_each_field(reader_, root, [&](JsonKey key, JsonValue value) {
        if (is_key(key, "lastUpdateId")) {
            seen |= 1;
            return reader_.identifier(value, "lastUpdateId", snapshot.update_id);
        }
        if (is_key(key, "bids")) {
            seen |= 2;
            return reader_.levels(value, "bids", bids_);
        }
        if (is_key(key, "asks")) {
            seen |= 4;
            return reader_.levels(value, "asks", asks_);
        }
        if (is_key(key, "T") || (is_key(key, "E") && snapshot.time.ms == 0)) {
            return reader_.time(value, "T", snapshot.time);
        }
        if (is_key(key, "code")) {
            return reader_.integer(value, "code", code);
        }
        return !is_key(key, "msg") || reader_.text(value, "msg", message);
    });
    if (!complete) {
        return false;
    }
    if (code != 0) {
        return reader_.refuse(ErrorCode::exchange_refused,
                              fmt::format("the exchange answered code {}: {}", code, in_quotes(message)));
    }
    if (seen != 7) {
        return reader_.refuse(ErrorCode::field_missing, "a depth snapshot needs lastUpdateId, bids and asks");
    }
    snapshot.bids = bids_;
    snapshot.asks = asks_;
    snapshot.truncated = probably_cut(bids_.size()) || probably_cut(asks_.size());
    events_.push_back({symbol_, snapshot.time, snapshot});
    return true;
}

}  // namespace virtuoso::binance
