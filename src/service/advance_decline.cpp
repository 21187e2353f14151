#include "service/advance_decline.hpp"

#include <utility>

namespace virtuoso {

void AdvanceDeclineLine::update(std::span<const TickerSample> samples, ExchangeTime as_of) {
    constexpr std::int64_t minutes_a_day = ms_per_day / ms_per_minute;
    const std::int64_t minute = as_of.ms / ms_per_minute;
    if (minute <= minute_) {
        return;
    }
    std::int64_t step = 0;
    std::map<std::string, Price, std::less<>> prices;
    for (const auto& sample : samples) {
        if (!sample.last_price) {
            continue;
        }
        if (const auto before = prices_.find(sample.symbol); before != prices_.end()) {
            step += *sample.last_price > before->second ? 1 : *sample.last_price < before->second ? -1 : 0;
        }
        prices.emplace(sample.symbol, *sample.last_price);
    }
    const bool new_day = minute / minutes_a_day != minute_ / minutes_a_day;
    value_ = new_day ? 0 : value_ + step;
    minute_ = minute;
    prices_ = std::move(prices);
}

}  // namespace virtuoso
