#include "sim/topic.hpp"

#include "exchange/bybit/topic.hpp"
#include "sim/candle_topic.hpp"
#include "sim/wire_text.hpp"

#include <fmt/format.h>

#include <iterator>

namespace virtuoso::sim {

namespace {

constexpr std::size_t trades_per_frame_max = 1'024;
constexpr std::int64_t quiet_repeat_ms = 3'000;
constexpr std::uint64_t first_update_id = 1'000'000;

class TradeTopic final : public SimTopic {
  public:
    TradeTopic(std::string name, SymbolMarket& market)
        : SimTopic(std::move(name), market, 20, turn_of_trades) {}
    std::string snapshot(std::int64_t) override { return {}; }

    void publish(std::int64_t now_ms, std::vector<std::string>& frames) override {
        const auto& trades = market_.new_trades();
        const SimInstrument& instrument = market_.instrument();
        for (std::size_t i = 0; i < trades.size(); i += trades_per_frame_max) {
            std::string text =
                fmt::format(R"({{"topic":"{}","type":"snapshot","ts":{},"data":[)", name_, now_ms);
            for (std::size_t k = i; k < std::min(trades.size(), i + trades_per_frame_max); ++k) {
                const SimTrade& trade = trades[k];
                fmt::format_to(
                    std::back_inserter(text),
                    R"({}{{"T":{},"s":"{}","S":"{}","v":"{}","p":"{}","L":"{}","i":"{}","BT":false,)"
                    R"("RPI":false,"seq":{}}})",
                    k == i ? "" : ",", trade.time_ms, instrument.symbol, trade.buy ? "Buy" : "Sell",
                    quantity_text(instrument, trade.steps), price_text(instrument, trade.tick),
                    direction(trade.tick), trade_id(instrument, trade.number), trade.sequence);
                previous_ = trade.tick;
            }
            frames.push_back(text + "]}");
        }
    }

  private:
    [[nodiscard]] std::string_view direction(std::int64_t tick) {
        if (tick != previous_) {
            rising_ = tick > previous_;
            return rising_ ? "PlusTick" : "MinusTick";
        }
        return rising_ ? "ZeroPlusTick" : "ZeroMinusTick";
    }
    std::int64_t previous_ = 0;
    bool rising_ = true;
};

class TickerTopic final : public SimTopic {
  public:
    using SimTopic::SimTopic;

    std::string snapshot(std::int64_t now_ms) override {
        if (sent_.empty()) {
            sent_ = ticker_fields(market_);
        }
        return frame("snapshot", sent_, now_ms);
    }

    void publish(std::int64_t now_ms, std::vector<std::string>& frames) override {
        // Open interest moves each second without an order.
        if (sent_.empty() || (market_.sequence() == seen_ && now_ms - looked_ms_ < ms_per_second)) {
            return;
        }
        seen_ = market_.sequence();
        looked_ms_ = now_ms;
        const TickerFields now = ticker_fields(market_);
        TickerFields changed;
        for (std::size_t i = 0; i < now.size(); ++i) {
            if (now[i].second != sent_[i].second) {
                changed.push_back(now[i]);
            }
        }
        if (!changed.empty()) {
            frames.push_back(frame("delta", changed, now_ms));
            sent_ = now;
        }
    }

  private:
    [[nodiscard]] std::string frame(std::string_view type, const TickerFields& fields,
                                    std::int64_t now_ms) const {
        std::string text = fmt::format(R"({{"topic":"{}","type":"{}","data":{{"symbol":"{}")", name_, type,
                                       market_.instrument().symbol);
        for (const auto& [name, value] : fields) {
            fmt::format_to(std::back_inserter(text), R"(,"{}":"{}")", name, value);
        }
        fmt::format_to(std::back_inserter(text), R"(}},"cs":{},"ts":{}}})", market_.sequence(), now_ms);
        return text;
    }
    TickerFields sent_;
    std::uint64_t seen_ = 0;
    std::int64_t looked_ms_ = 0;
};

class KlineTopic final : public CandleTopic {
  public:
    KlineTopic(std::string name, SymbolMarket& market, std::size_t interval)
        : CandleTopic(std::move(name), market, ms_per_second, interval) {}

  private:
    [[nodiscard]] std::string frame(const SimCandle& candle, bool confirmed,
                                    std::int64_t now_ms) const override {
        const SimInstrument& instrument = market_.instrument();
        const SimInterval& interval = sim_intervals[interval_];
        return fmt::format(
            R"({{"topic":"{}","data":[{{"start":{},"end":{},"interval":"{}","open":"{}","close":"{}","high":"{}",)"
            R"("low":"{}","volume":"{}","turnover":"{:.4f}","confirm":{},"timestamp":{}}}],"ts":{},"type":"snapshot"}})",
            name_, candle.start_ms, candle.start_ms + interval.ms - 1, interval.name,
            price_text(instrument, candle.open), price_text(instrument, candle.close),
            price_text(instrument, candle.high), price_text(instrument, candle.low),
            quantity_text(instrument, candle.steps), candle.turnover, confirmed, now_ms, now_ms);
    }
};

class LiquidationTopic final : public SimTopic {
  public:
    using SimTopic::SimTopic;
    std::string snapshot(std::int64_t) override { return {}; }

    void publish(std::int64_t now_ms, std::vector<std::string>& frames) override {
        const auto& events = market_.new_liquidations();
        if (events.empty()) {
            return;
        }
        const SimInstrument& instrument = market_.instrument();
        std::string text = fmt::format(R"({{"topic":"{}","type":"snapshot","ts":{},"data":[)", name_, now_ms);
        for (const SimLiquidation& event : events) {
            fmt::format_to(std::back_inserter(text), R"({}{{"T":{},"s":"{}","S":"{}","v":"{}","p":"{}"}})",
                           &event == events.data() ? "" : ",", event.time_ms, instrument.symbol,
                           event.long_position ? "Buy" : "Sell", quantity_text(instrument, event.steps),
                           price_text(instrument, event.tick));
        }
        frames.push_back(text + "]}");
    }
};

std::int64_t book_every_ms(int depth) {
    switch (depth) {
        case 1:
            return 10;
        case 50:
            return 20;
        case 200:
            return 100;
        case 1000:
            return 200;
        default:
            return 0;
    }
}

std::unique_ptr<SimTopic> make_kline(std::string_view name, SymbolMarket& market) {
    const auto interval = name.substr(6, name.rfind('.') - 6);
    for (std::size_t i = 0; i < sim_intervals.size(); ++i) {
        if (sim_intervals[i].name == interval) {
            return std::make_unique<KlineTopic>(std::string(name), market, i);
        }
    }
    return nullptr;
}

}  // namespace

std::unique_ptr<SimTopic> SimTopic::make(std::string_view name, SymbolMarket& market) {
    const auto topic = bybit::parse_topic(name);
    if (!topic) {
        return nullptr;
    }
    std::string text(name);
    switch (topic->kind) {
        case bybit::TopicKind::order_book:
            if (const std::int64_t every = book_every_ms(topic->depth); every > 0) {
                return std::make_unique<BookTopic>(std::move(text), market,
                                                   static_cast<std::size_t>(topic->depth), every);
            }
            return nullptr;
        case bybit::TopicKind::trades:
            return std::make_unique<TradeTopic>(std::move(text), market);
        case bybit::TopicKind::ticker:
            return std::make_unique<TickerTopic>(std::move(text), market, 100);
        case bybit::TopicKind::kline:
            return make_kline(name, market);
        case bybit::TopicKind::liquidation:
            return std::make_unique<LiquidationTopic>(std::move(text), market, 500);
        case bybit::TopicKind::order_liquidation:
            return nullptr;  // Bybit has retired it
    }
    return nullptr;
}

BookTopic::BookTopic(std::string name, SymbolMarket& market, std::size_t depth, std::int64_t every_ms)
    : SimTopic(std::move(name), market, every_ms), depth_(depth), update_id_(first_update_id) {}

void BookTopic::Digest::add(std::int64_t price_units, std::int64_t size_units) {
    value_ = (value_ ^ static_cast<std::uint64_t>(price_units)) * 0x100000001b3;
    value_ = (value_ ^ static_cast<std::uint64_t>(size_units)) * 0x100000001b3;
}

std::string BookTopic::frame(bool snapshot, const std::string& bids, const std::string& asks,
                             std::int64_t now_ms) const {
    return fmt::format(
        R"({{"topic":"{}","type":"{}","ts":{},"data":{{"s":"{}","b":[{}],"a":[{}],"u":{},"seq":{}}},"cts":{}}})",
        name_, snapshot ? "snapshot" : "delta", now_ms, market_.instrument().symbol, bids, asks, update_id_,
        market_.sequence(), std::min(now_ms, market_.last_event_ms()));
}

std::string BookTopic::whole(std::int64_t now_ms) const {
    return frame(true, level_changes(market_.instrument(), true, {}, bids_),
                 level_changes(market_.instrument(), false, {}, asks_), now_ms);
}

void BookTopic::note_truth(std::int64_t now_ms) {
    Digest digest;
    Digest top_digest;
    const SimInstrument& instrument = market_.instrument();
    for (const auto* const side : {&bids_, &asks_}) {
        for (std::size_t i = 0; i < side->size(); ++i) {
            const std::int64_t price = (*side)[i].tick * instrument.tick_units;
            const std::int64_t size = (*side)[i].steps * instrument.step_units;
            digest.add(price, size);
            if (i < top_levels) {
                top_digest.add(price, size);
            }
        }
    }
    truths_.push_back(
        {update_id_, std::min(now_ms, market_.last_event_ms()), digest.value(), top_digest.value()});
    if (truths_.size() > truths_kept) {
        truths_.pop_front();
    }
}

std::optional<std::uint64_t> BookTopic::truth(std::uint64_t update_id, std::int64_t time_ms) const {
    for (auto at = truths_.rbegin(); at != truths_.rend(); ++at) {
        if (at->update_id == update_id && at->time_ms <= time_ms) {
            return at->digest;
        }
    }
    return std::nullopt;
}

std::vector<std::uint64_t> BookTopic::top_truths(std::uint64_t update_id) const {
    std::vector<std::uint64_t> digests;
    for (const Truth& truth : truths_) {
        if (truth.update_id == update_id) {
            digests.push_back(truth.top_digest);
        }
    }
    return digests;
}

std::string BookTopic::snapshot(std::int64_t now_ms) {
    if (last_sent_ms_ == 0) {
        market_.book().top(true, depth_, bids_);
        market_.book().top(false, depth_, asks_);
        seen_sequence_ = market_.sequence();
        last_sent_ms_ = now_ms;
        note_truth(now_ms);
    }
    return whole(now_ms);
}

void BookTopic::publish(std::int64_t now_ms, std::vector<std::string>& frames) {
    if (last_sent_ms_ == 0) {
        return;  // nobody has asked for a snapshot yet
    }
    const bool quiet = market_.sequence() == seen_sequence_;
    if (quiet && !restart_) {
        if (depth_ == 1 && now_ms - last_sent_ms_ >= quiet_repeat_ms) {
            frames.push_back(whole(now_ms));
            last_sent_ms_ = now_ms;
        }
        return;
    }
    seen_sequence_ = market_.sequence();
    market_.book().top(true, depth_, next_bids_);
    market_.book().top(false, depth_, next_asks_);
    if (next_bids_ == bids_ && next_asks_ == asks_ && !restart_) {
        return;
    }
    if (++stale_age_ % 16 == 1) {
        stale_snapshot_ = whole(now_ms);
    }
    const std::string bids = level_changes(market_.instrument(), true, bids_, next_bids_);
    const std::string asks = level_changes(market_.instrument(), false, asks_, next_asks_);
    bids_.swap(next_bids_);
    asks_.swap(next_asks_);
    update_id_ = restart_ ? 1 : update_id_ + 1;
    last_sent_ms_ = now_ms;
    note_truth(now_ms);
    frames.push_back(restart_ || depth_ == 1 ? whole(now_ms) : frame(false, bids, asks, now_ms));
    restart_ = false;
}

}  // namespace virtuoso::sim
