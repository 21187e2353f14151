#include "sim/binance_topic.hpp"

#include "exchange/binance/stream_name.hpp"
#include "sim/candle_topic.hpp"
#include "sim/wire_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace virtuoso::sim {

namespace {

constexpr std::array<std::string_view, sim_intervals.size()> interval_names{
    "1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "12h", "1d", "1w", "1M"};

class AggregateTradeTopic final : public SimTopic {
  public:
    AggregateTradeTopic(std::string name, SymbolMarket& market)
        : SimTopic(std::move(name), market, 20, turn_of_trades) {}
    std::string snapshot(std::int64_t) override { return {}; }

    void publish(std::int64_t now_ms, std::vector<std::string>& frames) override {
        const SimInstrument& instrument = market_.instrument();
        for (const SimTrade& trade : market_.new_trades()) {
            const std::string quantity = quantity_text(instrument, trade.steps);
            frames.push_back(fmt::format(
                R"({{"stream":"{}","data":{{"e":"aggTrade","E":{},"s":"{}","a":{},"p":"{}","q":"{}","nq":"{}",)"
                R"("f":{},"l":{},"T":{},"m":{}}}}})",
                name_, now_ms, instrument.symbol, trade.number, price_text(instrument, trade.tick), quantity,
                quantity, trade.number, trade.number, trade.time_ms, !trade.buy));
        }
    }
};

class MarkPriceTopic final : public SimTopic {
  public:
    using SimTopic::SimTopic;
    std::string snapshot(std::int64_t) override { return {}; }

    void publish(std::int64_t now_ms, std::vector<std::string>& frames) override {
        const SimInstrument& instrument = market_.instrument();
        const std::string index = computed_price_text(instrument, market_.index_price());
        frames.push_back(fmt::format(
            R"({{"stream":"{}","data":{{"e":"markPriceUpdate","E":{},"s":"{}","p":"{}","i":"{}",)"
            R"("P":"{}","r":"{:.8f}","T":{}}}}})",
            name_, now_ms, instrument.symbol, computed_price_text(instrument, market_.mark_price()), index,
            index, market_.funding_rate(), market_.next_funding_ms()));
    }
};

class BinanceKlineTopic final : public CandleTopic {
  public:
    BinanceKlineTopic(std::string name, SymbolMarket& market, std::size_t interval)
        : CandleTopic(std::move(name), market, 250, interval) {}

  private:
    [[nodiscard]] std::string frame(const SimCandle& candle, bool confirmed,
                                    std::int64_t now_ms) const override {
        const SimInstrument& instrument = market_.instrument();
        return fmt::format(
            R"({{"stream":"{}","data":{{"e":"kline","E":{},"s":"{}","k":{{"t":{},"T":{},"s":"{}","i":"{}",)"
            R"("f":-1,"L":-1,"o":"{}","c":"{}","h":"{}","l":"{}","v":"{}","n":0,"x":{},"q":"{:.4f}","V":"{}",)"
            R"("Q":"0","B":"0"}}}}}})",
            name_, now_ms, instrument.symbol, candle.start_ms,
            candle.start_ms + sim_intervals[interval_].ms - 1, instrument.symbol, interval_names[interval_],
            price_text(instrument, candle.open), price_text(instrument, candle.close),
            price_text(instrument, candle.high), price_text(instrument, candle.low),
            quantity_text(instrument, candle.steps), confirmed, candle.turnover,
            quantity_text(instrument, candle.buy_steps));
    }
};

class DayTickerTopic final : public SimTopic {
  public:
    using SimTopic::SimTopic;
    std::string snapshot(std::int64_t) override { return {}; }

    void publish(std::int64_t now_ms, std::vector<std::string>& frames) override {
        const SimInstrument& instrument = market_.instrument();
        const SimCandle day = market_.day();
        const double change = instrument.price_of(market_.last_tick()) - instrument.price_of(day.open);
        frames.push_back(fmt::format(
            R"({{"stream":"{}","data":{{"e":"24hrTicker","E":{},"s":"{}","p":"{:.{}f}","P":"{:.3f}","c":"{}",)"
            R"("o":"{}","h":"{}","l":"{}","v":"{}","q":"{:.4f}","O":{},"C":{},"F":0,"L":0,"n":0}}}})",
            name_, now_ms, instrument.symbol, change, instrument.price_decimals,
            100 * change / instrument.price_of(day.open), price_text(instrument, market_.last_tick()),
            price_text(instrument, day.open), price_text(instrument, day.high),
            price_text(instrument, day.low), quantity_text(instrument, day.steps), day.turnover,
            now_ms - ms_per_day, now_ms));
    }
};

/// The newest liquidation of every second, as the exchange has it since 2021.
class ForceOrderTopic final : public SimTopic {
  public:
    using SimTopic::SimTopic;
    std::string snapshot(std::int64_t) override { return {}; }

    void publish(std::int64_t now_ms, std::vector<std::string>& frames) override {
        if (market_.new_liquidations().empty()) {
            return;
        }
        const SimInstrument& instrument = market_.instrument();
        const SimLiquidation& event = market_.new_liquidations().back();
        const std::string quantity = quantity_text(instrument, event.steps);
        const std::string price = price_text(instrument, event.tick);
        frames.push_back(fmt::format(
            R"({{"stream":"{}","data":{{"e":"forceOrder","E":{},"o":{{"s":"{}","S":"{}","o":"LIMIT","f":"IOC",)"
            R"("q":"{}","p":"{}","ap":"{}","X":"FILLED","l":"{}","z":"{}","T":{}}}}}}})",
            name_, now_ms, instrument.symbol, event.long_position ? "SELL" : "BUY", quantity, price, price,
            quantity, quantity, event.time_ms));
    }
};

class BookTickerTopic final : public SimTopic {
  public:
    using SimTopic::SimTopic;
    std::string snapshot(std::int64_t) override { return {}; }

    void publish(std::int64_t now_ms, std::vector<std::string>& frames) override {
        if (market_.sequence() == seen_) {
            return;
        }
        seen_ = market_.sequence();
        const SimInstrument& instrument = market_.instrument();
        const SimBook& book = market_.book();
        frames.push_back(fmt::format(
            R"({{"stream":"{}","data":{{"e":"bookTicker","u":{},"s":"{}","b":"{}","B":"{}","a":"{}","A":"{}",)"
            R"("T":{},"E":{}}}}})",
            name_, seen_, instrument.symbol, price_text(instrument, book.best_bid()),
            quantity_text(instrument, book.steps_at(book.best_bid())),
            price_text(instrument, book.best_ask()),
            quantity_text(instrument, book.steps_at(book.best_ask())), market_.last_event_ms(), now_ms));
    }

  private:
    std::uint64_t seen_ = 0;
};

}  // namespace

std::optional<std::size_t> binance_interval(std::string_view name) noexcept {
    const auto* const found = std::find(interval_names.begin(), interval_names.end(), name);
    return found == interval_names.end()
               ? std::nullopt
               : std::optional(static_cast<std::size_t>(found - interval_names.begin()));
}

std::string_view binance_interval_name(std::size_t interval) noexcept {
    return interval_names[interval];
}

BinanceDepthTopic::BinanceDepthTopic(std::string name, SymbolMarket& market, std::int64_t every_ms)
    : SimTopic(std::move(name), market, every_ms),
      seen_sequence_(market.sequence()),
      update_id_(market.sequence()) {
    market_.book().top(true, whole_book, bids_);
    market_.book().top(false, whole_book, asks_);
}

void BinanceDepthTopic::note_touched() {
    if (market_.sequence() == seen_sequence_) {
        return;
    }
    seen_sequence_ = market_.sequence();
    const auto note = [this](bool bid, std::vector<SimBook::Level>& known, std::vector<SimBook::Level>& next,
                             std::map<std::int64_t, std::int64_t>& touched) {
        market_.book().top(bid, whole_book, next);
        visit_changes(bid, known, next,
                      [&](std::int64_t tick, std::int64_t steps) { touched[tick] = steps; });
        known.swap(next);
    };
    note(true, bids_, next_bids_, touched_bids_);
    note(false, asks_, next_asks_, touched_asks_);
    note_truth();
}

void BinanceDepthTopic::publish(std::int64_t now_ms, std::vector<std::string>& frames) {
    note_touched();
    if (touched_bids_.empty() && touched_asks_.empty()) {
        return;
    }
    const SimInstrument& instrument = market_.instrument();
    const std::uint64_t previous = std::exchange(update_id_, seen_sequence_);
    frames.push_back(fmt::format(
        R"({{"stream":"{}","data":{{"e":"depthUpdate","E":{},"T":{},"s":"{}","U":{},"u":{},"pu":{},)"
        R"("b":[{}],"a":[{}]}}}})",
        name_, now_ms, std::min(now_ms, market_.last_event_ms()), instrument.symbol, previous + 1, update_id_,
        previous, levels_text(instrument, touched_bids_), levels_text(instrument, touched_asks_)));
    touched_bids_.clear();
    touched_asks_.clear();
}

void BinanceDepthTopic::note_truth() {
    const SimInstrument& instrument = market_.instrument();
    BookTopic::Digest digest;
    for (const auto* const side : {&bids_, &asks_}) {
        for (std::size_t i = 0; i < std::min(side->size(), top_levels); ++i) {
            digest.add((*side)[i].tick * instrument.tick_units, (*side)[i].steps * instrument.step_units);
        }
    }
    truths_.push_back({seen_sequence_, digest.value()});
    if (truths_.size() > truths_kept) {
        truths_.pop_front();
    }
}

std::optional<std::uint64_t> BinanceDepthTopic::top_truth(std::uint64_t update_id) const {
    const auto found =
        std::lower_bound(truths_.begin(), truths_.end(), update_id,
                         [](const Truth& truth, std::uint64_t number) { return truth.update_id < number; });
    return found == truths_.end() || found->update_id != update_id ? std::nullopt
                                                                   : std::optional(found->digest);
}

std::unique_ptr<SimTopic> make_binance_topic(const std::string& name, MarketModel& model) {
    const auto at = name.find('@');
    SymbolMarket* const market = model.find(binance::symbol_of_stream(name));
    if (at == std::string::npos || market == nullptr ||
        binance::stream_symbol(market->instrument().symbol) != name.substr(0, at)) {
        return nullptr;
    }
    const std::string_view kind = std::string_view(name).substr(at + 1);
    if (kind == "depth@100ms" || kind == "depth@500ms" || kind == "depth") {
        const std::int64_t every = kind == "depth@100ms" ? 100 : kind == "depth@500ms" ? 500 : 250;
        return std::make_unique<BinanceDepthTopic>(name, *market, every);
    }
    if (kind == "aggTrade") {
        return std::make_unique<AggregateTradeTopic>(name, *market);
    }
    if (kind == "markPrice" || kind == "markPrice@1s") {
        return std::make_unique<MarkPriceTopic>(name, *market, kind == "markPrice" ? 3'000 : 1'000);
    }
    if (kind == "ticker") {
        return std::make_unique<DayTickerTopic>(name, *market, 2'000);
    }
    if (kind == "forceOrder") {
        return std::make_unique<ForceOrderTopic>(name, *market, 500);
    }
    if (kind == "bookTicker") {
        return std::make_unique<BookTickerTopic>(name, *market, 10);
    }
    constexpr std::string_view kline = "kline_";
    if (kind.starts_with(kline)) {
        if (const auto interval = binance_interval(kind.substr(kline.size()))) {
            return std::make_unique<BinanceKlineTopic>(name, *market, *interval);
        }
    }
    return nullptr;
}

}  // namespace virtuoso::sim
