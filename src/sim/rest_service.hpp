// The REST side of the simulated exchange.
#pragma once

#include "exchange/rest_reply.hpp"
#include "net/transport.hpp"
#include "sim/market_model.hpp"

#include <string>
#include <string_view>

namespace virtuoso::sim {

/// Bybit v5 public market endpoints for linear perpetuals, with its envelope, paging, order (newest
/// first), defaults, limits and errors. Other categories list nothing.
class RestService {
  public:
    explicit RestService(MarketModel& model) : model_(model) {}

    /// `now_ms` is what the exchange's clock says.
    [[nodiscard]] HttpAnswer answer(std::string_view target, std::int64_t now_ms);

  private:
    using Body = Result<std::string>;  ///< the result object, or retMsg of a refusal with code 10001

    [[nodiscard]] Body result_of(const RestRequest& request, std::int64_t now_ms);
    [[nodiscard]] Body instruments(const RestRequest& request);
    [[nodiscard]] Body tickers(const RestRequest& request);
    [[nodiscard]] Body kline(const RestRequest& request, std::int64_t now_ms);
    [[nodiscard]] Body order_book(const RestRequest& request, std::int64_t now_ms);
    [[nodiscard]] Body recent_trades(const RestRequest& request);
    [[nodiscard]] Body open_interest(const RestRequest& request, std::int64_t now_ms);
    [[nodiscard]] Body funding_history(const RestRequest& request, std::int64_t now_ms);
    [[nodiscard]] Body account_ratio(const RestRequest& request, std::int64_t now_ms);
    [[nodiscard]] Result<SymbolMarket*> market_of(const RestRequest& request);

    MarketModel& model_;
};

}  // namespace virtuoso::sim
