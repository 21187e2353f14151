// A trade as Binance's streams and answers tell it.
#pragma once

#include "exchange/json_reader.hpp"

#include <optional>
#include <span>

namespace virtuoso::binance {

/// Collects the fields p, q, nq, T, m and X. `m`: the buyer is the maker, so the taker sold. `X`, where it is
/// given, is MARKET for trades of the book; insurance fund, auto-deleveraging and nothing ("NA", of zero
/// price and size) are not of the market. `nq` is the size without retail price improvement: what is beyond
/// it becomes a print of its own with the same id.
class MarketTrade {
  public:
    /// Any field of the trade but its id; others are left alone.
    [[nodiscard]] bool read(JsonReader& reader, JsonKey key, JsonValue value);
    [[nodiscard]] bool read_id(JsonReader& reader, JsonValue value);
    /// T of a list's row, which may be in seconds.
    [[nodiscard]] bool read_row_time(JsonReader& reader, JsonValue value);
    /// One print or two, in `room`; nullopt when the reader refused the trade.
    [[nodiscard]] std::optional<std::span<const TradePrint>> finish(JsonReader& reader,
                                                                    std::span<TradePrint, 2> room) const;

  private:
    TradePrint print_;
    std::optional<Size> normal_size_;
    bool has_side_ = false;
    bool has_size_ = false;
    bool has_price_ = false;
};

}  // namespace virtuoso::binance
