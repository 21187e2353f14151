// Rows of tables as events.
#pragma once

#include "exchange/archive/archive_row.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso::archive {

/// The rows of one symbol and kind, in order of time. Of candles longer than a minute the longer ones are
/// made, of others than are kept those that are: a candle is made of all its parts, else it is partial.
class RowDecoder {
  public:
    /// `interval`: of candles.
    RowDecoder(RowKind kind, std::string symbol, CandleInterval interval);

    /// Events are valid until the next call. Errors as of `row_value`; candle_order for a candle off its
    /// grid.
    [[nodiscard]] Result<std::span<const MarketEvent>> decode(std::string_view text);

  private:
    /// A longer candle in the making.
    struct Longer {
        Timeframe timeframe = Timeframe::m1;
        std::vector<Candle> parts = {};  ///< of the newest interval
        bool told = false;               ///< as its last part was there
    };

    [[nodiscard]] Result<void> take(const Candle& candle);
    void take(const TradeRow& row);
    void take(const FundingPoint& point);
    void take(const OpenInterestPoint& point);
    void take(const AccountRatioPoint& point);
    void take(const MarkPoint& point);
    void take(const BookMessage& book);
    void add_to(Longer& longer, const Candle& part, ExchangeTime now);
    void tell_longer(const Longer& longer, ExchangeTime now);
    void tell(Timeframe timeframe, const Candle& candle, ExchangeTime now);

    RowKind kind_;
    std::string symbol_;
    CandleInterval interval_;
    std::vector<Longer> longer_;
    RowValue value_;  ///< what the events show
    std::vector<MarketEvent> events_;
};

}  // namespace virtuoso::archive
