// Prefix equality: what is said as of t must not depend on whether the recording goes on after t.
//
// The reader between recording and analysis is the seam: bugs are planted there one at a time, each a classic
// of backtests that knew the future, and the guard must catch every one.
#include "analysis/symbol_analysis.hpp"
#include "support/owned_event.hpp"
#include "support/synthetic_market.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

namespace virtuoso {
namespace {

using test::OwnedEvent;
using test::SyntheticMarket;

/// Ordered by when each event could be known, which is its time.
using Recording = std::deque<OwnedEvent>;

enum class Bug {
    none,
    open_candle_1m,  // the candle that contains t, with its final values
    open_candle_5m,
    open_candle_30m,
    open_candle_4h,          // a higher timeframe known at its open
    shifted_candle,          // the next candle at the place of this one
    centred_window,          // pivots confirmed by candles that come later
    whole_session,           // the day's volume including the rest of the day
    retroactive_correction,  // a corrected candle at its original time
    interpolated_gap,        // a missing minute between its neighbours
    trade_tolerance,         // a second more of trades
    next_book,               // the next book update
    early_snapshot,          // the first book before it came
    interest_at_begin,       // open interest of an interval known at its begin
    funding_at_begin,        // the funding that a period will end with
    ratio_at_begin,          // the account ratio likewise
    whole_interest_scale,    // open interest normalised by the whole history
    whole_funding_scale,     // funding normalised by the whole history
    liquidations_by_minute,  // liquidations of the minute known at its begin
    back_filled_ticker,      // ticker values before the first one came
    rounded_up_time,         // evaluated as of the next whole minute
};
constexpr int bugs = 20;

bool closes(const OwnedEvent& event, Timeframe timeframe) {
    const auto* kline = std::get_if<KlineUpdate>(&event.payload());
    return kline != nullptr && kline->confirmed && kline->timeframe == timeframe;
}

template <typename T>
bool is(const OwnedEvent& event) {
    return std::holds_alternative<T>(event.payload());
}

/// Time at which the reader believes to know an event.
std::int64_t known_at(const OwnedEvent& event, Bug bug, std::int64_t t, const Recording& all) {
    const std::int64_t time = event.time().ms;
    const auto begin = [&](std::int64_t interval) { return time - interval; };
    const auto early = [&](bool planted, std::int64_t by) { return planted ? time - by : time; };
    const auto at_first_look = [&](bool planted) {
        return planted ? std::min(time, all.front().time().ms) : time;
    };
    switch (bug) {
        case Bug::open_candle_1m:
            return closes(event, Timeframe::m1) ? begin(ms_per_minute) : time;
        case Bug::open_candle_5m:
            return closes(event, Timeframe::m5) ? begin(5 * ms_per_minute) : time;
        case Bug::open_candle_30m:
            return closes(event, Timeframe::m30) ? begin(30 * ms_per_minute) : time;
        case Bug::open_candle_4h:
            return closes(event, Timeframe::h4) ? begin(4 * ms_per_hour) : time;
        case Bug::shifted_candle:
            return early(is<KlineUpdate>(event), ms_per_minute);
        case Bug::centred_window:
            return early(closes(event, Timeframe::m1), 5 * ms_per_minute);
        case Bug::whole_session:
            return closes(event, Timeframe::m1) && time / ms_per_day == t / ms_per_day ? std::min(time, t)
                                                                                       : time;
        case Bug::trade_tolerance:
            return early(is<Trades>(event), ms_per_second);
        case Bug::next_book:
            return early(is<BookDelta>(event), ms_per_second);
        case Bug::early_snapshot:
            return at_first_look(is<BookSnapshot>(event));
        case Bug::interest_at_begin:
            return early(is<OpenInterestHistory>(event), 5 * ms_per_minute);
        case Bug::funding_at_begin:
            return early(is<FundingHistory>(event), ms_per_hour);
        case Bug::ratio_at_begin:
            return early(is<AccountRatioHistory>(event), 5 * ms_per_minute);
        case Bug::whole_interest_scale:
            return at_first_look(is<OpenInterestHistory>(event));
        case Bug::whole_funding_scale:
            return at_first_look(is<FundingHistory>(event));
        case Bug::liquidations_by_minute:
            return is<Liquidations>(event) ? time - time % ms_per_minute : time;
        case Bug::back_filled_ticker:
            return at_first_look(is<TickerUpdate>(event));
        case Bug::rounded_up_time:
            return time - ms_per_minute;
        default:
            return time;
    }
}

/// The candle as its later correction has it, where the recording holds one.
std::optional<KlineUpdate> corrected(const OwnedEvent& event, const Recording& all) {
    const auto* kline = std::get_if<KlineUpdate>(&event.payload());
    std::optional<KlineUpdate> result;
    for (const auto& other : all) {
        const auto* later = std::get_if<KlineUpdate>(&other.payload());
        if (kline != nullptr && later != nullptr && later->timeframe == kline->timeframe &&
            later->candle.open_time == kline->candle.open_time && later->time > kline->time) {
            result = *later;
        }
    }
    return result;
}

/// A minute made of the close before a hole and the open after it, known as soon as the hole begins.
std::vector<KlineUpdate> interpolated(const Recording& all) {
    std::vector<KlineUpdate> result;
    const KlineUpdate* before = nullptr;
    for (const auto& event : all) {
        const auto* kline = std::get_if<KlineUpdate>(&event.payload());
        if (kline == nullptr || kline->timeframe != Timeframe::m1) {
            continue;
        }
        if (before != nullptr && kline->candle.open_time - before->candle.open_time == 2 * ms_per_minute) {
            KlineUpdate made = *before;
            made.candle.open_time = before->candle.open_time + ms_per_minute;
            made.time = before->time + ms_per_minute;
            made.candle.open = before->candle.close;
            made.candle.close = kline->candle.open;
            made.candle.high = std::max(made.candle.open, made.candle.close);
            made.candle.low = std::min(made.candle.open, made.candle.close);
            result.push_back(made);
        }
        before = kline;
    }
    return result;
}

/// State and analysis fed by a reader with a planted bug.
class Reader {
  public:
    Reader(const Recording& recording, Bug bug) : recording_(recording), bug_(bug) {}

    Confluence as_of(std::int64_t t) {
        std::vector<std::pair<std::int64_t, const OwnedEvent*>> order;
        for (const auto& event : recording_) {
            order.emplace_back(bug_ == Bug::none ? event.time().ms : known_at(event, bug_, t, recording_),
                               &event);
        }
        std::stable_sort(order.begin(), order.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
        auto made = bug_ == Bug::interpolated_gap ? interpolated(recording_) : std::vector<KlineUpdate>();
        for (const auto& [known, event] : order) {
            if (known > t) {
                break;
            }
            while (!made.empty() && made.front().time <= event->time()) {
                apply({SyntheticMarket::symbol, made.front().time, made.front()});
                made.erase(made.begin());
            }
            const auto later =
                bug_ == Bug::retroactive_correction ? corrected(*event, recording_) : std::nullopt;
            if (later) {
                apply({SyntheticMarket::symbol, event->time(), *later});
            } else {
                apply(event->event());
            }
        }
        return analysis_.evaluate(state_, std::max(ExchangeTime{t}, state_.as_of()));
    }

    void apply(const MarketEvent& event) { analysis_.update(state_, state_.apply(event)); }
    [[nodiscard]] Confluence now(std::int64_t t) const { return analysis_.evaluate(state_, {t}); }

  private:
    const Recording& recording_;
    Bug bug_;
    SymbolState state_{std::string(SyntheticMarket::symbol)};
    SymbolAnalysis analysis_;
};

/// Every number of a confluence, with all digits.
std::string digest(const Confluence& confluence) {
    std::string text;
    for (const auto& component : confluence.components) {
        text += fmt::format("{} {} {}\n", spec_of(component.id).name, component.score.value_or(-1),
                            component.coverage);
        for (const auto& sub : component.sub_scores()) {
            text += fmt::format(" {} {} {} {}", sub.name, sub.lean.value_or(-9),
                                static_cast<int>(sub.reading), sub.samples);
            for (std::size_t i = 0; i < sub.raw_count; ++i) {
                text += fmt::format(" {}", sub.raw[i].value);
            }
            text += '\n';
        }
    }
    return text + fmt::format("{} {} {}", confluence.partial_score.value_or(-1), confluence.freshness,
                              confluence.price.mid.value_or(-1));
}

Recording prefix(const Recording& whole, std::int64_t t) {
    Recording cut;
    for (const auto& event : whole) {
        if (event.time().ms <= t) {
            cut.push_back(event);
        }
    }
    return cut;
}

void add(Recording& recording, std::int64_t time, const MarketPayload& payload) {
    recording.emplace_back(MarketEvent{SyntheticMarket::symbol, {time}, payload});
}

/// Two minutes of book, trades, tickers and liquidations after histories.
Recording fast_recording(std::uint64_t seed) {
    Recording recording;
    SyntheticMarket market({.seed = seed, .history_minutes = 90, .live_seconds = 120, .levels = 12}, {},
                           [&](const MarketEvent& event) { recording.emplace_back(event); });
    market.play();
    std::stable_sort(recording.begin(), recording.end(),
                     [](const OwnedEvent& a, const OwnedEvent& b) { return a.time() < b.time(); });
    return recording;
}

/// Five hours of candles, open interest, funding and account ratios, with a hole and a correction.
Recording slow_recording(std::uint64_t seed) {
    Recording recording;
    SyntheticMarket market({.seed = seed, .history_minutes = 90, .live_seconds = 0}, {},
                           [&](const MarketEvent& event) { recording.emplace_back(event); });
    market.play();
    SeededRandom random(seed);
    const std::int64_t begin = SyntheticMarket::live_begin_ms;
    const auto price = [&](std::int64_t tick) {
        return Price{100'000 * decimal_scale + tick * decimal_scale / 100};
    };
    std::int64_t level = 0;
    std::int64_t opened[4] = {0, 0, 0, 0};
    constexpr Timeframe frames[4] = {Timeframe::m1, Timeframe::m5, Timeframe::m30, Timeframe::h4};
    for (std::int64_t minute = 1; minute <= 300; ++minute) {
        const std::int64_t now = begin + minute * ms_per_minute;
        level += static_cast<std::int64_t>(random.below(15)) - 7;
        for (std::size_t f = 0; f < 4; ++f) {
            const std::int64_t interval = interval_ms(frames[f]);
            if ((now - begin) % interval != 0) {
                continue;
            }
            Candle candle{.open_time = {now - interval},
                          .open = price(opened[f]),
                          .high = price(std::max(opened[f], level) + 3),
                          .low = price(std::min(opened[f], level) - 3),
                          .close = price(level),
                          .volume = 1.0 + static_cast<double>(random.below(50))};
            opened[f] = level;
            if (f > 0 || minute % 41 != 7) {
                add(recording, now, KlineUpdate{{now}, frames[f], true, candle});
            }
            if (f == 0 && minute % 60 == 30) {
                candle.close = price(level + 2);
                candle.volume += 7;
                add(recording, now + 600'000, KlineUpdate{{now + 600'000}, frames[f], true, candle});
            }
        }
        const auto drift = static_cast<double>(random.below(200)) * 1e-6;
        if (minute % 5 == 0) {
            const OpenInterestPoint point{
                {now}, static_cast<double>(4'000 + random.below(900)), price(level)};
            add(recording, now + 100, OpenInterestHistory{{&point, 1}});
            const AccountRatioPoint ratio{{now}, 0.4 + drift};
            add(recording, now + 100, AccountRatioHistory{{&ratio, 1}});
        }
        if (minute % 60 == 0) {
            const FundingPoint funding{{now}, drift};
            add(recording, now + 200, FundingHistory{{&funding, 1}});
        }
        if (minute % 7 == 3) {
            TickerUpdate ticker;
            ticker.time = {now + 300};
            ticker.funding_rate = drift;
            add(recording, now + 300, ticker);
        }
    }
    std::stable_sort(recording.begin(), recording.end(),
                     [](const OwnedEvent& a, const OwnedEvent& b) { return a.time() < b.time(); });
    return recording;
}

std::vector<std::int64_t> random_cuts(const Recording& recording, std::size_t count, std::uint64_t seed) {
    SeededRandom random(seed);
    std::vector<std::int64_t> cuts{SyntheticMarket::live_begin_ms + 450};  // before the first book
    const std::int64_t first = SyntheticMarket::live_begin_ms + 1'000;
    const auto span = static_cast<std::uint64_t>(recording.back().time().ms - first);
    for (std::size_t i = 0; i < count; ++i) {
        cuts.push_back(first + static_cast<std::int64_t>(random.below(span)));
    }
    std::sort(cuts.begin(), cuts.end());
    return cuts;
}

/// The whole recording, streamed once and asked at every cut, against one recording of its own per cut.
void expect_prefix_equality(const Recording& whole, std::size_t count, std::uint64_t seed) {
    const auto cuts = random_cuts(whole, count, seed);
    Reader streamed(whole, Bug::none);
    std::size_t next = 0;
    std::size_t events = 0;
    std::size_t different = 0;
    const auto check_until = [&](std::int64_t time) {
        for (; next < cuts.size() && cuts[next] < time; ++next) {
            const Recording cut = prefix(whole, cuts[next]);
            EXPECT_EQ(cut.size(), events);
            Reader alone(cut, Bug::none);
            different += digest(alone.as_of(cuts[next])) != digest(streamed.now(cuts[next])) ? 1U : 0U;
        }
    };
    for (const auto& event : whole) {
        check_until(event.time().ms);
        streamed.apply(event.event());
        ++events;
    }
    EXPECT_EQ(next, cuts.size());
    EXPECT_EQ(different, 0U) << "of " << cuts.size();
}

TEST(LookAhead, PrefixEqualityOfCandlesAndSlowInputs) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        expect_prefix_equality(slow_recording(seed), 500, seed);
    }
}

TEST(LookAhead, PrefixEqualityOfBookAndTape) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        expect_prefix_equality(fast_recording(seed), 500, seed);
    }
}

/// Whether the guard sees a difference at one of some cuts.
bool caught(Bug bug) {
    for (const Recording& whole : {slow_recording(7), fast_recording(7)}) {
        for (const std::int64_t cut : random_cuts(whole, 40, 5)) {
            const Recording part = prefix(whole, cut);
            if (digest(Reader(part, bug).as_of(cut)) != digest(Reader(whole, bug).as_of(cut))) {
                return true;
            }
        }
    }
    return false;
}

TEST(LookAhead, TheGuardIsQuietWithoutABug) {
    EXPECT_FALSE(caught(Bug::none));
}

class PlantedBug : public ::testing::TestWithParam<int> {};

TEST_P(PlantedBug, IsCaught) {
    EXPECT_TRUE(caught(static_cast<Bug>(GetParam())));
}

INSTANTIATE_TEST_SUITE_P(LookAhead, PlantedBug, ::testing::Range(1, bugs + 1));

}  // namespace
}  // namespace virtuoso
