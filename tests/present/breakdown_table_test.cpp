#include "present/breakdown_table.hpp"

#include <gtest/gtest.h>

namespace virtuoso {
namespace {

// METHODOLOGY §11: these rows are fixed to the character.
TEST(BreakdownTable, RowsAreExactlyThose) {
    const struct {
        const char* title;
        double score;
        double weight;
        const char* row;
    } rows[] = {
        {"Orderflow", 47.84, .30, "║ Orderflow       ║ 47.84 ║   14.4 ║ ▓▓▓▓▓▓▓▓▓▓▓▓▓▓················ ║"},
        {"Orderbook", 66.70, .20, "║ Orderbook       ║ 66.70 ║   13.3 ║ ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓·········· ║"},
        {"Volume", 47.60, .18, "║ Volume          ║ 47.60 ║    8.6 ║ ▓▓▓▓▓▓▓▓▓▓▓▓▓▓················ ║"},
        {"Price Structure", 51.55, .15,
         "║ Price Structure ║ 51.55 ║    7.7 ║ ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓··············· ║"},
        {"Sentiment", 63.53, .07, "║ Sentiment       ║ 63.53 ║    4.4 ║ ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓··········· ║"},
        {"Technical", 39.65, .10, "║ Technical       ║ 39.65 ║    4.0 ║ ░░░░░░░░░░░··················· ║"}};
    for (const auto& row : rows) {
        EXPECT_EQ(component_row(row.title, row.score, row.weight * row.score), std::string(row.row) + "\n");
    }
}

std::size_t cells(const std::string& text, const std::string& glyph) {
    std::size_t count = 0;
    for (auto at = text.find(glyph); at != std::string::npos; at = text.find(glyph, at + 1)) {
        ++count;
    }
    return count;
}

TEST(BreakdownTable, GaugeFillsByFloorAndShadesByLevel) {
    EXPECT_EQ(cells(gauge(0), "·"), 30U);
    EXPECT_EQ(cells(gauge(100), "█"), 30U);
    EXPECT_EQ(cells(gauge(70), "█"), 21U);
    EXPECT_EQ(cells(gauge(69.99), "▓"), 20U);
    EXPECT_EQ(cells(gauge(45), "▓"), 13U);
    EXPECT_EQ(cells(gauge(44.99), "░"), 13U);
}

TEST(BreakdownTable, OrdersByImpactAndSaysWhenDataDoNotSuffice) {
    Confluence confluence;
    for (const auto id : {ComponentId::technical, ComponentId::orderbook}) {
        auto& component = confluence.components[static_cast<std::size_t>(id)];
        for (std::size_t i = 0; i < component.sub_count; ++i) {
            component.subs[i].set_lean(0.2);
        }
        component.combine();
    }
    combine(confluence);
    const auto table = breakdown_table("bybit", "XUSDT", confluence);
    EXPECT_LT(table.find("║ Orderbook "), table.find("║ Technical "));
    EXPECT_NE(table.find("nsufficient data"), std::string::npos) << table;
    EXPECT_EQ(table.find("LONG"), std::string::npos) << table;
}

}  // namespace
}  // namespace virtuoso
