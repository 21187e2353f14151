#include "engine/weights_file.hpp"

#include <gtest/gtest.h>

namespace virtuoso {
namespace {

std::string refusal(std::string_view text) {
    const auto weights = parse_weights(text, "w.toml");
    return weights ? "accepted" : weights.error().text();
}

TEST(WeightsFile, ReadsBackWhatItWrites) {
    const auto weights = parse_weights(weights_text(Weights::standard()), "w.toml");
    ASSERT_TRUE(weights) << weights.error().text();
    EXPECT_EQ(weights->component, Weights::standard().component);
    EXPECT_EQ(weights->sub, Weights::standard().sub);
}

TEST(WeightsFile, TablesLeftOutKeepTheStandard) {
    const auto weights = parse_weights("[components]\norderflow = 1\n", "w.toml");
    ASSERT_TRUE(weights) << weights.error().text();
    EXPECT_EQ(weights->component[0], 1);
    EXPECT_EQ(weights->component[1], 0);
    EXPECT_EQ(weights->sub, Weights::standard().sub);
}

TEST(WeightsFile, RefusesWithTheLine) {
    EXPECT_EQ(refusal("\n[components]\norderflow = 0.5\nvolume = 0.4\n"),
              "E_WEIGHTS: \"w.toml\" line 2: [components] adds up to 0.9, not 1; not given: orderbook, "
              "price_structure, technical, sentiment");
    EXPECT_EQ(
        refusal("[technical]\nrsi = 0.5\nstochastic = 0.5\n"),
        "E_WEIGHTS: \"w.toml\" line 3: [technical] has no member \"stochastic\"; it has: rsi, ao, macd, cci, "
        "williams_r, atr");
    EXPECT_EQ(refusal("[technical]\nrsi = 1.2\n"),
              "E_WEIGHTS: \"w.toml\" line 2: rsi = 1.2 must lie between 0 and 1");
    EXPECT_EQ(refusal("[technical]\ncci = -0.2\nrsi = 1.2\n"),
              "E_WEIGHTS: \"w.toml\" line 2: cci = -0.2 must lie between 0 and 1");
    EXPECT_NE(refusal("[technical]\nrsi = nan\n").find("line 2"), std::string::npos);
    EXPECT_NE(refusal("[technical]\nrsi = \"much\"\n").find("line 2: rsi is not a number"),
              std::string::npos);
    EXPECT_NE(refusal("[momentum]\nrsi = 1.0\n").find("line 1: \"momentum\" is not a table"),
              std::string::npos);
    EXPECT_NE(refusal("\n\xef\xb9\xbfomp[c}").find("line 2: a character beyond ASCII"), std::string::npos);
    EXPECT_NE(refusal("[technical\nrsi = 1.0\n").find("line 1"), std::string::npos);
    EXPECT_NE(read_weights_file("/nonexistent").error().text().find("E_FILE_OPEN"), std::string::npos);
}

}  // namespace
}  // namespace virtuoso
