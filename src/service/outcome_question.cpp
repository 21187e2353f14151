#include "service/outcome_question.hpp"

#include "service/shard_session.hpp"

#include <algorithm>

namespace virtuoso {

namespace {

ExchangeTime minute_end(ExchangeTime time) {
    return {time.ms - time.ms % ms_per_minute + ms_per_minute};
}

void add_minutes(PriceAnswer& answer, const CandleSeries& series, ExchangeTime from,
                 std::size_t minutes_max) {
    const auto& closed = series.closed();
    for (std::size_t place = series.place_of(from); place < closed.size(); ++place) {
        const Candle candle = closed[place];
        if (candle.partial || candle.open_time < from) {
            continue;
        }
        if (answer.minutes.size() == minutes_max) {
            answer.more = true;
            return;
        }
        answer.minutes.push_back({.begin = candle.open_time,
                                  .end = candle.open_time + ms_per_minute,
                                  .high = candle.high.value(),
                                  .low = candle.low.value(),
                                  .close = candle.close.value()});
    }
}

MinuteRest rest_of_minute(const PackedRing<TapeTrade>& trades, ExchangeTime from) {
    MinuteRest rest{.from = from, .known = !trades.empty() && trades.key(0) <= from.ms};
    const ExchangeTime end = minute_end(from);
    for (std::size_t place = rest.known ? trades.place_of(from.ms) : trades.size(); place < trades.size();
         ++place) {
        const TapeTrade trade = trades[place];
        if (trade.time >= end) {
            break;
        }
        const double price = trade.price.value();
        if (!rest.prices) {
            rest.prices = {.begin = from, .end = end, .high = price, .low = price, .close = price};
        }
        rest.prices->high = std::max(rest.prices->high, price);
        rest.prices->low = std::min(rest.prices->low, price);
        rest.prices->close = price;
    }
    return rest;
}

}  // namespace

std::vector<PriceAnswer> answer_prices(const std::vector<PriceQuestion>& questions, ShardSession& shard,
                                       std::size_t minutes_max) {
    std::vector<PriceAnswer> answers;
    for (const PriceQuestion& question : questions) {
        const TrackedSymbol* const symbol = shard.session().find(question.symbol);
        if (symbol == nullptr) {
            continue;
        }
        const SymbolState& state = symbol->state;
        PriceAnswer answer{
            .symbol = question.symbol, .now = shard.feed().exchange_now(), .minutes = {}, .beginnings = {}};
        add_minutes(answer, state.candles().series(Timeframe::m1), question.from, minutes_max);
        for (const ExchangeTime from : question.beginnings) {
            answer.beginnings.push_back(rest_of_minute(state.tape().trades(), from));
        }
        answers.push_back(std::move(answer));
    }
    return answers;
}

}  // namespace virtuoso
