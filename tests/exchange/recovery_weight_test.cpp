// Hundreds of Binance's symbols recover at once, within the weight that a minute allows.
#include "exchange/binance/dialect.hpp"
#include "exchange/binance/stream_name.hpp"
#include "exchange/feed.hpp"
#include "exchange/perpetual_feed.hpp"
#include "support/virtual_network.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <vector>

namespace virtuoso {
namespace {

constexpr std::size_t symbols = 560;
constexpr std::int64_t allowed_per_minute = 2'400;

std::string name_of_symbol(std::size_t index) {
    return fmt::format("C{}USDT", index);
}

/// Binance as far as requests go: counts what each weighs, by the exchange's own table.
class Weighing final : public sim::ServedExchange {
  public:
    explicit Weighing(std::int64_t start_ms) : now_ms_(start_ms) {}

    /// Everything that is subscribed delivers, so that nothing is asked for because of silence.
    void advance(std::int64_t now_ms) override {
        const bool beats = now_ms / beat_ms != now_ms_ / beat_ms;
        now_ms_ = now_ms;
        if (!beats) {
            return;
        }
        ++beats_;
        for (const auto& [peer, topics] : subscribed_) {
            for (const auto& topic : topics) {
                if (std::string text = frame_of(topic); !text.empty()) {
                    peer->send(std::make_shared<const std::string>(std::move(text)));
                }
            }
        }
    }
    [[nodiscard]] std::int64_t now_ms() const noexcept override { return now_ms_; }
    ServerAnswer answer(const ServerRequest& request) override {
        const RestRequest asked(request.target);
        spent[now_ms_ / ms_per_minute] += weight_of(asked);
        if (asked.path() == "/fapi/v1/depth") {
            snapshots.insert(std::string(asked.parameter("symbol")));
        }
        return {{.status = 200, .headers = {}, .body = body_of(asked)}, 0};
    }
    [[nodiscard]] bool streams_at(std::string_view) const noexcept override { return true; }
    void join(ServerPeer& peer, std::string_view) override { subscribed_[&peer] = {}; }
    void leave(ServerPeer& peer) override { subscribed_.erase(&peer); }
    // {"method":"SUBSCRIBE","params":["…","…"],"id":1}
    void receive(ServerPeer& client, std::string_view text) override {
        const bool subscribes = text.find("\"SUBSCRIBE") != std::string_view::npos;
        const auto list = text.substr(text.find('[') + 1, text.rfind(']') - text.find('[') - 1);
        for (std::size_t at = 0; subscribes && at < list.size();) {
            const auto end = std::min(list.find(',', at), list.size());
            subscribed_[&client].emplace_back(list.substr(at + 1, end - at - 2));
            at = end + 1;
        }
        client.send(std::make_shared<const std::string>(
            fmt::format(R"({{"result":null,"id":{})", text.substr(text.rfind(':') + 1))));
    }
    [[nodiscard]] bool tls_fails() override { return false; }

    void hang_up_all() {
        for (const auto& [peer, topics] : subscribed_) {
            peer->hang_up();
        }
    }
    [[nodiscard]] std::int64_t most_per_minute() const {
        std::int64_t most = 0;
        for (const auto& [minute, weight] : spent) {
            most = std::max(most, weight);
        }
        return most;
    }

    std::map<std::int64_t, std::int64_t> spent;
    std::set<std::string> snapshots;
    std::size_t listed = symbols;
    std::set<std::size_t> favourites;  ///< traded more than all others

  private:
    static constexpr std::int64_t beat_ms = 5'000;

    [[nodiscard]] std::string frame_of(const std::string& topic) const {
        const std::string symbol = binance::symbol_of_stream(topic);
        const std::int64_t minute = now_ms_ / ms_per_minute * ms_per_minute;
        std::string data;
        if (topic.ends_with("@depth@100ms")) {
            data = fmt::format(
                R"({{"e":"depthUpdate","E":{0},"T":{0},"s":"{1}","U":{2},"u":{3},"pu":{4},"b":[],"a":[]}})",
                now_ms_, symbol, 10 * beats_ + 1, 10 * beats_ + 10, 10 * beats_);
        } else if (topic.ends_with("@markPrice@1s")) {
            data = fmt::format(
                R"({{"e":"markPriceUpdate","E":{},"s":"{}","p":"1","i":"1","P":"1","r":"0","T":{}}})",
                now_ms_, symbol, minute + ms_per_hour);
        } else if (topic.ends_with("@kline_1m") && now_ms_ - minute < beat_ms) {
            data = fmt::format(
                R"({{"e":"kline","E":{},"s":"{}","k":{{"t":{},"T":{},"s":"{}","i":"1m","f":-1,"L":-1,"o":"1","c":"1","h":"1","l":"1","v":"0","n":0,"x":true,"q":"0","V":"0","Q":"0","B":"0"}}}})",
                now_ms_, symbol, minute - ms_per_minute, minute - 1, symbol);
        } else {
            return {};
        }
        return fmt::format(R"({{"stream":"{}","data":{}}})", topic, data);
    }
    static std::int64_t weight_of(const RestRequest& asked) {
        const auto limit = asked.parameter("limit");
        if (asked.path() == "/fapi/v1/depth") {
            return limit == "1000" ? 20 : limit == "500" ? 10 : limit == "100" ? 5 : 2;
        }
        if (asked.path() == "/fapi/v1/aggTrades") {
            return 20;
        }
        return asked.path() == "/fapi/v1/ticker/24hr" ? 40 : 1;
    }
    [[nodiscard]] std::string body_of(const RestRequest& asked) const {
        if (asked.path() == "/fapi/v1/time") {
            return fmt::format(R"({{"serverTime":{}}})", now_ms_);
        }
        if (asked.path() == "/fapi/v1/depth") {
            return fmt::format(
                R"({{"lastUpdateId":{},"E":{},"T":{},"bids":[["1.0","1"]],"asks":[["1.1","1"]]}})",
                10 * beats_ + 5, now_ms_, now_ms_);
        }
        if (asked.path() != "/fapi/v1/exchangeInfo" && asked.path() != "/fapi/v1/ticker/24hr") {
            return "[]";
        }
        const bool instruments = asked.path() == "/fapi/v1/exchangeInfo";
        std::string list;
        for (std::size_t i = 0; i < listed; ++i) {
            list += i > 0 ? "," : "";
            list +=
                instruments
                    ? fmt::format(
                          R"({{"symbol":"{}","pair":"X","contractType":"PERPETUAL","status":"TRADING","baseAsset":"X","quoteAsset":"USDT","onboardDate":0,"filters":[{{"filterType":"PRICE_FILTER","tickSize":"0.1"}},{{"filterType":"LOT_SIZE","stepSize":"1"}}]}})",
                          name_of_symbol(i))
                    : fmt::format(
                          R"({{"symbol":"{}","priceChangePercent":"0","lastPrice":"1","highPrice":"1","lowPrice":"1","volume":"1","quoteVolume":"{}","closeTime":{}}})",
                          name_of_symbol(i), (favourites.contains(i) ? 2'000'000 : 1'000'000) - 1'000 * i,
                          now_ms_);
        }
        return instruments ? fmt::format(R"({{"serverTime":{},"symbols":[{}]}})", now_ms_, list)
                           : fmt::format("[{}]", list);
    }

    std::int64_t now_ms_;
    std::int64_t beats_ = 1;
    std::map<ServerPeer*, std::vector<std::string>> subscribed_;
};

struct NoSink final : FeedSink {
    void on_record(const RawRecord&) override {}
    void on_events(std::span<const MarketEvent>) override {}
    void on_refused(const Error& error, std::string_view, bool) override { refused = error.text(); }
    void on_disconnect(std::string_view) override {}
    void on_notice(std::string_view) override {}
    void on_dropped(std::string_view, bool trading) override { ++(trading ? outranked : dropped); }
    void on_listing(std::string_view, bool listed) override { listings += listed ? 1U : 0U; }
    std::string refused;
    std::size_t dropped = 0;
    std::size_t outranked = 0;
    std::size_t listings = 0;
};

struct Depth {
    int levels;
    int minutes;  ///< of weight: 560 snapshots and 560 loads of trades
};
class RecoveryWeight : public testing::TestWithParam<Depth> {};
INSTANTIATE_TEST_SUITE_P(Depths, RecoveryWeight,
                         testing::Values(Depth{50, 7}, Depth{200, 9}, Depth{1'000, 14}));

TEST_P(RecoveryWeight, OfAllSymbolsFitsTheMinute) {
    // Begins anywhere in a minute: the exchange counts by the clock.
    Weighing exchange(1'795'567'266'970);
    test::VirtualNetwork network(exchange, 3);
    NoSink sink;
    PerpetualFeed feed(network, std::make_unique<binance::UsdmDialect>(), sink,
                       {.book_depth = GetParam().levels, .history = false});
    feed.start();
    network.run(GetParam().minutes * ms_per_minute);
    ASSERT_EQ(feed.symbols().size(), symbols) << sink.refused;
    EXPECT_EQ(exchange.snapshots.size(), symbols) << "the start";
    EXPECT_LE(exchange.most_per_minute(), allowed_per_minute);

    exchange.snapshots.clear();
    exchange.hang_up_all();
    network.run(GetParam().minutes * ms_per_minute);
    EXPECT_EQ(exchange.snapshots.size(), symbols) << "the recovery";
    EXPECT_LE(exchange.most_per_minute(), allowed_per_minute);
    EXPECT_GT(exchange.most_per_minute(), allowed_per_minute * 3 / 4) << "and uses what it may";
}

// An exchange lists 2 000 contracts at once: those followed before stay whole, the new ones come one after
// the other, and the minute's weight is kept.
TEST(RecoveryWeights, TwoThousandListingsAtOnceNeitherStallNorExceedTheMinute) {
    constexpr std::size_t before = 40;
    constexpr std::size_t after = 2'040;
    Weighing exchange(1'795'567'266'970);
    exchange.listed = before;
    test::VirtualNetwork network(exchange, 3);
    NoSink sink;
    PerpetualFeed feed(network, std::make_unique<binance::UsdmDialect>(), sink,
                       {.book_depth = 50, .history = false});
    feed.start();
    network.run(2 * ms_per_minute);
    ASSERT_EQ(feed.symbols().size(), before);
    exchange.snapshots.clear();
    exchange.listed = after;
    std::size_t known = 0;
    for (int second = 0; second < 30 * 60 && known < after - before; second += 10) {
        network.run(10 * ms_per_second);
        for (std::size_t i = 0; i < before; ++i) {
            ASSERT_TRUE(feed.concerns(name_of_symbol(i)).empty())
                << name_of_symbol(i) << " after " << second
                << " s: " << feed.concerns(name_of_symbol(i)).front();
        }
        known = exchange.snapshots.size();
    }
    EXPECT_EQ(feed.symbols().size(), after);
    EXPECT_EQ(known, after - before) << "the new ones alone, all of them";
    EXPECT_LE(exchange.most_per_minute(), allowed_per_minute);
    EXPECT_EQ(sink.listings, after - before);
    exchange.listed = before;
    network.run(2 * ms_per_minute);
    EXPECT_EQ(feed.symbols().size(), before);
    EXPECT_EQ(sink.dropped, after - before);
}

// While only the most traded are followed, who becomes one is followed, and who was one no more, live.
TEST(RecoveryWeights, TheMostTradedAreFollowedLive) {
    Weighing exchange(1'795'567'266'970);
    test::VirtualNetwork network(exchange, 3);
    NoSink sink;
    PerpetualFeed feed(network, std::make_unique<binance::UsdmDialect>(), sink,
                       {.symbols_max = 5, .book_depth = 50, .history = false, .rerank_every_ms = 150'000});
    feed.start();
    network.run(ms_per_minute);
    const std::vector<std::string> first{"C0USDT", "C1USDT", "C2USDT", "C3USDT", "C4USDT"};
    ASSERT_EQ(feed.symbols(), first);
    exchange.favourites = {300, 400};
    network.run(ms_per_minute);
    EXPECT_EQ(feed.symbols(), first) << "not yet";
    network.run(ms_per_minute);
    EXPECT_EQ(feed.symbols(),
              (std::vector<std::string>{"C300USDT", "C400USDT", "C0USDT", "C1USDT", "C2USDT"}));
    EXPECT_TRUE(exchange.snapshots.contains("C300USDT"));
    EXPECT_TRUE(feed.concerns("C400USDT").empty());
    EXPECT_EQ(feed.concerns("C4USDT"), std::vector<std::string>{"not subscribed"});
    EXPECT_EQ(sink.outranked, 2U);
    EXPECT_EQ(sink.dropped, 0U);
    EXPECT_EQ(sink.listings, 0U);
}

// Feeds that share an exchange share what it allows an address, and follow every contract once.
TEST(RecoveryWeights, PartsTogetherFitTheMinute) {
    constexpr std::uint32_t parts = 4;
    Weighing exchange(1'795'567'266'970);
    test::VirtualNetwork network(exchange, 3);
    NoSink sink;
    std::vector<std::unique_ptr<PerpetualFeed>> feeds;
    for (std::uint32_t index = 0; index < parts; ++index) {
        feeds.push_back(std::make_unique<PerpetualFeed>(
            network, std::make_unique<binance::UsdmDialect>(), sink,
            FeedOptions{.book_depth = 50, .history = false, .seed = index + 1, .partition = {index, parts}}));
        feeds.back()->start();
    }
    network.run(9 * ms_per_minute);
    std::set<std::string> followed;
    std::size_t count = 0;
    for (const auto& feed : feeds) {
        followed.insert(feed->symbols().begin(), feed->symbols().end());
        count += feed->symbols().size();
    }
    EXPECT_EQ(followed.size(), symbols);
    EXPECT_EQ(count, symbols) << "each by one part";
    EXPECT_EQ(exchange.snapshots.size(), symbols);
    EXPECT_LE(exchange.most_per_minute(), allowed_per_minute);
}

// The snapshot costs what the wanted depth needs, not more.
TEST(RecoveryWeights, TheSmallestSnapshotThatHoldsTheDepthIsAsked) {
    const binance::UsdmDialect dialect;
    const auto weight = [&](int levels) { return dialect.weight_of(dialect.book_target("BTCUSDT", levels)); };
    EXPECT_EQ(weight(50), 2);
    EXPECT_EQ(weight(100), 5);
    EXPECT_EQ(weight(200), 10);
    EXPECT_EQ(weight(500), 10);
    EXPECT_EQ(weight(1'000), 20);
}

}  // namespace
}  // namespace virtuoso
