// Rows of tables as they are kept: one plain line each, whatever program wrote them.
#pragma once

#include "market/candle_interval.hpp"
#include "market/event.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace virtuoso::archive {

enum class RowKind : std::uint8_t { candles, trades, funding, interest, ratio, mark, book };

/// "candles", "trades", "funding", "interest", "ratio", "mark", "book"
[[nodiscard]] std::string_view name_of(RowKind kind) noexcept;
[[nodiscard]] std::optional<RowKind> row_kind_named(std::string_view name) noexcept;

struct TradeRow {
    TradePrint print;
    TradeFeed feed = TradeFeed::individual;
};

struct MarkPoint {
    ExchangeTime time{};
    Price price{};
};

/// A message of a book: its levels, from one line each.
struct BookMessage {
    ExchangeTime time{};
    bool snapshot = false;
    SnapshotOrigin origin = SnapshotOrigin::stream;
    std::uint64_t first_id = 0;
    std::uint64_t last_id = 0;
    std::uint64_t previous_id = 0;
    std::vector<BookLevel> bids = {};
    std::vector<BookLevel> asks = {};
};

using RowValue = std::variant<Candle, TradeRow, FundingPoint, OpenInterestPoint, AccountRatioPoint, MarkPoint,
                              BookMessage>;

[[nodiscard]] RowKind kind_of(const RowValue& value) noexcept;

/// One line, by kind:
///
///     candles   time,open,high,low,close,volume[,turnover[,taker_buy]]
///     trades    time,price,size,buy|sell,id[,aggregate]
///     funding   time,rate,interval in minutes (0: not told)
///     interest  time,open interest
///     ratio     time,share of accounts that are net long
///     mark      time,price
///     book      time,snapshot|rest|delta,first,last,previous{,b|a,price,size}
///
/// Times are ms, prices and sizes plain decimals.
[[nodiscard]] std::string row_text(const RowValue& value);

/// Reads what `row_text` wrote. Errors: field_value and those of decimals, each naming the field; candle_row
/// for a candle that is none.
[[nodiscard]] Result<RowValue> row_value(RowKind kind, std::string_view text);

/// Refuses prices that are not positive or do not enclose open and close, and negative volumes. `row` is how
/// the candle is quoted.
[[nodiscard]] Result<void> check_candle(const Candle& candle, std::string_view row);

}  // namespace virtuoso::archive
