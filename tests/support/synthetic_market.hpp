// A seeded market as whole numbers of ticks and lots, played as events after a transformation: mirrored,
// scaled or shifted in time. What the analysis must make of each is known from what it makes of the original.
#pragma once

#include "base/seeded_random.hpp"
#include "market/event.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace virtuoso::test {

struct MarketTransform {
    std::int64_t center_units = 100'000 * decimal_scale;  ///< price of tick 0
    std::int64_t tick_units = decimal_scale / 100;
    std::int64_t lot_units = decimal_scale / 100'000;  ///< small: no fixed amount of quote currency binds
    bool mirror = false;                               ///< prices reflected at tick 0, sides swapped
    std::int64_t shift_ms = 0;
};

struct MarketShape {
    std::uint64_t seed = 1;
    int history_minutes = 300;
    int live_seconds = 900;
    int levels = 40;
    int feed_depth = 200;  ///< levels a side that the feed says it shows
    int history_step = 4;  ///< ticks a minute may move
};

class SyntheticMarket {
  public:
    using Sink = std::function<void(const MarketEvent&)>;
    static constexpr std::string_view symbol = "TESTUSDT";
    /// A Wednesday, 12:00 UTC.
    static constexpr std::int64_t live_begin_ms = 1'717'588'800'000;

    SyntheticMarket(const MarketShape& shape, const MarketTransform& transform, Sink sink)
        : shape_(shape), transform_(transform), sink_(std::move(sink)), random_(shape.seed) {}

    void play() {
        histories();
        for (int second = 0; second < shape_.live_seconds; ++second) {
            now_ms_ = live_begin_ms + second * 1'000;
            live_second(second);
        }
    }

  private:
    struct Bar {
        std::int64_t open, high, low, close, lots;
    };

    [[nodiscard]] std::int64_t pick(std::int64_t low, std::int64_t high) {
        return low + static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(high - low + 1)));
    }
    [[nodiscard]] ExchangeTime at(std::int64_t ms) const { return {ms + transform_.shift_ms}; }
    [[nodiscard]] Price price(std::int64_t tick) const {
        return {transform_.center_units + (transform_.mirror ? -tick : tick) * transform_.tick_units};
    }
    [[nodiscard]] Size size(std::int64_t lots) const { return {lots * transform_.lot_units}; }
    [[nodiscard]] Side side(bool buy) const { return buy != transform_.mirror ? Side::buy : Side::sell; }

    void emit(std::int64_t ms, const MarketPayload& payload) { sink_({symbol, at(ms), payload}); }

    [[nodiscard]] Candle candle(std::int64_t begin, const Bar& bar) const {
        const Price high = price(transform_.mirror ? bar.low : bar.high);
        const Price low = price(transform_.mirror ? bar.high : bar.low);
        return {.open_time = at(begin),
                .open = price(bar.open),
                .high = high,
                .low = low,
                .close = price(bar.close),
                .volume = size(bar.lots).value()};
    }

    /// Bars whose last close is tick 0.
    std::vector<Bar> walk(int count, int step) {
        std::vector<Bar> bars;
        std::int64_t level = 0;
        for (int i = 0; i < count; ++i) {
            // Backwards, with a pull to the middle so that the range stays small.
            const std::int64_t close = level;
            level += pick(-step, step) - level / 12;
            const std::int64_t reach = random_.below(12) == 0 ? 3 * step : step / 2;
            bars.push_back({level, std::max(level, close) + pick(0, reach),
                            std::min(level, close) - pick(0, reach), close,
                            pick(200, 900) * (reach > step ? 3 : 1)});
        }
        std::reverse(bars.begin(), bars.end());
        return bars;
    }

    void history(Timeframe timeframe, int count) {
        const std::int64_t interval = interval_ms(timeframe);
        const std::int64_t end = live_begin_ms - live_begin_ms % interval;
        std::vector<Candle> candles;
        const auto bars = walk(count, shape_.history_step);
        for (int i = 0; i < count; ++i) {
            candles.push_back(candle(end - (count - i) * interval, bars[static_cast<std::size_t>(i)]));
        }
        emit(live_begin_ms, KlineHistory{timeframe, at(live_begin_ms), candles});
    }

    void histories() {
        history(Timeframe::m1, shape_.history_minutes);
        history(Timeframe::m5, 120);
        history(Timeframe::m30, 90);
        history(Timeframe::h1, 200);
        history(Timeframe::h4, 80);
        std::vector<OpenInterestPoint> interest;
        std::vector<FundingPoint> funding;
        std::vector<AccountRatioPoint> ratio;
        for (int i = 60; i > 0; --i) {
            const std::int64_t time = live_begin_ms - i * 300'000;
            interest_ += pick(-150, 150);
            interest.push_back({at(time), size(interest_ * 1'000).value(), price(pick(-2, 2))});
            const double rate = static_cast<double>(pick(-9, 9)) * 1e-5;
            funding.push_back({at(live_begin_ms - i * 28'800'000), transform_.mirror ? -rate : rate});
            const double longs = static_cast<double>(pick(-60, 60)) / 1'024;  // exact either way
            ratio.push_back({at(time), 0.5 + (transform_.mirror ? -longs : longs)});
        }
        emit(live_begin_ms, OpenInterestHistory{interest});
        emit(live_begin_ms, FundingHistory{funding});
        emit(live_begin_ms, AccountRatioHistory{ratio});
        for (int i = 30; i > 0; --i) {
            liquidate(live_begin_ms - i * 200'000);
        }
    }

    void liquidate(std::int64_t ms) {
        const bool long_side = random_.below(2) == 0;
        const Liquidation event{
            at(ms),
            long_side != transform_.mirror ? PositionSide::long_position : PositionSide::short_position,
            price(pick(-5, 5)), size(pick(10, 400))};
        emit(ms, Liquidations{.events = {&event, 1}});
    }

    using Levels = std::map<std::int64_t, std::int64_t>;

    void live_second(int second) {
        if (second > 0 && second % 60 == 0) {
            minute(now_ms_ - 60'000);
        }
        if (second > 0 && random_.below(3) == 0) {
            touch_ += pick(-1, 1) - touch_ / 8;
        }
        trades();
        book(second == 0);
        if (second % 10 == 5) {
            ticker();
        }
        if (random_.below(97) == 0) {
            liquidate(now_ms_ + 700);
        }
    }

    void trades() {
        std::vector<TradePrint> prints;
        for (std::int64_t i = pick(0, 3); i > 0; --i) {
            const bool buy = pick(0, 99) < 46 + 8 * ((now_ms_ / 240'000) % 2);
            const std::int64_t tick = buy ? touch_ : touch_ - 1;
            const std::int64_t lots = random_.below(20) == 0 ? pick(300, 900) : pick(1, 60);
            prints.push_back({.time = at(now_ms_ + 100 + 50 * i),
                              .price = price(tick),
                              .size = size(lots),
                              .taker = side(buy),
                              .id = ++trade_id_});
            bar_ = bar_.lots == 0 ? Bar{tick, tick, tick, tick, lots}
                                  : Bar{bar_.open, std::max(bar_.high, tick), std::min(bar_.low, tick), tick,
                                        bar_.lots + lots};
        }
        std::reverse(prints.begin(), prints.end());
        if (!prints.empty()) {
            emit(now_ms_ + 300, Trades{.prints = prints});
        }
    }

    void minute(std::int64_t begin) {
        if (bar_.lots > 0) {
            emit(begin + 60'000, KlineUpdate{at(begin + 60'000), Timeframe::m1, true, candle(begin, bar_)});
        }
        bar_ = {};
    }

    void refresh(Levels& levels, std::int64_t first, std::int64_t step) {
        Levels fresh;
        for (std::int64_t i = 0; i < shape_.levels; ++i) {
            const std::int64_t tick = first + step * i;
            const auto known = levels.find(tick);
            const bool large = random_.below(400) == 0;  // and soon gone
            fresh[tick] = large ? pick(2'500, 4'000)
                          : known == levels.end() || known->second > 400 || random_.below(9) == 0
                              ? pick(20, 400)
                              : known->second;
        }
        levels = std::move(fresh);
    }

    [[nodiscard]] std::vector<BookLevel> changes(const Levels& before, const Levels& after) const {
        std::vector<BookLevel> list;
        for (const auto& [tick, lots] : before) {
            if (!after.contains(tick)) {
                list.push_back({price(tick), Size{}});
            }
        }
        for (const auto& [tick, lots] : after) {
            const auto known = before.find(tick);
            if (known == before.end() || known->second != lots) {
                list.push_back({price(tick), size(lots)});
            }
        }
        return list;
    }

    // Levels far from the touch last: a snapshot wants the best first.
    void sort(std::vector<BookLevel>& levels, bool bids) const {
        std::sort(levels.begin(), levels.end(), [bids](const BookLevel& a, const BookLevel& b) {
            return bids ? a.price > b.price : a.price < b.price;
        });
    }

    void book(bool snapshot) {
        const Levels bids_before = bids_;
        const Levels asks_before = asks_;
        refresh(bids_, touch_ - 1, -1);
        refresh(asks_, touch_, 1);
        auto below = changes(snapshot ? Levels{} : bids_before, bids_);
        auto above = changes(snapshot ? Levels{} : asks_before, asks_);
        auto& bids = transform_.mirror ? above : below;
        auto& asks = transform_.mirror ? below : above;
        sort(bids, true);
        sort(asks, false);
        const ExchangeTime time = at(now_ms_ + 500);
        ++update_id_;
        if (snapshot) {
            emit(now_ms_ + 500, BookSnapshot{.time = time,
                                             .update_id = update_id_,
                                             .depth = shape_.feed_depth,
                                             .bids = bids,
                                             .asks = asks});
        } else {
            emit(now_ms_ + 500, BookDelta{.time = time,
                                          .first_update_id = update_id_,
                                          .last_update_id = update_id_,
                                          .previous_update_id = update_id_ - 1,
                                          .depth = shape_.feed_depth,
                                          .bids = bids,
                                          .asks = asks});
        }
    }

    void ticker() {
        TickerUpdate update;
        update.time = at(now_ms_ + 600);
        interest_ += pick(-20, 20);
        update.open_interest = size(interest_ * 1'000).value();
        update.last_price = price(touch_);
        const double rate = static_cast<double>(pick(-20, 20)) * 1e-5;
        update.funding_rate = transform_.mirror ? -rate : rate;
        update.volume_24h = size(3'000'000).value();
        update.turnover_24h = size(3'000'000).value() * Price{transform_.center_units}.value();
        emit(now_ms_ + 600, update);
    }

    MarketShape shape_;
    MarketTransform transform_;
    Sink sink_;
    SeededRandom random_;
    std::int64_t now_ms_ = live_begin_ms;
    std::int64_t touch_ = 0;
    std::int64_t interest_ = 5'000;
    std::uint64_t trade_id_ = 0;
    std::uint64_t update_id_ = 0;
    Bar bar_{};
    Levels bids_;
    Levels asks_;
};

}  // namespace virtuoso::test
