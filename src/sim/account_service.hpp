// The private, read-only side of the simulated exchange.
#pragma once

#include "exchange/bybit/api_key.hpp"
#include "sim/market_model.hpp"
#include "sim/served_exchange.hpp"

#include <string>
#include <vector>

namespace virtuoso::sim {

/// One account with a few positions opened at the start, marked to the market. Requests are checked as Bybit
/// checks them: key, time window, signature.
class AccountService {
  public:
    /// The key that it knows. Not a secret.
    [[nodiscard]] static bybit::ApiKey key() { return {"virtuoso-simulated", "not-a-secret"}; }

    explicit AccountService(MarketModel& model);

    [[nodiscard]] static bool serves(std::string_view target) noexcept;
    /// `clock_ms` is what the exchange's clock says.
    [[nodiscard]] HttpAnswer answer(const ServerRequest& request, std::int64_t clock_ms);

  private:
    struct Held {
        std::string symbol;
        bool is_long;
        double quantity;
        double entry;
        int leverage;
    };

    [[nodiscard]] std::string wallet();
    [[nodiscard]] std::string positions(const ServerRequest& request);
    [[nodiscard]] double profit(const Held& held);
    [[nodiscard]] double mark(const Held& held);

    MarketModel& model_;
    std::vector<Held> held_;
    std::int64_t opened_ms_;
};

}  // namespace virtuoso::sim
