#include "api/market_json.hpp"

#include "present/json.hpp"

#include <algorithm>

namespace virtuoso {

namespace {

Json bitcoin_json(const std::optional<RealisedVolatility>& bitcoin) {
    if (!bitcoin) {
        return nullptr;
    }
    return {{"realised_volatility", bitcoin->annualised},
            {"percentile", bitcoin->percentile ? Json(*bitcoin->percentile) : Json(nullptr)},
            {"hours", bitcoin->returns}};
}

Json sides_json(const std::vector<Mover>& movers, std::size_t limit) {
    Json list = Json::array();
    for (std::size_t i = 0; i < std::min(limit, movers.size()); ++i) {
        const Mover& mover = movers[i];
        list.push_back({{"symbol", mover.symbol},
                        {"change_24h", mover.change_24h},
                        {"turnover_24h", mover.turnover_24h},
                        {"last_price", mover.last_price ? Json(to_text(*mover.last_price)) : Json(nullptr)}});
    }
    return list;
}

}  // namespace

std::string overview_json(const MarketOverview& overview) {
    const Json whole = {{"schema", "virtuoso.overview/1"},
                        {"as_of_ms", overview.as_of.ms},
                        {"age_ms", overview.age_ms},
                        {"gainers", overview.gainers},
                        {"losers", overview.losers},
                        {"unchanged", overview.unchanged},
                        {"total", overview.total},
                        {"mean_change", overview.mean_change},
                        {"volatility", overview.dispersion},
                        {"turnover_24h", overview.turnover},
                        {"advance_decline", overview.advance_decline},
                        {"bitcoin", bitcoin_json(overview.bitcoin)},
                        {"regime", overview.regime ? Json(name_of(*overview.regime)) : Json(nullptr)},
                        {"regime_rule", overview.regime ? Json(overview.regime_rule) : Json(nullptr)}};
    return whole.text() + "\n";
}

std::string movers_json(const MarketOverview& overview, std::size_t limit) {
    const Json whole = {{"schema", "virtuoso.movers/1"},
                        {"as_of_ms", overview.as_of.ms},
                        {"total", overview.total},
                        {"gainers", sides_json(overview.top_gainers, limit)},
                        {"losers", sides_json(overview.top_losers, limit)}};
    return whole.text() + "\n";
}

}  // namespace virtuoso
