#include "api/derivatives_json.hpp"

#include "present/json_values.hpp"

#include <algorithm>

namespace virtuoso {

namespace {

template <typename Ring>
auto newest_of(const Ring& ring, std::size_t most) {
    const std::size_t count = std::min(ring.size(), most);
    std::vector<std::remove_cvref_t<decltype(ring.back())>> points;
    points.reserve(count);
    for (std::size_t place = ring.size() - count; place < ring.size(); ++place) {
        points.push_back(ring[place]);
    }
    return points;
}

Json ticker_json(const Ticker& ticker) {
    return {{"mark_price", or_null(ticker.mark_price)},
            {"index_price", or_null(ticker.index_price)},
            {"open_interest", or_null(ticker.open_interest)},
            {"open_interest_value", or_null(ticker.open_interest_value)},
            {"funding_rate", or_null(ticker.funding_rate)},
            {"next_funding_ms", or_null(ticker.next_funding_time)},
            {"funding_interval_minutes",
             ticker.funding_interval_minutes ? Json(*ticker.funding_interval_minutes) : Json(nullptr)}};
}

}  // namespace

DerivativesReading read_derivatives(const TrackedSymbol& symbol, std::size_t liquidations) {
    const SymbolState& state = symbol.state;
    return {.symbol = state.symbol(),
            .as_of = state.as_of(),
            .ticker = state.ticker(),
            .open_interest = newest_of(state.open_interest(), SymbolState::open_interest_max),
            .funding = newest_of(state.funding(), SymbolState::funding_max),
            .account_ratio = newest_of(state.account_ratio(), SymbolState::account_ratio_max),
            .liquidations = newest_of(state.liquidations(), liquidations),
            .liquidations_kept = state.liquidations().size()};
}

Json derivatives_json(const DerivativesReading& reading) {
    Json interest = Json::array();
    for (const auto& point : reading.open_interest) {
        interest.push_back({{"time_ms", point.time.ms},
                            {"open_interest", point.open_interest},
                            {"price", point.price.is_zero() ? Json(nullptr) : Json(to_text(point.price))}});
    }
    Json funding = Json::array();
    for (const auto& point : reading.funding) {
        funding.push_back({{"time_ms", point.time.ms},
                           {"rate", point.rate},
                           {"interval_minutes",
                            point.interval_minutes > 0 ? Json(point.interval_minutes) : Json(nullptr)}});
    }
    Json ratios = Json::array();
    for (const auto& point : reading.account_ratio) {
        ratios.push_back({{"time_ms", point.time.ms}, {"long_share", point.buy_ratio}});
    }
    Json liquidations = Json::array();
    for (const auto& kept : reading.liquidations) {
        const Liquidation event = kept.event();
        liquidations.push_back(
            {{"time_ms", event.time.ms},
             {"position", event.position == PositionSide::long_position ? "long" : "short"},
             {"price", to_text(event.price)},
             {"size", to_text(event.size)}});
    }
    return {{"schema", "virtuoso.derivatives/1"},     {"symbol", reading.symbol},
            {"as_of_ms", reading.as_of.ms},           {"now", ticker_json(reading.ticker)},
            {"open_interest", std::move(interest)},   {"funding", std::move(funding)},
            {"account_ratio", std::move(ratios)},     {"liquidations_kept", reading.liquidations_kept},
            {"liquidations", std::move(liquidations)}};
}

}  // namespace virtuoso
