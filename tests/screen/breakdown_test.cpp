#include "screen/breakdown.hpp"

#include "analysis/confluence.hpp"
#include "present/confluence_json.hpp"
#include "screen/cells.hpp"

#include <gtest/gtest.h>

#include <string>

namespace virtuoso::screen {
namespace {

std::string text_of(const std::vector<Line>& lines) {
    std::string text;
    for (const auto& line : lines) {
        text += line.text + "\n";
    }
    return text;
}

/// Four of six components, one of them strong.
Confluence sample() {
    Confluence confluence;
    confluence.as_of = {1'717'286'399'598};
    for (const auto id : {ComponentId::orderflow, ComponentId::orderbook, ComponentId::volume,
                          ComponentId::price_structure, ComponentId::technical}) {
        auto& component = confluence.components[static_cast<std::size_t>(id)];
        for (std::size_t i = 0; i < component.sub_count; ++i) {
            component.subs[i].set_lean(id == ComponentId::volume ? 0.9 : 0.1);
            component.subs[i].add_raw("value_usdt", 1'234'567.8);
        }
        component.combine();
    }
    combine(confluence);
    return confluence;
}

TEST(Breakdown, SaysWhatItsDocumentSays) {
    const Confluence confluence = sample();
    const std::string document = confluence_object("bybit", "XUSDT", confluence).text();
    const auto breakdown = Breakdown::read(document, Glyphs::unicode);
    ASSERT_TRUE(breakdown) << breakdown.error().text();
    EXPECT_EQ(breakdown->components.size(), component_count);
    const std::string wide = text_of(breakdown_lines(*breakdown, 130));
    for (const std::string part :
         {"XUSDT · bybit · 2024-06-01T23:59:59.598Z", "What it says", "What would change it",
          "Price Structure", "value_usdt=1234568", "absent: ", "█", "▓", "coverage "}) {
        EXPECT_NE(wide.find(part), std::string::npos) << part << " in\n" << wide;
    }
    EXPECT_NE(wide.find(confluence.score ? "Confluence " : "no score"), std::string::npos);
    EXPECT_LT(wide.find("Volume"), wide.find("Sentiment")) << "by impact";
}

TEST(Breakdown, FitsEveryWidth) {
    for (const auto glyphs : {Glyphs::ascii, Glyphs::unicode}) {
        const auto breakdown = Breakdown::read(confluence_object("bybit", "XUSDT", sample()).text(), glyphs);
        ASSERT_TRUE(breakdown);
        for (const std::size_t columns : {1U, 5U, 20U, 40U, 80U, 130U, 250U}) {
            for (const auto& line : breakdown_lines(*breakdown, columns)) {
                EXPECT_LE(cells_in(line.text), columns) << line.text;
            }
        }
    }
}

TEST(Breakdown, RefusesWhatIsNoneAndTakesWhatLacksSomething) {
    for (const std::string document :
         {"", "[]", "{}", "null", R"({"schema":"virtuoso.symbols/1","components":{}})",
          R"({"schema":"virtuoso.confluence/1"})", R"({"schema":"virtuoso.confluence/1","components":[]})"}) {
        const auto breakdown = Breakdown::read(document, Glyphs::ascii);
        ASSERT_FALSE(breakdown) << document;
        EXPECT_EQ(breakdown.error().code, ErrorCode::file_format);
    }
    const auto odd = Breakdown::read(
        R"({"schema":"virtuoso.confluence/1","symbol":"\u001b[31m\u202eX","as_of_ms":-9223372036854775808,)"
        R"("insights":[1,"币"],"components":{"made\u0007up":{"sub":{"a":{"raw":{"b":1e308}}}},"volume":7}})",
        Glyphs::ascii);
    ASSERT_TRUE(odd) << odd.error().text();
    const std::string text = text_of(breakdown_lines(*odd, 80));
    for (const std::string part :
         {"\\x1b[31m\\u{202e}X", "\\u{5e01}", "made\\x07up", "1e+308", "1970-01-01"}) {
        EXPECT_NE(text.find(part), std::string::npos) << part << " in\n" << text;
    }
}

}  // namespace
}  // namespace virtuoso::screen
