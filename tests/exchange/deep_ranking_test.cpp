// The most traded contracts: exact in number, deterministic, and without a border that churns.
#include "exchange/deep_ranking.hpp"

#include "base/seeded_random.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace virtuoso {
namespace {

std::vector<RankedContract> any_market(SeededRandom& random, std::size_t size) {
    std::vector<RankedContract> market;
    for (std::size_t i = 0; i < size; ++i) {
        market.push_back({fmt::format("C{:02}", i), std::exp(6 * random.uniform())});
    }
    return market;
}

TEST(DeepRanking, IsTheTopAtFirstWithTiesByName) {
    DeepRanking ranking({.count = 3});
    const std::vector<RankedContract> market{{"D", 5}, {"A", 5}, {"C", 5}, {"B", 5}, {"E", 7}, {"F", 1}};
    const auto change = ranking.update(market);
    EXPECT_EQ(ranking.members(), (std::vector<std::string>{"E", "A", "B"}));
    EXPECT_EQ(change.added, ranking.members());
    EXPECT_TRUE(change.removed.empty());
}

TEST(DeepRanking, NoiseBelowTheHysteresisChangesNothing) {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        SeededRandom random(seed);
        const double hysteresis = 0.05 + 0.4 * random.uniform();
        const double turnover_min = random.below(2) == 0 ? 0 : std::exp(6 * random.uniform());
        DeepRanking ranking(
            {.count = random.below(30), .turnover_min = turnover_min, .hysteresis = hysteresis});
        const auto market = any_market(random, 40);
        ranking.update(market);
        auto before = ranking.members();
        std::ranges::sort(before);
        // Nobody outside qualifies by noise alone: those at the minimum's border are outside for want of it.
        const double room = std::sqrt(1 + hysteresis) * 0.999;
        for (int round = 0; round < 50; ++round) {
            auto noisy = market;
            for (auto& contract : noisy) {
                const bool outside = !ranking.contains(contract.name);
                contract.turnover *= std::exp(std::log(room) * (2 * random.uniform() - 1));
                if (outside &&
                    market[static_cast<std::size_t>(&contract - noisy.data())].turnover < turnover_min) {
                    contract.turnover = std::min(contract.turnover, turnover_min * 0.999);
                }
            }
            const auto change = ranking.update(noisy);
            ASSERT_TRUE(change.empty()) << seed;
            auto now = ranking.members();
            ASSERT_TRUE(std::ranges::is_sorted(now, std::greater{}, [&](const std::string& name) {
                return std::ranges::find(noisy, name, &RankedContract::name)->turnover;
            })) << "most traded first";
            std::ranges::sort(now);
            ASSERT_EQ(now, before);
        }
    }
}

// Against the rules as they read, over markets that come and go.
TEST(DeepRanking, KeepsItsRulesThroughAnyMarket) {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        SeededRandom random(seed);
        DeepRanking::Options options{.count = random.below(12),
                                     .turnover_min = random.below(2) == 0 ? 0.0 : 20 * random.uniform(),
                                     .hysteresis = 0.3 * random.uniform()};
        for (std::uint64_t i = random.below(4); i > 0; --i) {
            options.included.push_back(fmt::format("C{:02}", random.below(25)));
            options.excluded.push_back(fmt::format("C{:02}", random.below(25)));
        }
        DeepRanking ranking(options);
        DeepRanking twin(options);
        std::set<std::string> inside;
        for (int round = 0; round < 30; ++round) {
            auto market = any_market(random, 25);
            std::erase_if(market, [&](const auto&) { return random.below(5) == 0; });
            const auto change = ranking.update(market);
            auto shuffled = market;
            std::ranges::reverse(shuffled);
            shuffled.insert(shuffled.end(), market.begin(), market.end());
            twin.update(shuffled);
            ASSERT_EQ(twin.members(), ranking.members()) << "order and repetitions change nothing";
            for (const auto& name : change.removed) {
                ASSERT_EQ(inside.erase(name), 1U);
            }
            for (const auto& name : change.added) {
                ASSERT_TRUE(inside.insert(name).second);
            }
            auto members = ranking.members();
            std::ranges::sort(members);
            ASSERT_EQ(members, std::vector<std::string>(inside.begin(), inside.end()));
            const auto is = [](const std::vector<std::string>& names, const std::string& name) {
                return std::ranges::find(names, name) != names.end();
            };
            std::size_t qualified = 0;
            std::size_t by_choice = 0;
            double best_outside = 0;
            double weakest_inside = 1e300;
            for (const auto& [name, turnover] : market) {
                const bool in = ranking.contains(name);
                if (is(options.excluded, name)) {
                    ASSERT_FALSE(in);
                    continue;
                }
                if (is(options.included, name)) {
                    ASSERT_TRUE(in);
                    ++by_choice;
                    ++qualified;
                    continue;
                }
                qualified += in || turnover >= options.turnover_min ? 1U : 0U;
                if (in) {
                    ASSERT_GE(turnover * (1 + options.hysteresis) * 1.000001, options.turnover_min);
                    weakest_inside = std::min(weakest_inside, turnover);
                } else if (turnover >= options.turnover_min) {
                    best_outside = std::max(best_outside, turnover);
                }
            }
            ASSERT_EQ(members.size(), std::max(by_choice, std::min(options.count, qualified))) << "exact";
            if (members.size() > by_choice) {
                ASSERT_LE(best_outside, weakest_inside * (1 + options.hysteresis) * 1.000001);
            }
        }
    }
}

TEST(DeepRanking, ANewcomerHasToExceedTheWeakestByTheHysteresis) {
    DeepRanking ranking({.count = 2, .hysteresis = 0.1});
    ranking.update(std::vector<RankedContract>{{"A", 100}, {"B", 50}});
    EXPECT_TRUE(ranking.update(std::vector<RankedContract>{{"A", 100}, {"B", 50}, {"N", 54.9}}).empty());
    const auto change = ranking.update(std::vector<RankedContract>{{"A", 100}, {"B", 50}, {"N", 55.1}});
    EXPECT_EQ(change.added, std::vector<std::string>{"N"});
    EXPECT_EQ(change.removed, std::vector<std::string>{"B"});
    EXPECT_EQ(ranking.update(std::vector<RankedContract>{{"B", 50}, {"N", 55.1}}).added,
              std::vector<std::string>{"B"})
        << "what is gone leaves its place";
}

}  // namespace
}  // namespace virtuoso
