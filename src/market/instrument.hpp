// What an exchange says about a tradable contract.
#pragma once

#include "base/decimal.hpp"
#include "base/time.hpp"

#include <string>

namespace virtuoso {

struct Instrument {
    std::string symbol{};
    std::string base_coin{};
    std::string quote_coin{};
    std::string contract_type{};  ///< exchange's own word, for example "LinearPerpetual"
    std::string status{};         ///< "Trading", "PreLaunch", …
    Price tick_size{};
    Size quantity_step{};
    ExchangeTime launch_time{};
    int funding_interval_minutes = 0;
};

}  // namespace virtuoso
