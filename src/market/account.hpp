// A trading account as its owner sees it.
#pragma once

#include "base/decimal.hpp"
#include "base/time.hpp"
#include "market/event.hpp"

#include <optional>
#include <string>
#include <vector>

namespace virtuoso {

/// Balances come with more decimals than prices have and are for display: doubles.
struct CoinBalance {
    std::string coin{};
    double wallet_balance = 0;
    double equity = 0;  ///< balance and unrealised profit
    double usd_value = 0;
    double unrealised_profit = 0;
};

/// Totals in US dollars.
struct Wallet {
    std::string account_type{};
    double equity = 0;
    double wallet_balance = 0;
    double margin_balance = 0;
    double available_balance = 0;
    double initial_margin = 0;
    double maintenance_margin = 0;
    double unrealised_profit = 0;
    std::vector<CoinBalance> coins{};
};

struct Position {
    std::string symbol{};
    PositionSide side = PositionSide::long_position;
    Size size{};
    double entry_price = 0;  ///< average
    Price mark_price{};
    std::optional<double> liquidation_price{};
    double leverage = 0;
    double value = 0;  ///< quote currency
    double unrealised_profit = 0;
    ExchangeTime updated{};
};

struct Account {
    Wallet wallet{};
    std::vector<Position> positions{};  ///< open ones only
    ExchangeTime time{};                ///< of the exchange's answer
};

}  // namespace virtuoso
