// Scores, verdicts and sentences of real recordings, and the side held the same whoever evaluates.
#include "engine/replay.hpp"
#include "indicators/trailing_quantile.hpp"
#include "support/confluence_reader.hpp"
#include "support/places.hpp"
#include "support/shared_file.hpp"
#include "support/synthetic_market.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace virtuoso {
namespace {

const std::vector<std::string> captures{
    "data/binance-usdm/btcusdt_20240808.jsonl.gz", "data/binance-spot/btcusdt_20240808.jsonl.gz",
    "data/bybit/xrpusdt_ob500_20241201.jsonl.gz", "data/binance-spot/btcusdt_20240809.jsonl.gz"};

class RecordedScores : public ::testing::TestWithParam<std::string> {};

TEST_P(RecordedScores, SentencesSayWhatIs) {
    const std::string path = test::shared_path(GetParam());
    VIRTUOSO_NEED_FILE(path);
    test::ConfluenceReader reader;
    Pipeline pipeline;
    const ReplayObserver observer{.on_step = [&](ExchangeTime) {
        for (const auto& symbol : pipeline.symbols()) {
            reader.read(pipeline.evaluate(*symbol), symbol->state.symbol());
        }
    }};
    ASSERT_TRUE(replay({path}, pipeline, {.every_ms = 1'000}, observer));
    for (const auto& symbol : pipeline.symbols()) {
        reader.read(pipeline.evaluate(*symbol), symbol->state.symbol());
    }
    EXPECT_GT(reader.sentences(), path.ends_with("20241201.jsonl.gz") ? 0U : 1'000U);
}

// The threshold of large trades against the exact 95th percentile of the same trades.
TEST_P(RecordedScores, TheThresholdOfTradeSizesIsNearTheExactOne) {
    const std::string path = test::shared_path(GetParam());
    VIRTUOSO_NEED_FILE(path);
    constexpr std::size_t window = 10'000;
    std::vector<double> notionals;
    TrailingQuantile quantile(0.95, window);
    std::size_t compared = 0;
    PipelineOptions options;
    options.on_change = [&](const TrackedSymbol& symbol, const StateChange& change) {
        const auto& trades = symbol.state.tape().trades();
        for (std::size_t age = std::min<std::size_t>(change.trades, trades.size()); age-- > 0;) {
            notionals.push_back(trades.newest(age).size().value() * trades.newest(age).price.value());
            quantile.update(notionals.back());
            if (notionals.size() % 101 == 0 && quantile.value()) {
                const auto count = static_cast<std::ptrdiff_t>(std::min(window, notionals.size()));
                std::vector<double> last(notionals.end() - count, notionals.end());
                const auto rank =
                    static_cast<std::ptrdiff_t>(std::ceil(0.95 * static_cast<double>(count))) - 1;
                std::nth_element(last.begin(), last.begin() + rank, last.end());
                EXPECT_NEAR(*quantile.value() / last[static_cast<std::size_t>(rank)], 1, 0.05)
                    << notionals.size();
                ++compared;
            }
        }
    };
    Pipeline pipeline(options);
    ASSERT_TRUE(replay({path}, pipeline, {}));
    EXPECT_TRUE(compared > 10 || notionals.size() < 2'000) << notionals.size();
}

INSTANTIATE_TEST_SUITE_P(Captures, RecordedScores, ::testing::ValuesIn(captures),
                         [](const auto& capture) { return "Capture" + std::to_string(capture.index); });

/// Evaluates a synthetic market every `step_ms`; thresholds near the middle, so that sides come and go.
class Sides {
  public:
    explicit Sides(std::int64_t step_ms)
        : step_ms_(step_ms), next_(test::SyntheticMarket::live_begin_ms + step_ms) {
        options_.thresholds.long_from = 52;
        options_.thresholds.short_to = 48;
        options_.thresholds.hysteresis = 1.5;
        options_.thresholds.reliability_min = 0.2;
        pipeline_ = std::make_unique<Pipeline>(options_);
    }
    std::vector<Confluence> play() {
        test::SyntheticMarket market({.seed = 3}, {}, [&](const MarketEvent& event) {
            if (event.time.ms >= next_ && !pipeline_->symbols().empty()) {
                seen_.push_back(pipeline_->evaluate(*pipeline_->symbols().front()));
                next_ += step_ms_;
            }
            pipeline_->take("bybit", {&event, 1});
        });
        market.play();
        return seen_;
    }
    [[nodiscard]] const ConfluenceThresholds& thresholds() const { return options_.thresholds; }

  private:
    PipelineOptions options_;
    std::unique_ptr<Pipeline> pipeline_;
    std::int64_t step_ms_;
    std::int64_t next_;
    std::vector<Confluence> seen_;
};

TEST(HeldVerdict, IsLeftOnlyBeyondTheHysteresisAndStandsBesideTheRawOne) {
    Sides sides(1'000);
    const auto& limits = sides.thresholds();
    Verdict held = Verdict::neutral;
    int raw_flips = 0;
    int held_flips = 0;
    std::optional<Verdict> raw_before;
    for (const auto& confluence : sides.play()) {
        if (!confluence.score) {
            EXPECT_FALSE(confluence.verdict || confluence.raw_verdict);
            held = Verdict::neutral;
            continue;
        }
        const double score = *confluence.score;
        const Verdict before = held;
        const bool keeps = (held == Verdict::long_side && score >= limits.long_from - limits.hysteresis) ||
                           (held == Verdict::short_side && score <= limits.short_to + limits.hysteresis);
        const Verdict raw = score >= limits.long_from  ? Verdict::long_side
                            : score <= limits.short_to ? Verdict::short_side
                                                       : Verdict::neutral;
        held = keeps ? held : confluence.reliability >= limits.reliability_min ? raw : Verdict::neutral;
        ASSERT_EQ(confluence.raw_verdict, raw);
        ASSERT_EQ(confluence.verdict, held) << score;
        held_flips += held != before ? 1 : 0;
        raw_flips += raw_before && *raw_before != raw ? 1 : 0;
        raw_before = raw;
    }
    EXPECT_GT(held_flips, 0);
    EXPECT_GT(raw_flips, held_flips);
}

TEST(HeldVerdict, IsTheSameForTheSameEvaluations) {
    const auto first = Sides(5'000).play();
    const auto second = Sides(5'000).play();
    ASSERT_EQ(first.size(), second.size());
    for (std::size_t i = 0; i < first.size(); ++i) {
        EXPECT_EQ(first[i].verdict, second[i].verdict);
    }
}

}  // namespace
}  // namespace virtuoso
