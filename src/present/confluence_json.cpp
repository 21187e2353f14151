#include "present/confluence_json.hpp"

#include "analysis/interpretation.hpp"
#include "analysis/orderbook_component.hpp"
#include "present/component_json.hpp"
#include "present/json_values.hpp"

namespace virtuoso {

namespace {

constexpr std::size_t book_levels = 25;

Json levels_json(const std::array<BookLevel, book_levels>& levels, std::size_t count) {
    Json list = Json::array();
    for (std::size_t i = 0; i < count; ++i) {
        list.push_back({to_text(levels[i].price), to_text(levels[i].size)});
    }
    return list;
}

Json book_json(const SymbolState& state, ExchangeTime as_of) {
    const auto book = state.book().view(as_of, OrderbookComponent::stale_after_ms);
    if (!book) {
        return {{"valid", false},
                {"reason", std::string(name_of(book.error()))},
                {"best_bid", nullptr},
                {"best_ask", nullptr},
                {"bids", Json::array()},
                {"asks", Json::array()},
                {"last_update", state.book().update_id()}};
    }
    std::array<BookLevel, book_levels> bids;
    std::array<BookLevel, book_levels> asks;
    const std::size_t bid_count = book->top_bids(bids);
    const std::size_t ask_count = book->top_asks(asks);
    return {{"valid", true},
            {"best_bid", bid_count > 0 ? Json(to_text(bids[0].price)) : Json(nullptr)},
            {"best_ask", ask_count > 0 ? Json(to_text(asks[0].price)) : Json(nullptr)},
            {"bids", levels_json(bids, bid_count)},
            {"asks", levels_json(asks, ask_count)},
            {"last_update", book->update_id()}};
}

Json last_minute_json(const SymbolState& state) {
    const auto& closed = state.candles().series(Timeframe::m1).closed();
    if (closed.empty()) {
        return nullptr;
    }
    const Candle& candle = closed.back();
    return {{"start_ms", candle.open_time.ms}, {"open", to_text(candle.open)},
            {"high", to_text(candle.high)},    {"low", to_text(candle.low)},
            {"close", to_text(candle.close)},  {"volume", candle.volume}};
}

Json market_json(const SymbolState& state, ExchangeTime as_of) {
    const FeedTotals& totals = state.totals();
    Json candles = Json::object();
    for (const auto timeframe : all_timeframes) {
        candles.set(name_of(timeframe), state.candles().series(timeframe).closed().size());
    }
    return {{"book", book_json(state, as_of)},
            {"trades", totals.trades},
            {"off_market_trades", totals.off_market},
            {"sizes_capped", totals.sizes_capped},
            {"buy_volume", decimal_text(totals.buy_volume, decimal_places)},
            {"sell_volume", decimal_text(totals.sell_volume, decimal_places)},
            {"candles", std::move(candles)},
            {"last_minute", last_minute_json(state)},
            {"messages", totals.messages},
            {"gaps", totals.gaps},
            {"crossings", totals.crossings},
            {"duplicates", totals.duplicates},
            {"late_trades", totals.late_trades},
            {"rejected", totals.rejected}};
}

}  // namespace

Json confluence_object(std::string_view exchange, std::string_view symbol, const Confluence& confluence) {
    const auto interpretations = interpret(confluence, symbol);
    Json components = Json::object();
    for (const auto& component : confluence.components) {
        components.set(spec_of(component.id).name,
                       component_json(component, interpretations[static_cast<std::size_t>(component.id)]));
    }
    return {
        {"schema", "virtuoso.confluence/1"},
        {"exchange", exchange},
        {"symbol", symbol},
        {"as_of_ms", confluence.as_of.ms},
        {"score", or_null(confluence.score)},
        {"signal", confluence.verdict ? Json(name_of(*confluence.verdict)) : Json(nullptr)},
        {"raw_signal", confluence.raw_verdict ? Json(name_of(*confluence.raw_verdict)) : Json(nullptr)},
        {"pulse", or_null(confluence.pulse)},
        {"coverage", confluence.coverage},
        {"reliability", confluence.reliability},
        {"consensus", confluence.consensus},
        {"disagreement", confluence.disagreement},
        {"confidence", confluence.confidence},
        {"freshness", confluence.freshness},
        {"components_present", confluence.present},
        {"components", std::move(components)},
        {"insights", insights(confluence, symbol)},
        {"turning_points", turning_points(confluence)},
    };
}

std::string confluence_json(std::string_view exchange, const SymbolState& state,
                            const Confluence& confluence) {
    Json whole = confluence_object(exchange, state.symbol(), confluence);
    whole.set("market", market_json(state, confluence.as_of));
    return whole.text();
}

}  // namespace virtuoso
