#include "base/nearest_name.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace virtuoso {
namespace {

TEST(NearestName, CountsEdits) {
    EXPECT_EQ(edits_between("", ""), 0U);
    EXPECT_EQ(edits_between("", "abc"), 3U);
    EXPECT_EQ(edits_between("kitten", "sitting"), 3U);
    EXPECT_EQ(edits_between("sitting", "kitten"), 3U);
    EXPECT_EQ(edits_between("flaw", "lawn"), 2U);
}

TEST(NearestName, IsTheOneOfFewestEditsUnlessAPartWasTyped) {
    constexpr std::array<std::string_view, 4> names{"listed", "whale_trade", "whale_trades", "api"};
    EXPECT_EQ(nearest_name("lsted", names), "listed");
    EXPECT_EQ(nearest_name("whale", names), "whale_trade");
    EXPECT_EQ(nearest_name("ap", names), "api");
    EXPECT_EQ(nearest_name(std::string(100'000, 'q'), names), "listed") << "the first where none is near";
    EXPECT_EQ(nearest_name("a", {}), "");
}

TEST(NearestName, WhatHasLittleInCommonIsNotNear) {
    EXPECT_TRUE(is_near("runn", "run"));
    EXPECT_TRUE(is_near("warn", "warning"));
    EXPECT_TRUE(is_near("informaton", "information"));
    EXPECT_TRUE(is_near("whale", "whale_trades")) << "a part of it";
    EXPECT_TRUE(is_near("binance", "binance-usdm"));
    EXPECT_FALSE(is_near("loud", "debug"));
    EXPECT_FALSE(is_near("foo", "sim"));
    EXPECT_FALSE(is_near("", "sim"));
    EXPECT_FALSE(is_near("sim", ""));
}

}  // namespace
}  // namespace virtuoso
