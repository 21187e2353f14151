#include "exchange/archive/row_decoder.hpp"

#include "market/candle_rollup.hpp"

#include <fmt/format.h>

namespace virtuoso::archive {

RowDecoder::RowDecoder(RowKind kind, std::string symbol, CandleInterval interval)
    : kind_(kind), symbol_(std::move(symbol)), interval_(interval) {
    // The state makes longer candles of minutes by itself.
    for (const Timeframe timeframe : all_timeframes) {
        const std::int64_t longer = interval_ms(timeframe);
        const bool made_of_minutes = interval.ms <= ms_per_minute && longer > ms_per_minute;
        if (!made_of_minutes && longer > interval.ms && longer % interval.ms == 0) {
            longer_.push_back({.timeframe = timeframe});
        }
    }
}

Result<std::span<const MarketEvent>> RowDecoder::decode(std::string_view text) {
    events_.clear();
    auto value = row_value(kind_, text);
    if (!value) {
        return std::unexpected(std::move(value.error()));
    }
    value_ = std::move(*value);
    if (const auto* const candle = std::get_if<Candle>(&value_)) {
        if (auto taken = take(*candle); !taken) {
            return std::unexpected(std::move(taken.error()));
        }
        return events_;
    }
    std::visit(
        [this]<typename Value>(const Value& row) {
            if constexpr (!std::is_same_v<Value, Candle>) {
                take(row);
            }
        },
        value_);
    return events_;
}

void RowDecoder::tell(Timeframe timeframe, const Candle& candle, ExchangeTime now) {
    events_.push_back({symbol_, now, KlineUpdate{now, timeframe, true, candle}});
}

Result<void> RowDecoder::take(const Candle& candle) {
    if (candle.open_time.ms % interval_.ms != 0) {
        return fail(ErrorCode::candle_order, fmt::format("{} does not begin a {} candle",
                                                         iso_text(candle.open_time), name_of(interval_)));
    }
    const ExchangeTime now = candle.open_time + interval_.ms;
    if (const auto own = timeframe_of(interval_)) {
        tell(*own, candle, now);
    }
    for (Longer& longer : longer_) {
        add_to(longer, candle, now);
    }
    return {};
}

// The newest part may come again, as its end was not known before.
void RowDecoder::add_to(Longer& longer, const Candle& part, ExchangeTime now) {
    const std::int64_t interval = interval_ms(longer.timeframe);
    auto& parts = longer.parts;
    const ExchangeTime start{part.open_time.ms - part.open_time.ms % interval};
    if (!parts.empty() && parts.back().open_time < start) {
        if (!longer.told) {
            tell_longer(longer, now);
        }
        parts.clear();
        longer.told = false;
    }
    if (!parts.empty() && part.open_time < parts.back().open_time) {
        return;
    }
    if (!parts.empty() && part.open_time == parts.back().open_time) {
        parts.back() = part;
    } else {
        parts.push_back(part);
    }
    if (now == start + interval) {
        tell_longer(longer, now);
        longer.told = true;
    }
}

void RowDecoder::tell_longer(const Longer& longer, ExchangeTime now) {
    const std::int64_t interval = interval_ms(longer.timeframe);
    Candle whole = longer.parts.front();
    whole.open_time.ms -= whole.open_time.ms % interval;
    whole.source = CandleSource::rollup;
    for (std::size_t i = 1; i < longer.parts.size(); ++i) {
        extend(whole, longer.parts[i]);
    }
    whole.partial = static_cast<std::int64_t>(longer.parts.size()) * interval_.ms < interval;
    tell(longer.timeframe, whole, now);
}

void RowDecoder::take(const TradeRow& row) {
    events_.push_back({symbol_, row.print.time, Trades{row.feed, false, {&row.print, 1}}});
}

// What was paid last stands for what will be, which no table tells.
void RowDecoder::take(const FundingPoint& point) {
    TickerUpdate ticker{.time = point.time, .funding_rate = point.rate};
    if (point.interval_minutes > 0) {
        ticker.funding_interval_minutes = point.interval_minutes;
    }
    events_.push_back({symbol_, point.time, FundingHistory{{&point, 1}}});
    events_.push_back({symbol_, point.time, ticker});
}

void RowDecoder::take(const OpenInterestPoint& point) {
    events_.push_back({symbol_, point.time, OpenInterestHistory{{&point, 1}}});
}

void RowDecoder::take(const AccountRatioPoint& point) {
    events_.push_back({symbol_, point.time, AccountRatioHistory{{&point, 1}}});
}

void RowDecoder::take(const MarkPoint& point) {
    events_.push_back({symbol_, point.time, TickerUpdate{.time = point.time, .mark_price = point.price}});
}

void RowDecoder::take(const BookMessage& book) {
    MarketPayload payload = BookSnapshot{.time = book.time,
                                         .update_id = book.last_id,
                                         .origin = book.origin,
                                         .bids = book.bids,
                                         .asks = book.asks};
    if (!book.snapshot) {
        payload = BookDelta{.time = book.time,
                            .first_update_id = book.first_id,
                            .last_update_id = book.last_id,
                            .previous_update_id = book.previous_id,
                            .bids = book.bids,
                            .asks = book.asks};
    }
    events_.push_back({symbol_, book.time, payload});
}

}  // namespace virtuoso::archive
