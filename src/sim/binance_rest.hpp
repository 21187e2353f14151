// Binance's USD-M REST API over a market model.
#pragma once

#include "exchange/rest_reply.hpp"
#include "net/transport.hpp"
#include "sim/faults.hpp"
#include "sim/market_model.hpp"
#include "sim/request_window.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace virtuoso::sim {

/// Market data with the exchange's weights and limits: 2400 a minute, 1000 requests in five minutes for the
/// lists under /futures/data, 500 for funding. Beyond them HTTP 429. Source:
/// https://developers.binance.com/docs/derivatives/usds-margined-futures/general-info
class BinanceRest {
  public:
    BinanceRest(MarketModel& model, FaultPlan& faults) : model_(model), faults_(faults) {}

    [[nodiscard]] HttpAnswer answer(std::string_view target, std::int64_t now_ms, std::int64_t clock_ms);

    /// The most weight that any minute has seen.
    [[nodiscard]] double weight_peak() const noexcept { return weight_.peak(); }
    [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }

  private:
    [[nodiscard]] bool within_limits(const RestRequest& request, std::int64_t now_ms);
    [[nodiscard]] HttpAnswer told(int status, std::string body) const;
    [[nodiscard]] std::string whole_market(const RestRequest& request, std::int64_t clock_ms);
    [[nodiscard]] std::string of_symbol(const RestRequest& request, SymbolMarket& market,
                                        std::int64_t clock_ms);
    [[nodiscard]] std::string history(const RestRequest& request, const SymbolMarket& market,
                                      std::int64_t clock_ms) const;
    [[nodiscard]] std::string instruments(std::int64_t clock_ms);
    [[nodiscard]] std::string day_tickers(std::string_view wanted, std::int64_t clock_ms);
    [[nodiscard]] std::string funding_info();
    [[nodiscard]] std::string depth(const RestRequest& request, SymbolMarket& market, std::int64_t clock_ms);

    MarketModel& model_;
    FaultPlan& faults_;
    RequestWindow weight_{ms_per_minute, 2'400};
    RequestWindow statistics_{5 * ms_per_minute, 1'000};
    RequestWindow funding_{5 * ms_per_minute, 500};
    std::uint64_t refused_ = 0;
    std::map<std::string, std::string, std::less<>> last_depth_;  ///< by symbol: what a lagging node has
};

}  // namespace virtuoso::sim
