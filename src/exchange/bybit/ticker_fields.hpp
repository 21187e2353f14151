// The fields that Bybit's ticker stream and ticker endpoint share.
#pragma once

#include "exchange/json_reader.hpp"

namespace virtuoso::bybit {

/// Reads one field of a ticker object into `update`; fields that are not kept are skipped. Refuses
/// option tickers. `bid` and `ask` collect the two halves of a quote.
struct TickerFields {
    TickerUpdate update;
    std::string_view symbol;
    BookLevel bid;
    BookLevel ask;
    bool bid_price = false;
    bool bid_size = false;
    bool ask_price = false;
    bool ask_size = false;

    [[nodiscard]] bool read(JsonReader& reader, JsonKey key, JsonValue value);
    /// Puts complete quotes into `update`.
    void finish();
};

}  // namespace virtuoso::bybit
