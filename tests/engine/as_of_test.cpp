// What is known as of a time is what was received by then, whatever else the files hold.
#include "base/seeded_random.hpp"
#include "engine/replay.hpp"
#include "journal/merged_recording.hpp"
#include "support/confluence_digest.hpp"
#include "support/shared_file.hpp"
#include "support/temporary_file.hpp"
#include "support/traffic_recorder.hpp"

#include <algorithm>
#include <set>

namespace virtuoso {
namespace {

using test::KeptRecord;
using Records = std::vector<KeptRecord>;
using Files = std::vector<Records>;

constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr std::size_t listed = 14;
constexpr std::size_t followed = 4;
constexpr std::int64_t traffic_ms = 150'000;

/// The state, as far as it may differ while all scores are absent.
std::string totals_text(const TrackedSymbol& symbol) {
    const FeedTotals& totals = symbol.state.totals();
    const auto book = symbol.state.book().view();
    return fmt::format("{} {} {} {} {} {} {} {} book {}\n", symbol.exchange, symbol.state.symbol(),
                       totals.messages, totals.trades, totals.duplicates, totals.late_trades, totals.gaps,
                       totals.rejected, book ? book->update_id() : 0);
}

std::string answer(Pipeline& pipeline, std::string_view only = {}) {
    std::string text;
    for (const auto& symbol : pipeline.symbols()) {
        if (only.empty() || symbol->state.symbol() == only) {
            text += totals_text(*symbol) + test::digest(pipeline.evaluate(*symbol));
        }
    }
    return text;
}

class AsOf : public ::testing::Test {
  protected:
    std::vector<std::string> write(const Files& files) {
        std::vector<std::string> paths;
        for (const auto& records : files) {
            paths.push_back(folder_.file(fmt::format("{}.vjn", ++written_)));
            test::write_journal(paths.back(), records);
        }
        return paths;
    }
    static std::string read(const std::vector<std::string>& paths, std::optional<ExchangeTime> until,
                            const std::string& followed_symbol = {}, std::string_view only = {}) {
        Pipeline pipeline({.symbol = followed_symbol, .until = until});
        const auto notices = replay(paths, pipeline, {});
        EXPECT_TRUE(notices) << notices.error().text();
        return fmt::format("{} records, {} refused\n{}", pipeline.records(), pipeline.refused(),
                           answer(pipeline, only));
    }
    std::size_t written_ = 0;
    test::TemporaryDirectory folder_;
};

/// Delays some records, some for long, without moving them within their file; moves others; adds what is no
/// traffic; deals all of them to three files.
Files troubled(Records records, std::uint64_t seed) {
    SeededRandom random(seed);
    Files files(3);
    for (auto& record : records) {
        if (random.below(12) == 0) {
            const std::int64_t longest_ms = random.below(5) == 0 ? 60'000 : 900;
            record.received.ns +=
                static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(longest_ms))) * ns_per_ms;
        }
    }
    for (std::size_t i = 1; i < records.size(); ++i) {
        if (random.below(40) == 0) {
            std::swap(records[i], records[i - std::min<std::size_t>(i, 1 + random.below(30))]);
        }
    }
    for (auto& record : records) {
        if (random.below(500) == 0) {
            files[random.below(3)].push_back({record.received, 0, "bybit/ws", "{\"topic\":\"tickers.X\""});
        }
        // A file holds stretches, and at times a record that another holds too.
        const std::uint64_t stretch = static_cast<std::uint64_t>(record.received.ns / 20'000'000'000);
        files[random.below(30) == 0 ? random.below(3) : stretch % 3].push_back(record);
        if (random.below(50) == 0) {
            files[random.below(3)].push_back(record);
        }
    }
    return files;
}

Files received_by(const Files& files, std::int64_t ms) {
    Files result;
    for (const auto& records : files) {
        auto& kept = result.emplace_back();
        std::ranges::copy_if(records, std::back_inserter(kept),
                             [ms](const KeptRecord& record) { return record.received.ns <= ms * ns_per_ms; });
    }
    return result;
}

std::vector<std::int64_t> cuts_of(const Records& records, std::size_t count, std::uint64_t seed) {
    SeededRandom random(seed);
    std::vector<std::int64_t> cuts;
    const std::int64_t first = records.front().received.ns / ns_per_ms;
    for (std::size_t i = 0; i < count; ++i) {
        cuts.push_back(first + static_cast<std::int64_t>(random.below(traffic_ms)));
    }
    return cuts;
}

TEST_F(AsOf, IsWhatWasReceivedByThen) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        const Records records = test::simulated_traffic(seed, listed, followed, traffic_ms);
        const Files whole = troubled(records, seed);
        const auto paths = write(whole);
        std::set<std::string> different;
        for (const std::int64_t cut : cuts_of(records, 12, seed)) {
            const auto from_whole = read(paths, ExchangeTime{cut});
            EXPECT_EQ(from_whole, read(write(received_by(whole, cut)), ExchangeTime{cut}))
                << "seed " << seed << " as of " << cut;
            different.insert(from_whole);
        }
        EXPECT_GT(different.size(), 10U) << "the cuts tell something";
    }
}

TEST_F(AsOf, TheOrderOfTheFilesMeansNothing) {
    const Files files = troubled(test::simulated_traffic(9, listed, followed, traffic_ms), 9);
    auto paths = write(files);
    const auto expected = read(paths, std::nullopt);
    while (std::ranges::next_permutation(paths).found) {
        EXPECT_EQ(read(paths, std::nullopt), expected);
    }
}

// Enough symbols for the market as a whole to be known.
TEST_F(AsOf, FollowingOneSymbolKnowsAsMuchOfIt) {
    constexpr std::size_t many = 12;
    std::size_t with_breadth = 0;
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const Records records = test::simulated_traffic(seed, listed, many, traffic_ms / 2);
        const auto paths = write(troubled(records, seed));
        const ExchangeTime cut{records.front().received.ns / ns_per_ms + traffic_ms / 3};
        Pipeline all({.until = cut});
        ASSERT_TRUE(replay(paths, all, {}));
        for (std::size_t i = seed; i < all.symbols().size(); i += 3) {
            const std::string& name = all.symbols()[i]->state.symbol();
            Pipeline one({.symbol = name, .until = cut});
            ASSERT_TRUE(replay(paths, one, {}));
            const std::string known = answer(one);
            EXPECT_EQ(known, answer(all, name)) << name << " seed " << seed << " as of " << cut.ms;
            EXPECT_EQ(one.symbols_met(), all.symbols_met());
            with_breadth += one.breadth(cut).symbols >= MarketBreadth::symbols_min ? 1U : 0U;
        }
    }
    EXPECT_GT(with_breadth, 6U);
}

TEST_F(AsOf, AStepOfAReplayIsTheReplayUntilThen) {
    const Records records = test::simulated_traffic(5, listed, followed, traffic_ms);
    const auto paths = write({records});
    Pipeline pipeline;
    std::map<std::int64_t, std::string> steps;
    const ReplayObserver observer{.on_step = [&](ExchangeTime step) {
        for (const auto& symbol : pipeline.symbols()) {
            steps[step.ms] += totals_text(*symbol);
        }
    }};
    ASSERT_TRUE(replay(paths, pipeline, {.every_ms = 7'000}, observer));
    EXPECT_GT(steps.size(), 18U);
    for (const auto& [step, text] : steps) {
        Pipeline until({.until = ExchangeTime{step}});
        ASSERT_TRUE(replay(paths, until, {}));
        std::string expected;
        for (const auto& symbol : until.symbols()) {
            expected += totals_text(*symbol);
        }
        EXPECT_EQ(text, expected) << step;
    }
}

TEST_F(AsOf, TheSameRecordingTwiceCountsOnce) {
    const Records records = test::simulated_traffic(6, listed, followed, traffic_ms);
    const auto once = write({records});
    const auto copy = write({records});
    const auto expected = read(once, std::nullopt);
    EXPECT_EQ(read({once[0], copy[0]}, std::nullopt), expected);
    EXPECT_EQ(read({once[0], once[0], copy[0]}, std::nullopt), expected);
    Pipeline pipeline;
    const auto notices = replay({once[0], copy[0]}, pipeline, {});
    ASSERT_TRUE(notices);
    ASSERT_EQ(notices->size(), 2U);
    EXPECT_NE((*notices)[0].find("joined by the time of receipt"), std::string::npos) << (*notices)[0];
    EXPECT_NE((*notices)[1].find(fmt::format("{} record(s)", records.size())), std::string::npos)
        << (*notices)[1];
}

TEST_F(AsOf, OverlappingRecordingsAreOneRecording) {
    const Records records = test::simulated_traffic(7, listed, followed, traffic_ms);
    const auto third = static_cast<std::ptrdiff_t>(records.size() / 3);
    const auto whole = write({records});
    const auto parts =
        write({{records.begin() + third, records.end()}, {records.begin(), records.end() - third}});
    EXPECT_EQ(read(parts, std::nullopt), read(whole, std::nullopt));
}

// Another machine hears the same frames a little later; its own connections greet it in other words.
TEST_F(AsOf, TheSameTrafficHeardByTwoMachinesCountsOnce) {
    const Records records = test::simulated_traffic(8, listed, followed, traffic_ms);
    Records later = records;
    for (auto& record : later) {
        record.received.ns += 40 * ns_per_ms;
    }
    const auto both = write({records, later});
    Pipeline one;
    Pipeline two;
    ASSERT_TRUE(replay({both[0]}, one, {}));
    ASSERT_TRUE(replay(both, two, {}));
    ASSERT_EQ(one.symbols().size(), two.symbols().size());
    for (std::size_t i = 0; i < one.symbols().size(); ++i) {
        EXPECT_EQ(totals_text(*one.symbols()[i]), totals_text(*two.symbols()[i]));
    }
}

// Real traffic, with the delays and the disorder it had.
TEST_F(AsOf, HoldsForRealCaptures) {
    const auto path = test::shared_path("data/binance-spot/btcusdt_20240808.jsonl.gz");
    VIRTUOSO_NEED_FILE(path);
    auto recording = MergedRecording::open({path});
    ASSERT_TRUE(recording) << recording.error().text();
    Records records;
    RawRecord record;
    while (*(*recording)->next(record)) {
        records.push_back({record.received, record.connection, std::string(record.channel),
                           std::string(record.frame.text())});
    }
    const std::int64_t first = records.front().received.ns / ns_per_ms;
    const std::int64_t span = records.back().received.ns / ns_per_ms - first;
    for (const std::int64_t cut : {first + span / 5, first + span / 2, first + span - 10}) {
        EXPECT_EQ(read({path}, ExchangeTime{cut}),
                  read(write(received_by({records}, cut)), ExchangeTime{cut}));
    }
}

}  // namespace
}  // namespace virtuoso
