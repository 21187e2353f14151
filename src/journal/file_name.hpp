// What a file's name tells of its contents.
#pragma once

#include "market/candle_interval.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace virtuoso {

struct FileNameHints {
    std::string symbol;
    bool names_pair = false;  ///< false: the symbol is but the first word
    std::optional<CandleInterval> interval;
    /// Candles of mark prices, or of index prices and premiums, which are shaped like those of trades.
    enum class Prices { traded, mark, index } prices = Prices::traded;
};

/// Names as exchanges and other programs give them: "BTC_USDT_USDT-1m-futures.json.gz",
/// "XRPUSDT2025-01-15.csv.gz", "1h_1000PEPEUSDT.csv", "BINANCE_BTCUSDT.P, 1.csv",
/// "markPriceKlines/…/BTCUSDT-1h-2025-01.zip". Of the standard input and a shell's pipes: nothing.
[[nodiscard]] FileNameHints hints_of(std::string_view path);

}  // namespace virtuoso
