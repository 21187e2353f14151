#include "base/name_index.hpp"

#include "base/seeded_random.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

namespace virtuoso {
namespace {

TEST(NameIndex, FindsWhatWasAddedAndNothingElse) {
    NameIndex<int> index;
    EXPECT_EQ(index.find("BTCUSDT"), nullptr);
    EXPECT_FALSE(index.erase("BTCUSDT"));
    EXPECT_TRUE(index.add("BTCUSDT", 1));
    EXPECT_FALSE(index.add("BTCUSDT", 2)) << "the first value stays";
    EXPECT_TRUE(index.add("", 3));
    ASSERT_NE(index.find("BTCUSDT"), nullptr);
    EXPECT_EQ(*index.find("BTCUSDT"), 1);
    ASSERT_NE(index.find(""), nullptr);
    EXPECT_EQ(*index.find(""), 3);
    EXPECT_EQ(index.find("BTCUSD"), nullptr);
    EXPECT_EQ(index.size(), 2U);
}

TEST(NameIndex, IsWhatAMapIsThroughAnyAddingAndErasing) {
    SeededRandom random(7);
    NameIndex<std::uint64_t> index;
    std::map<std::string, std::uint64_t, std::less<>> map;
    for (std::uint64_t step = 0; step < 20'000; ++step) {
        const std::string name = fmt::format("S{}USDT", random.below(300));
        if (random.below(2) == 0) {
            EXPECT_EQ(index.add(name, step), map.emplace(name, step).second);
        } else {
            EXPECT_EQ(index.erase(name), map.erase(name) > 0);
        }
        ASSERT_EQ(index.size(), map.size());
    }
    for (std::uint64_t number = 0; number < 300; ++number) {
        const std::string name = fmt::format("S{}USDT", number);
        const auto* const found = index.find(name);
        const auto kept = map.find(name);
        ASSERT_EQ(found != nullptr, kept != map.end()) << name;
        if (found != nullptr) {
            EXPECT_EQ(*found, kept->second);
        }
    }
}

}  // namespace
}  // namespace virtuoso
