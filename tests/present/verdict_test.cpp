// The side held is what is published; the verdict of the score alone stands beside it under its own name.
#include "present/breakdown_table.hpp"
#include "present/confluence_json.hpp"
#include "present/market_table.hpp"

#include <gtest/gtest.h>

namespace virtuoso {
namespace {

Confluence held() {
    Confluence confluence;
    confluence.score = 67;
    confluence.partial_score = 67;
    confluence.verdict = Verdict::long_side;
    confluence.raw_verdict = Verdict::neutral;
    confluence.coverage = 0.9;
    confluence.present = 6;
    return confluence;
}

TEST(Verdict, JsonAndTablesCarryTheHeldOneAndTheRawOne) {
    const SymbolState state("XUSDT");
    const auto json = confluence_json("bybit", state, held());
    EXPECT_NE(json.find(R"("signal":"LONG","raw_signal":"NEUTRAL")"), std::string::npos) << json;
    const auto table = breakdown_table("bybit", "XUSDT", held());
    EXPECT_NE(table.find("Confluence 67.00 LONG · raw NEUTRAL"), std::string::npos) << table;
    MarketRow row;
    row.symbol = "XUSDT";
    row.confluence = held();
    const auto market = market_table({&row, 1});
    EXPECT_LT(market.find("Signal"), market.find("Raw"));
    EXPECT_NE(market.find("LONG         NEUTRAL"), std::string::npos) << market;
}

TEST(Verdict, OnlyWhatLacksIsSaid) {
    Confluence confluence = held();
    confluence.score.reset();
    confluence.verdict.reset();
    confluence.raw_verdict.reset();
    confluence.coverage = 0.598;
    confluence.present = 4;
    auto table = breakdown_table("bybit", "XUSDT", confluence);
    EXPECT_NE(table.find("insufficient data: coverage 0.598 (0.600 needed)"), std::string::npos) << table;
    EXPECT_EQ(table.find("of 6 components"), std::string::npos) << table;
    confluence.coverage = 0.7;
    confluence.present = 3;
    table = breakdown_table("bybit", "XUSDT", confluence);
    EXPECT_NE(table.find("insufficient data: 3 of 6 components (4 needed)"), std::string::npos) << table;
    EXPECT_EQ(table.find("insufficient data: coverage"), std::string::npos) << table;
}

}  // namespace
}  // namespace virtuoso
