// What REST answers tell counts the same in whatever order they come, also between events of the stream.
#include "analysis/symbol_analysis.hpp"
#include "support/owned_event.hpp"
#include "support/synthetic_market.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace virtuoso {
namespace {

using test::OwnedEvent;
using test::SyntheticMarket;

constexpr std::int64_t live_ms = SyntheticMarket::live_begin_ms;

bool is_answer(const MarketPayload& payload) {
    return std::holds_alternative<KlineHistory>(payload) ||
           std::holds_alternative<OpenInterestHistory>(payload) ||
           std::holds_alternative<FundingHistory>(payload) ||
           std::holds_alternative<AccountRatioHistory>(payload);
}

/// A session as it is received: answers apart from the stream.
struct Session {
    std::vector<OwnedEvent> answers;
    std::vector<OwnedEvent> stream;
};

/// The trades that REST tells of before the stream's first.
OwnedEvent recent_trades(SeededRandom& random) {
    std::vector<TradePrint> prints;
    for (int i = 0; i < 150; ++i) {
        prints.push_back({.time = {live_ms - 290'000 + i * 1'900},
                          .price = {100'000 * decimal_scale},
                          .size = {static_cast<std::int64_t>(1 + random.below(50)) * 1'000},
                          .taker = random.below(2) == 0 ? Side::buy : Side::sell,
                          .id = 1'000'000 + static_cast<std::uint64_t>(i)});
    }
    return OwnedEvent({SyntheticMarket::symbol, prints.back().time, Trades{.prints = prints}});
}

Session session_of(std::uint64_t seed) {
    Session session;
    SeededRandom random(seed);
    session.stream.push_back(recent_trades(random));
    SyntheticMarket market({.seed = seed, .live_seconds = 700}, {}, [&](const MarketEvent& event) {
        const auto* const interest = std::get_if<OpenInterestHistory>(&event.payload);
        if (interest != nullptr) {  // two pages, the newer first
            const std::size_t older = interest->points.size() / 3;
            session.answers.emplace_back(
                MarketEvent{event.symbol, event.time, OpenInterestHistory{interest->points.subspan(older)}});
            session.answers.emplace_back(
                MarketEvent{event.symbol, event.time, OpenInterestHistory{interest->points.first(older)}});
            return;
        }
        (is_answer(event.payload) ? session.answers : session.stream).emplace_back(event);
    });
    market.play();
    return session;
}

struct Outcome {
    SymbolState state{std::string(SyntheticMarket::symbol)};
    Confluence confluence;
};

/// Each answer before a random one of the first `within` events of the stream. Seed 0: all before, in order.
Outcome played(const Session& session, std::uint64_t order, std::size_t within) {
    SeededRandom random(order);
    std::multimap<std::size_t, std::size_t> places;
    std::vector<std::size_t> answers(session.answers.size());
    for (std::size_t i = 0; i < answers.size(); ++i) {
        answers[i] = i;
        std::swap(answers[i], answers[order == 0 ? i : random.below(i + 1)]);
    }
    for (const std::size_t answer : answers) {
        places.emplace(order == 0 ? 0 : random.below(within), answer);
    }
    Outcome outcome;
    SymbolAnalysis analysis;
    const auto apply = [&](const OwnedEvent& event) {
        analysis.update(outcome.state, outcome.state.apply(event.event()));
    };
    for (std::size_t i = 0; i < session.stream.size(); ++i) {
        const auto [from, to] = places.equal_range(i);
        for (auto at = from; at != to; ++at) {
            apply(session.answers[at->second]);
        }
        apply(session.stream[i]);
    }
    outcome.confluence = analysis.evaluate(outcome.state, outcome.state.as_of(), nullptr);
    return outcome;
}

std::string number(double value) {
    return fmt::format("{:.9g}", value + 0.0);
}

/// Everything a result says, line by line.
std::vector<std::string> lines_of(const Confluence& confluence) {
    std::vector<std::string> lines{
        fmt::format("whole {}", confluence.partial_score ? number(*confluence.partial_score) : "-")};
    for (const auto& component : confluence.components) {
        for (const auto& sub : component.sub_scores()) {
            std::string line = fmt::format("{} {} {} {} {}", sub.name, sub.lean ? number(*sub.lean) : "-",
                                           name_of(sub.absence), static_cast<int>(sub.reading), sub.samples);
            for (std::size_t i = 0; i < sub.raw_count; ++i) {
                line += fmt::format(" {}={}", sub.raw[i].name, number(sub.raw[i].value));
            }
            lines.push_back(line);
        }
    }
    return lines;
}

std::vector<std::string> lines_of(const SymbolState& state) {
    std::vector<std::string> lines;
    for (const Timeframe timeframe : all_timeframes) {
        const auto& closed = state.candles().series(timeframe).closed();
        for (std::size_t i = 0; i < closed.size(); ++i) {
            const Candle& c = closed[i];
            lines.push_back(fmt::format("{} {} {} {} {} {} {} {} {} {}", name_of(timeframe), c.open_time.ms,
                                        c.open.units, c.high.units, c.low.units, c.close.units,
                                        number(c.volume), number(c.taker_buy), number(c.taker_sell),
                                        c.partial));
        }
    }
    for (std::size_t i = 0; i < state.open_interest().size(); ++i) {
        const auto& point = state.open_interest()[i];
        lines.push_back(
            fmt::format("interest {} {} {}", point.time.ms, number(point.open_interest), point.price.units));
    }
    for (std::size_t i = 0; i < state.funding().size(); ++i) {
        lines.push_back(
            fmt::format("funding {} {}", state.funding()[i].time.ms, number(state.funding()[i].rate)));
    }
    for (std::size_t i = 0; i < state.account_ratio().size(); ++i) {
        const auto& point = state.account_ratio()[i];
        lines.push_back(fmt::format("ratio {} {}", point.time.ms, number(point.buy_ratio)));
    }
    return lines;
}

/// Answers that only ever come one after the other count as one.
std::size_t kind_of(const OwnedEvent& answer) {
    const MarketPayload& payload = answer.payload();
    if (const auto* const candles = std::get_if<KlineHistory>(&payload)) {
        return candles->timeframe == Timeframe::m1 ? 0 : candles->timeframe == Timeframe::m5 ? 1 : 2;
    }
    return std::holds_alternative<OpenInterestHistory>(payload) ? 3 : 4;
}

/// All answers after the stream's first events, kind by kind; within a kind as asked, or the other way round.
Outcome played(const Session& session, std::span<const std::size_t> kinds, bool turned) {
    constexpr std::size_t before = 40;
    constexpr std::size_t after = 400;
    Outcome outcome;
    SymbolAnalysis analysis;
    const auto apply = [&](const OwnedEvent& event) {
        analysis.update(outcome.state, outcome.state.apply(event.event()));
    };
    for (std::size_t i = 0; i < before; ++i) {
        apply(session.stream[i]);
    }
    for (const std::size_t kind : kinds) {
        for (std::size_t i = 0; i < session.answers.size(); ++i) {
            const OwnedEvent& answer = session.answers[turned ? session.answers.size() - 1 - i : i];
            if (kind_of(answer) == kind) {
                apply(answer);
            }
        }
    }
    for (std::size_t i = before; i < after; ++i) {
        apply(session.stream[i]);
    }
    outcome.confluence = analysis.evaluate(outcome.state, outcome.state.as_of(), nullptr);
    return outcome;
}

TEST(AnswerOrderOfKinds, NoPermutationChangesStateOrScores) {
    const Session session = session_of(11);
    std::array<std::size_t, 5> kinds{0, 1, 2, 3, 4};
    const Outcome usual = played(session, kinds, false);
    const auto state = lines_of(usual.state);
    const auto scores = lines_of(usual.confluence);
    std::size_t permutations = 0;
    do {
        for (const bool turned : {false, true}) {
            const Outcome other = played(session, kinds, turned);
            const std::string order = fmt::format("{}{}", fmt::join(kinds, ","), turned ? " turned" : "");
            EXPECT_EQ(state, lines_of(other.state)) << order;
            ASSERT_EQ(scores, lines_of(other.confluence)) << order;
        }
        ++permutations;
    } while (std::ranges::next_permutation(kinds).found);
    EXPECT_EQ(permutations, 120U);
}

class AnswerOrder : public testing::TestWithParam<std::uint64_t> {};

TEST_P(AnswerOrder, ChangesNeitherStateNorScores) {
    const Session session = session_of(GetParam());
    const Outcome usual = played(session, 0, 1);
    ASSERT_TRUE(usual.confluence.component(ComponentId::orderflow).sub("open_interest").lean)
        << "or nothing is compared";
    for (std::uint64_t order = 1; order <= 6; ++order) {
        const Outcome other = played(session, order, order % 2 == 0 ? 10 : 1'200);
        const auto expect_same = [&](const std::vector<std::string>& a, const std::vector<std::string>& b) {
            ASSERT_EQ(a.size(), b.size()) << "seed " << GetParam() << " order " << order;
            for (std::size_t i = 0; i < a.size(); ++i) {
                EXPECT_EQ(a[i], b[i]) << "seed " << GetParam() << " order " << order;
            }
        };
        expect_same(lines_of(usual.state), lines_of(other.state));
        expect_same(lines_of(usual.confluence), lines_of(other.confluence));
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, AnswerOrder, testing::Range<std::uint64_t>(1, 9));

}  // namespace
}  // namespace virtuoso
