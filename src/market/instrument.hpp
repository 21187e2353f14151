// What an exchange says about a tradable contract.
#pragma once

#include "base/decimal.hpp"
#include "base/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace virtuoso {

enum class AssetClass : std::uint8_t { crypto, stock, commodity, forex, other };

inline constexpr std::array asset_classes{AssetClass::crypto, AssetClass::stock, AssetClass::commodity,
                                          AssetClass::forex, AssetClass::other};

[[nodiscard]] constexpr std::string_view name_of(AssetClass asset_class) noexcept {
    constexpr std::array<std::string_view, asset_classes.size()> names{"crypto", "stock", "commodity",
                                                                       "forex", "other"};
    return names[static_cast<std::size_t>(asset_class)];
}

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
