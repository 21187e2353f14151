#include "analysis/interpretation.hpp"

#include "analysis/sentences.hpp"
#include "analysis/wording.hpp"

#include <gtest/gtest.h>

namespace virtuoso {
namespace {

using enum ComponentId;

ComponentResult& of(Confluence& confluence, ComponentId id) {
    return confluence.components[static_cast<std::size_t>(id)];
}

SubScore& with(Confluence& confluence, ComponentId id, std::string_view name, double lean, Reading reading) {
    SubScore& sub = of(confluence, id).sub(name);
    sub.set_lean(lean);
    sub.reading = reading;
    return sub;
}

void finish(Confluence& confluence) {
    for (auto& component : confluence.components) {
        component.combine();
    }
    combine(confluence);
}

TEST(Wording, GivesNoMoreDigitsThanTheyMean) {
    EXPECT_EQ(money_text(18.4e6), "18.4 M");
    EXPECT_EQ(money_text(65'815), "65.8 K");
    EXPECT_EQ(money_text(1.41e9), "1.41 B");
    EXPECT_EQ(money_text(999'960), "1.0 M");
    EXPECT_EQ(money_text(0.314), "0.31");
    EXPECT_EQ(span_text(342), "5.7 min");
    EXPECT_EQ(span_text(900), "15 min");
    EXPECT_EQ(span_text(3'600), "60 min");
    EXPECT_EQ(span_text(86'400), "24 h");
    EXPECT_EQ(span_text(30 * 86'400), "30 days");
    EXPECT_EQ(told_apart(33.1, 33.4, 0), std::pair(std::string("33.1"), std::string("33.4")));
    EXPECT_EQ(told_apart(33, 33, 0), std::pair(std::string("33"), std::string("33")));
    EXPECT_EQ(told_apart(0.00012, 0, 1).first, "0.0001");
    EXPECT_EQ(told_apart(-0.0031, 0, 2).first, "-0.003") << "minus nothing is no number";
    EXPECT_EQ(told_apart(-0.02, -50, 1).first, "0.0");
    EXPECT_EQ(told_apart(-0.0, 0, 2).first, "0.00");
    EXPECT_EQ(money_text(412), "412");
    EXPECT_EQ(price_text(61'811.70), "61811.7");
    EXPECT_EQ(price_text(100), "100");
    EXPECT_EQ(price_text(0.0412344), "0.0412344");
    EXPECT_EQ(percent_text(0.614), "61 %");
    EXPECT_EQ(percent_text(0.052), "5.2 %");
    EXPECT_EQ(quote_currency("BTCUSDT"), "USDT");
    EXPECT_EQ(quote_currency("BTCPERP"), "USDC");
}

TEST(Interpretation, SaysWhoTradedWhatAndWhatPriceDid) {
    Confluence confluence;
    SubScore& cvd = with(confluence, orderflow, "cvd", -0.6, Reading::ask_absorption);
    cvd.add_raw("window_s", 342);
    cvd.add_raw("net_base", 3);
    cvd.add_raw("ratio", 0.22);
    cvd.add_raw("buy_share", 0.61);
    cvd.add_raw("notional_quote", 18.4e6);
    cvd.add_raw("price_change_bps", -12);
    finish(confluence);
    const auto texts = interpret(confluence, "BTCUSDT");
    EXPECT_EQ(texts[0],
              "Buyers lifted 61 % of 18.4 M USDT in 5.7 min while price fell 0.12 %: sellers absorb them.");
    EXPECT_EQ(texts[1], "Orderbook is absent: nothing of its input was received.");
    EXPECT_EQ(interpret(confluence, "BTCUSDT"), texts) << "the same every time";
}

TEST(Interpretation, NothingWasReceivedOnlyWhereNothingWas) {
    Confluence confluence;
    auto& component = confluence.components[static_cast<std::size_t>(sentiment)];
    component.sub("liquidations").set_absent(Absence::warming_up);
    finish(confluence);
    const auto texts = interpret(confluence, "X");
    EXPECT_EQ(texts[static_cast<std::size_t>(sentiment)],
              "Sentiment is absent: too little of its input was received so far.");
    EXPECT_EQ(texts[static_cast<std::size_t>(technical)],
              "Technical is absent: nothing of its input was received.");
}

TEST(Interpretation, NamesWhatWeighsAgainst) {
    Confluence confluence;
    with(confluence, technical, "rsi", 0.6, Reading::bullish).add_raw("1m", 62);
    with(confluence, technical, "cci", -0.5, Reading::overbought).add_raw("1m", 140);
    finish(confluence);
    EXPECT_EQ(interpret(confluence, "X")[static_cast<std::size_t>(technical)],
              "RSI is 62.0 on 1m. Against it: CCI is 140.0 on 1m: overbought.");
}

TEST(Interpretation, EverySubIndicatorHasASentence) {
    for (const auto& spec : all_components()) {
        ComponentResult result(spec.id);
        for (std::size_t i = 0; i < result.sub_count; ++i) {
            result.subs[i].set_lean(0.5);
            result.subs[i].add_raw("1m", 1.5);
            for (const Reading reading :
                 {Reading::neutral, Reading::bullish, Reading::bearish, Reading::risk_off, Reading::cascade,
                  Reading::break_up, Reading::rejected_down}) {
                result.subs[i].reading = reading;
                EXPECT_GT(sentence(spec.id, result.subs[i], "USDT").size(), 10U)
                    << spec.name << "." << result.subs[i].name;
            }
        }
    }
}

TEST(Insights, FlowAgainstBook) {
    Confluence confluence;
    with(confluence, orderflow, "cvd", 0.6, Reading::bullish);
    with(confluence, orderbook, "depth", -0.6, Reading::bearish);
    finish(confluence);
    const auto list = insights(confluence, "BTCUSDT");
    ASSERT_EQ(list.size(), 1U);
    EXPECT_NE(list[0].find("Flow leans up (80) against a book that leans down (20)"), std::string::npos)
        << list[0];
}

TEST(Insights, FundingAgainstPositioning) {
    Confluence confluence;
    with(confluence, sentiment, "funding_rate", -0.2, Reading::neutral).add_raw("rate_8h", 0.0004);
    with(confluence, sentiment, "long_short_ratio", -0.2, Reading::neutral).add_raw("long_share", 0.68);
    finish(confluence);
    const auto list = insights(confluence, "BTCUSDT");
    ASSERT_EQ(list.size(), 1U);
    EXPECT_NE(list[0].find("Longs are the majority (68 % of accounts) and pay for it (0.0400 % in 8 h)"),
              std::string::npos)
        << list[0];
}

TEST(TurningPoints, GiveTheNearestThresholdAndWhatWouldReachIt) {
    Confluence confluence;
    for (auto& component : confluence.components) {
        for (std::size_t i = 0; i < component.sub_count; ++i) {
            component.subs[i].set_lean(0.3);
        }
    }
    finish(confluence);
    ASSERT_TRUE(confluence.score);
    EXPECT_NEAR(*confluence.score, 65, 1e-9);
    const auto list = turning_points(confluence);
    ASSERT_FALSE(list.empty());
    EXPECT_EQ(list[0], "LONG begins at 70, 5.0 points away; Orderflow at 82 instead of 65 would be enough");
}

}  // namespace
}  // namespace virtuoso
