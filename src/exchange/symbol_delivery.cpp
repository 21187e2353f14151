#include "exchange/symbol_delivery.hpp"

#include "exchange/exchange_clock.hpp"
#include "exchange/exchange_dialect.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace virtuoso {

namespace {

constexpr DeliveryWatch::Rule book_rule{.steady = true};
constexpr DeliveryWatch::Rule trades_rule{};
constexpr DeliveryWatch::Rule ticker_rule{.steady = true, .first_ms = 20'000};
constexpr DeliveryWatch::Rule klines_rule{.trading_ms = 75'000};  ///< they come at every minute of trading
constexpr DeliveryWatch::Rule day_ticker_rule{.trading_ms = 20'000};

/// A minute in which something was traded: a second one is needed, as one message may be lost.
constexpr int signs_of_a_minute = 2;

}  // namespace

std::string_view name_of(TopicRole role) noexcept {
    switch (role) {
        case TopicRole::book:
            return "book";
        case TopicRole::trades:
            return "trades";
        case TopicRole::klines:
            return "candles";
        case TopicRole::ticker:
        case TopicRole::day_ticker:
            break;
    }
    return "ticker";
}

SymbolDelivery::SymbolDelivery(const SymbolTopics& topics, const ExchangeClock& clock, std::uint64_t seed)
    : topics_(topics),
      clock_(clock),
      watches_{DeliveryWatch(book_rule, seed), DeliveryWatch(trades_rule, seed + 1),
               DeliveryWatch(ticker_rule, seed + 2), DeliveryWatch(klines_rule, seed + 3),
               DeliveryWatch(day_ticker_rule, seed + 4)} {}

const std::string& SymbolDelivery::topic_of(TopicRole role) const noexcept {
    switch (role) {
        case TopicRole::book:
            return topics_.book;
        case TopicRole::trades:
            return topics_.trades;
        case TopicRole::ticker:
            return topics_.ticker;
        case TopicRole::klines:
            return topics_.klines;
        case TopicRole::day_ticker:
            break;
    }
    return topics_.day_ticker;
}

std::optional<TopicRole> SymbolDelivery::role_of(std::string_view topic) const noexcept {
    const auto* const found = std::find_if(topic_roles.begin(), topic_roles.end(),
                                           [&](TopicRole role) { return topic_of(role) == topic; });
    return found == topic_roles.end() ? std::nullopt : std::optional(*found);
}

void SymbolDelivery::sign(TopicRole shown_by, LocalTime at) {
    for (const TopicRole role : topic_roles) {
        if (role != shown_by) {
            watch(role).sign(at);
        }
    }
}

void SymbolDelivery::note(const MarketEvent& event, LocalTime received) {
    const ExchangeTime expected = clock_.measured() ? clock_.exchange_at(received) : ExchangeTime{};
    const auto told_by = [&](TopicRole role) { watch(role).note(event.time, received, expected); };
    if (std::holds_alternative<BookDelta>(event.payload) ||
        std::holds_alternative<BookSnapshot>(event.payload)) {
        told_by(TopicRole::book);
    } else if (std::holds_alternative<Trades>(event.payload)) {
        told_by(TopicRole::trades);
        sign(TopicRole::trades, received);
    } else if (const auto* const ticker = std::get_if<TickerUpdate>(&event.payload)) {
        const bool day = !topics_.day_ticker.empty() && !ticker->mark_price;
        const TopicRole role = day ? TopicRole::day_ticker : TopicRole::ticker;
        note_ticker(*ticker, role);
        told_by(role);
    } else if (const auto* const kline = std::get_if<KlineUpdate>(&event.payload)) {
        note_kline(*kline);
        told_by(TopicRole::klines);
    }
}

// What moved since the message before it was traded after that.
void SymbolDelivery::note_ticker(const TickerUpdate& ticker, TopicRole role) {
    const LocalTime before = watch(role).heard();
    const bool price_moved =
        ticker.last_price && !last_price_.is_zero() && ticker.last_price->units != last_price_.units;
    const bool volume_grew = ticker.volume_24h && volume_24h_ > 0 && *ticker.volume_24h > volume_24h_;
    last_price_ = ticker.last_price.value_or(last_price_);
    volume_24h_ = ticker.volume_24h.value_or(volume_24h_);
    if (before.ns > 0 && (price_moved || volume_grew)) {
        sign(role, before);
    }
}

void SymbolDelivery::note_kline(const KlineUpdate& kline) {
    const LocalTime before = watch(TopicRole::klines).heard();
    const bool grew = kline.candle.open_time > candle_
                          ? kline.candle.volume > 0
                          : kline.candle.open_time == candle_ && kline.candle.volume > candle_volume_;
    if (kline.candle.open_time >= candle_) {
        candle_ = kline.candle.open_time;
        candle_volume_ = kline.candle.volume;
    }
    if (before.ns > 0 && grew) {
        sign(TopicRole::klines, before);
    }
}

void SymbolDelivery::note_candles(const KlineHistory& history) {
    if (history.timeframe != Timeframe::m1 || !clock_.measured()) {
        return;
    }
    for (const Candle& candle : history.candles) {
        if (candle.volume > 0 && candle.open_time > asked_candle_) {
            asked_candle_ = candle.open_time;
            for (const TopicRole role : topic_roles) {
                watch(role).sign(clock_.local_at(candle.open_time), signs_of_a_minute);
            }
        }
    }
}

bool SymbolDelivery::skewed() const noexcept {
    return std::ranges::any_of(watches_,
                               [](const DeliveryWatch& topic) { return topic.skewed_ms().has_value(); });
}

void SymbolDelivery::add_concerns(std::vector<std::string>& reasons, LocalTime now) const {
    for (const TopicRole role : topic_roles) {
        const DeliveryWatch& topic = watch(role);
        if (topic.silent()) {
            reasons.push_back(fmt::format("{}: {} delivers nothing for {} s", name_of(role), topic_of(role),
                                          topic.quiet_ms(now) / ms_per_second));
        }
        if (const auto skew = topic.skewed_ms()) {
            reasons.push_back(fmt::format(
                "{}: the times of {} are {:.1f} s {} the exchange's clock", name_of(role), topic_of(role),
                static_cast<double>(std::abs(*skew)) / ms_per_second, *skew < 0 ? "behind" : "ahead of"));
        }
    }
}

}  // namespace virtuoso
