// What an exchange says about a tradable contract.
#pragma once

#include "base/decimal.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <string>

namespace virtuoso {

enum class AssetClass : std::uint8_t { crypto, stock, commodity, forex, other };

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
    AssetClass asset_class = AssetClass::crypto;  ///< of what the contract is about
};

}  // namespace virtuoso
