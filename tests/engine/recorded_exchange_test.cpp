// Recordings served as live, and followed by the feed of the exchange that was recorded.
#include "sim/recorded_exchange.hpp"

#include "engine/live_session.hpp"
#include "engine/recorded_source.hpp"
#include "exchange/binance/dialect.hpp"
#include "exchange/bybit/dialect.hpp"
#include "exchange/perpetual_feed.hpp"
#include "journal/journal_rotation.hpp"
#include "sim/simulated_exchange.hpp"
#include "sim/topic.hpp"
#include "support/shared_file.hpp"
#include "support/temporary_file.hpp"
#include "support/virtual_network.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace virtuoso {
namespace {

using sim::RecordedExchange;
using sim::RecordedMarket;
using test::VirtualNetwork;

constexpr std::int64_t now_ms = 1'795'567'200'000;
constexpr std::size_t top = 25;

std::uint64_t top_digest(const BookView& book) {
    sim::BookTopic::Digest digest;
    for (const bool bids : {true, false}) {
        std::size_t levels = 0;
        const auto visit = [&](Price price, Size size) {
            digest.add(price.units, size.units);
            return ++levels < top;
        };
        bids ? book.walk_bids(visit) : book.walk_asks(visit);
    }
    return digest.value();
}

/// What every update of a symbol's book left of it, read straight from the recording.
std::map<std::uint64_t, std::uint64_t> truth_of(const sim::OpenRecords& records, std::string_view symbol) {
    std::map<std::uint64_t, std::uint64_t> truth;
    Pipeline pipeline({.symbol = std::string(symbol),
                       .on_change = [&](const TrackedSymbol& tracked, const StateChange& change) {
                           if (const auto book = tracked.state.book().view(); change.book && book) {
                               truth[book->update_id()] = top_digest(*book);
                           }
                       }});
    auto source = records();
    RawRecord record;
    while (source && *(*source)(record)) {
        pipeline.feed(record);
    }
    return truth;
}

/// A feed that follows a recorded exchange in virtual time.
struct Follower {
    Follower(const sim::OpenRecords& records, std::unique_ptr<const ExchangeDialect> dialect, int depth,
             sim::RecordedExchangeOptions options = {})
        : exchange([&] {
              auto market = RecordedMarket::open(records);
              EXPECT_TRUE(market) << market.error().text();
              options.start_ms = now_ms;
              return RecordedExchange::make(std::move(*market), options);
          }()),
          network(*exchange, 3),
          session({.exchange = std::string(dialect->exchange()),
                   .on_applied = [this](std::span<const MarketEvent> events) { look(events); }}),
          feed(network, std::move(dialect), session, {.book_depth = depth}) {
        session.set_feed(feed);
        feed.start();
    }

    void look(std::span<const MarketEvent> events) {
        for (const auto& event : events) {
            if (event.symbol != truth_symbol) {
                continue;
            }
            const TrackedSymbol* const symbol = session.find(event.symbol);
            const auto book =
                symbol == nullptr ? std::unexpected(BookFault::no_snapshot) : symbol->state.book().view();
            const auto known = book ? truth.find(book->update_id()) : truth.end();
            if (known != truth.end()) {
                ++checked;
                wrong += known->second == top_digest(*book) ? 0U : 1U;
            }
        }
    }
    void expect_truth(const sim::OpenRecords& records, const std::string& symbol) {
        truth_symbol = symbol;
        truth = truth_of(records, symbol);
    }
    void fault(std::string_view text) {
        const auto parsed = sim::Fault::parse(text, exchange->now_ms());
        ASSERT_TRUE(parsed) << parsed.error().text();
        exchange->faults().add(*parsed);
    }

    std::unique_ptr<RecordedExchange> exchange;
    VirtualNetwork network;
    LiveSession session;
    PerpetualFeed feed;
    std::string truth_symbol;
    std::map<std::uint64_t, std::uint64_t> truth;
    std::uint64_t checked = 0;
    std::uint64_t wrong = 0;
};

const std::string binance_capture = test::shared_path("data/binance-usdm/btcusdt_20240808.jsonl.gz");
const std::string bybit_archive = test::shared_path("data/bybit/xrpusdt_ob500_20241201.jsonl.gz");

TEST(RecordedBinance, IsFollowedFromTheSnapshotToTheEnd) {
    VIRTUOSO_NEED_FILE(binance_capture);
    const auto records = records_of({binance_capture});
    Follower follower(records, std::make_unique<binance::UsdmDialect>(), 1'000);
    follower.expect_truth(records, "BTCUSDT");
    ASSERT_GT(follower.truth.size(), 5'000U);
    follower.network.run(350'000);
    EXPECT_TRUE(follower.exchange->market().over());
    EXPECT_EQ(follower.wrong, 0U);
    EXPECT_GT(follower.checked, 5'000U);
    const TrackedSymbol* const symbol = follower.session.find("BTCUSDT");
    ASSERT_NE(symbol, nullptr);
    EXPECT_EQ(symbol->state.book().update_id(), follower.truth.rbegin()->first);
    EXPECT_EQ(symbol->state.totals().trades, 21'313U)
        << "every trade of the recording, as an aggregate of one";
    EXPECT_LE(follower.feed.statistics().resyncs, 3U) << "the recording begins before its own snapshot";
}

TEST(RecordedBinance, FaultsNeverLeaveAWrongBook) {
    VIRTUOSO_NEED_FILE(binance_capture);
    const auto records = records_of({binance_capture});
    Follower follower(records, std::make_unique<binance::UsdmDialect>(), 1'000);
    follower.expect_truth(records, "BTCUSDT");
    for (const auto* const text :
         {"drop:p=0.01,for=250", "reorder:p=0.01,for=250", "duplicate:p=0.01,for=250",
          "malformed:p=0.002,for=250", "truncated:p=0.002,for=250", "delay:p=0.005,value=400,for=250",
          "disconnect:p=0.0005,for=250", "silence:p=0.0002,value=15000,for=250", "429:p=0.05,for=250",
          "500:p=0.05,for=250", "slow-body:p=0.2,value=1500,for=250", "broken-body:p=0.05,for=250"}) {
        follower.fault(text);
    }
    follower.network.run(340'000);
    EXPECT_EQ(follower.wrong, 0U);
    EXPECT_GT(follower.checked, 1'000U);
    const FeedStatistics statistics = follower.feed.statistics();
    EXPECT_GT(statistics.disconnects, 0U);
    EXPECT_GT(statistics.resyncs, 5U);
    for (const auto& concern : follower.feed.concerns("BTCUSDT")) {
        EXPECT_TRUE(concern.starts_with("trades: from") || concern.starts_with("ticker: btcusdt@") ||
                    concern.starts_with("candles: btcusdt@"))
            << concern << ": it was recorded without tickers and candles";
    }
    const auto book = follower.session.find("BTCUSDT")->state.book().view();
    EXPECT_TRUE(book) << "whole again after the faults";
}

TEST(RecordedBybit, TheArchiveIsFollowedAtEveryUpdate) {
    VIRTUOSO_NEED_FILE(bybit_archive);
    const auto records = records_of({bybit_archive});
    Follower follower(records, std::make_unique<bybit::BybitDialect>(), 500);
    follower.expect_truth(records, "XRPUSDT");
    follower.network.run(8'000);
    EXPECT_EQ(follower.wrong, 0U);
    EXPECT_GE(follower.checked, follower.truth.size());
    EXPECT_EQ(follower.session.find("XRPUSDT")->state.book().update_id(), follower.truth.rbegin()->first);
}

/// Two minutes of the simulated exchange, recorded by a live session.
class RoundTrip : public ::testing::Test {
  protected:
    RoundTrip() : simulated({.symbols = 3, .seed = 7, .start = {recorded_ms}}) {
        VirtualNetwork network(simulated, 3);
        LiveSession session({});
        PerpetualFeed feed(network, std::make_unique<bybit::BybitDialect>(), session, {.book_depth = 50});
        JournalRotation journal({.folder = folder.file("")});
        session.set_feed(feed);
        session.record_to(journal);
        feed.start();
        network.run(120'000);
        EXPECT_TRUE(journal.close());
        for (const auto& entry : std::filesystem::directory_iterator(folder.file(""))) {
            files.push_back(entry.path().string());
        }
        std::sort(files.begin(), files.end());
        trades = session.find("BTCUSDT")->state.totals().trades;
        minutes = session.find("BTCUSDT")->state.candles().series(Timeframe::m1).closed().size();
    }

    static constexpr std::int64_t recorded_ms = now_ms - 3 * ms_per_day;
    test::TemporaryDirectory folder;
    sim::SimulatedExchange simulated;
    std::vector<std::string> files;
    std::uint64_t trades = 0;
    std::size_t minutes = 0;
};

TEST_F(RoundTrip, ARecordedJournalIsServedAgain) {
    const auto records = records_of(files);
    Follower follower(records, std::make_unique<bybit::BybitDialect>(), 50);
    follower.expect_truth(records, "BTCUSDT");
    follower.network.run(125'000);
    EXPECT_EQ(follower.wrong, 0U);
    EXPECT_GT(follower.checked, 3'000U);
    const TrackedSymbol* const symbol = follower.session.find("BTCUSDT");
    EXPECT_NEAR(static_cast<double>(symbol->state.totals().trades), static_cast<double>(trades), 1'000.0)
        << "the first recording also holds up to 1000 trades from before it";
    EXPECT_EQ(symbol->state.candles().series(Timeframe::m1).closed().size(), minutes);
    EXPECT_EQ(symbol->state.totals().minutes_short, 0U);
    EXPECT_FALSE(symbol->state.open_interest().empty());
    EXPECT_FALSE(symbol->state.account_ratio().empty());
    EXPECT_LT(std::abs(symbol->state.as_of().ms - (recorded_ms + 120'000)), 5'000) << "times as recorded";
    EXPECT_EQ(follower.feed.symbols().size(), 3U);
}

TEST_F(RoundTrip, TimesMayBeMovedToNow) {
    Follower follower(records_of(files), std::make_unique<bybit::BybitDialect>(), 50, {.moves_times = true});
    follower.network.run(60'000);
    const TrackedSymbol* const symbol = follower.session.find("BTCUSDT");
    ASSERT_NE(symbol, nullptr);
    EXPECT_TRUE(symbol->state.book().view());
    EXPECT_LT(std::abs(symbol->state.as_of().ms - (now_ms + 60'000)), ms_per_minute + 5'000);
    const auto& minute_candles = symbol->state.candles().series(Timeframe::m1).closed();
    ASSERT_FALSE(minute_candles.empty());
    EXPECT_LE(now_ms + 60'000 - minute_candles.back().open_time.ms, 3 * ms_per_minute);
}

TEST_F(RoundTrip, SpeedMultipliesTime) {
    Follower follower(records_of(files), std::make_unique<bybit::BybitDialect>(), 50, {.speed = 10});
    follower.network.run(13'000);
    EXPECT_TRUE(follower.exchange->market().over());
}

TEST_F(RoundTrip, LateClientsGetTheBookAsItStands) {
    const auto records = records_of(files);
    Follower follower(records, std::make_unique<bybit::BybitDialect>(), 50);
    follower.expect_truth(records, "BTCUSDT");
    follower.network.run(20'000);
    follower.fault("disconnect:count=1");
    follower.network.run(20'000);
    EXPECT_EQ(follower.feed.statistics().disconnects, 1U);
    EXPECT_TRUE(follower.session.find("BTCUSDT")->state.book().view());
    EXPECT_EQ(follower.wrong, 0U);
}

TEST(RecordedExchange, RefusesWhatItCannotServe) {
    const auto market = RecordedMarket::open(records_of({test::source_path("README.md")}));
    EXPECT_FALSE(market);
    const auto missing = RecordedMarket::open(records_of({"/nonexistent"}));
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ErrorCode::file_open);
}

}  // namespace
}  // namespace virtuoso
