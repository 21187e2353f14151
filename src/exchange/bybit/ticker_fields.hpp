// The fields that Bybit's ticker stream and ticker endpoint share.
#pragma once

#include "exchange/json_reader.hpp"

#include <optional>

namespace virtuoso::bybit {

/// Reads one field of a ticker object into `update`; fields that are not kept are skipped. Refuses
/// option tickers. `bid` and `ask` collect the two halves of a quote. openInterest counts both sides of every
/// contract: the one side that others quote is singleOpenInterest, or half of it where that is not given.
struct TickerFields {
    TickerUpdate update;
    std::string_view symbol;
    BookLevel bid;
    BookLevel ask;
    bool bid_price = false;
    bool bid_size = false;
    bool ask_price = false;
    bool ask_size = false;
    std::optional<double> both_sides;
    std::optional<double> both_sides_value;

    [[nodiscard]] bool read(JsonReader& reader, JsonKey key, JsonValue value);
    /// Puts complete quotes and the open interest into `update`.
    void finish();

  private:
    /// Open interest and funding.
    [[nodiscard]] bool read_derivative(JsonReader& reader, JsonKey key, JsonValue value);
};

}  // namespace virtuoso::bybit
