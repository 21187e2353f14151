#include "present/account_json.hpp"

namespace virtuoso {

Json account_object(const Account& account, const std::function<void(const Position&, Json&)>& annotate) {
    const Wallet& wallet = account.wallet;
    Json coins = Json::array();
    for (const auto& coin : wallet.coins) {
        coins.push_back({{"coin", coin.coin},
                         {"wallet_balance", coin.wallet_balance},
                         {"equity", coin.equity},
                         {"usd_value", coin.usd_value},
                         {"unrealised", coin.unrealised_profit}});
    }
    Json positions = Json::array();
    for (const auto& position : account.positions) {
        Json told = {
            {"symbol", position.symbol},
            {"side", position.side == PositionSide::long_position ? "LONG" : "SHORT"},
            {"size", to_text(position.size)},
            {"entry_price", position.entry_price},
            {"mark_price", to_text(position.mark_price)},
            {"liquidation_price", position.liquidation_price ? Json(*position.liquidation_price) : Json()},
            {"leverage", position.leverage},
            {"value", position.value},
            {"unrealised", position.unrealised_profit},
            {"updated_ms", position.updated.ms}};
        if (annotate) {
            annotate(position, told);
        }
        positions.push_back(std::move(told));
    }
    return {{"schema", "virtuoso.account/1"},
            {"exchange", "bybit"},
            {"as_of_ms", account.time.ms},
            {"account_type", wallet.account_type},
            {"equity", wallet.equity},
            {"wallet_balance", wallet.wallet_balance},
            {"margin_balance", wallet.margin_balance},
            {"available_balance", wallet.available_balance},
            {"initial_margin", wallet.initial_margin},
            {"maintenance_margin", wallet.maintenance_margin},
            {"unrealised", wallet.unrealised_profit},
            {"coins", std::move(coins)},
            {"positions", std::move(positions)}};
}

std::string account_json(const Account& account) {
    return account_object(account).text(2);
}

}  // namespace virtuoso
