// The market as a whole, from the tickers of every linear USDT perpetual, followed or not.
#pragma once

#include "engine/market_tickers.hpp"
#include "service/advance_decline.hpp"
#include "service/market_regime.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

struct Mover {
    std::string symbol;
    double change_24h = 0;    ///< share
    double turnover_24h = 0;  ///< USDT; 0 where it is not known
    std::optional<Price> last_price;
};

/// METHODOLOGY §10, as of one time. A value: it does not change once it was made.
struct MarketOverview {
    static constexpr std::size_t movers_max = 10;

    ExchangeTime as_of;
    std::size_t gainers = 0;  ///< above their price 24 h ago
    std::size_t losers = 0;
    std::size_t unchanged = 0;
    std::size_t total = 0;             ///< contracts whose change is known
    double mean_change = 0;            ///< of their 24 h changes, a share: 0.01 is 1 %
    double dispersion = 0;             ///< standard deviation of them, shown as Volatility
    double turnover = 0;               ///< USDT in 24 h, of all contracts
    std::int64_t advance_decline = 0;  ///< see AdvanceDeclineLine
    std::optional<RealisedVolatility> bitcoin;
    std::optional<MarketRegime> regime;  ///< absent while too few contracts are known
    std::string regime_rule;             ///< the rule that fired, with its numbers
    std::vector<Mover> top_gainers;      ///< those that rose most first, ties by name
    std::vector<Mover> top_losers;
    std::int64_t age_ms = 0;  ///< of the newest ticker in it
};

/// A linear perpetual that is paid in USDT, by its name: contracts that expire carry their date behind it.
[[nodiscard]] bool is_usdt_perpetual(std::string_view symbol) noexcept;

/// Makes overviews, one after the other: keeps what one alone does not tell (regime, advance/decline line).
/// Single-threaded. O(n log n) of n samples.
class MarketOverviewMaker {
  public:
    explicit MarketOverviewMaker(const RegimeLimits& limits = {}) : regime_(limits) {}

    /// `samples`: the fresh ones of one exchange, each contract once. Others than USDT perpetuals are passed
    /// over. `as_of` does not fall; if it does, nothing is advanced.
    [[nodiscard]] MarketOverview make(std::span<const TickerSample> samples,
                                      std::optional<RealisedVolatility> bitcoin, ExchangeTime as_of);

  private:
    RegimeTracker regime_;
    AdvanceDeclineLine line_;
};

/// "40 gainers, 517 losers (557 total)"
[[nodiscard]] std::string breadth_line(const MarketOverview& overview);
/// "Updated movers: 10 gainers, 10 losers from 557 symbols; top gainer XUSDT +12.34 %, top loser YUSDT -8.10
/// %"
[[nodiscard]] std::string movers_line(const MarketOverview& overview);

}  // namespace virtuoso
