// The exchange of docs/extending.md behind the real feed: what it is asked, and what becomes of what it
// sends.
#include "engine/live_session.hpp"
#include "examples/acme_dialect.hpp"
#include "exchange/field_drift.hpp"
#include "exchange/perpetual_feed.hpp"
#include "support/virtual_network.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <set>

namespace virtuoso {
namespace {

using examples::AcmeDialect;

constexpr std::int64_t start_ms = 1'717'200'000'000;  // a whole day

/// One contract: a trade of 0.5 at 100 every 100 ms, and a book of one level a side whose bid grows with it.
class Acme final : public sim::ServedExchange {
  public:
    [[nodiscard]] ServerAnswer answer(const ServerRequest& request) override {
        targets.emplace(request.target);
        const std::string body =
            fmt::format(R"({{"time":{},"list":[{}]}})", now_, list_of(RestRequest(request.target)));
        return {.http = {.status = 200, .headers = {}, .body = body}};
    }
    [[nodiscard]] bool streams_at(std::string_view path) const noexcept override { return path == "/stream"; }
    void join(ServerPeer& peer, std::string_view) override { peer_ = &peer; }
    void leave(ServerPeer&) override { peer_ = nullptr; }
    void receive(ServerPeer& peer, std::string_view text) override {
        const auto request = nlohmann::json::parse(text);
        const std::string operation = request["op"];
        send(peer, fmt::format(R"({{"id":"{}","answer":"{}"}})", request["id"].get<std::string>(),
                               operation == "ping" ? "pong" : operation + "d"));
        for (const std::string topic : request.value("topics", nlohmann::json::array())) {
            topics.insert(topic);
            if (topic.starts_with("book.")) {
                send(peer, book(true));
            }
        }
    }
    void advance(std::int64_t now_ms) override {
        now_ = now_ms;
        if (peer_ != nullptr && !topics.empty() && now_ % 100 == 0) {
            ++trades;
            for (auto& frame : frames()) {
                send(*peer_, std::move(frame));
            }
        }
    }
    /// One of every topic.
    [[nodiscard]] std::vector<std::string> frames() const {
        return {fmt::format(R"({{"topic":"trade.BTCUSDT","time":{},{}}})", now_, trade_fields()), book(false),
                fmt::format(R"({{"topic":"ticker.BTCUSDT","time":{},"last":"100"}})", now_),
                fmt::format(R"({{"topic":"candle.BTCUSDT","time":{},"candle":{}}})", now_, candle("1m"))};
    }
    [[nodiscard]] std::int64_t now_ms() const noexcept override { return now_; }

    std::set<std::string> targets;  ///< that were asked for
    std::set<std::string> topics;   ///< that were subscribed to
    std::uint64_t trades = 1;       ///< so far, one before the first client

  private:
    [[nodiscard]] std::string list_of(const RestRequest& request) const {
        if (request.path() == "/contracts") {
            return R"({"symbol":"BTCUSDT","quote":"USDT","tick":"0.1","step":"0.001"})";
        }
        if (request.path() == "/tickers") {
            return R"({"symbol":"BTCUSDT","last":"100","turnover":"5000000"})";
        }
        if (request.path() == "/trades") {
            return newest_trade();
        }
        return request.path() == "/candles" ? candle(request.parameter("interval")) : std::string();
    }
    static void send(ServerPeer& peer, std::string text) {
        peer.send(std::make_shared<const std::string>(std::move(text)));
    }
    [[nodiscard]] std::string trade_fields() const {
        return fmt::format(R"("trade":{},"price":"100","size":"0.5","side":"buy")", trades);
    }
    [[nodiscard]] std::string newest_trade() const {
        return fmt::format(R"({{"time":{},{}}})", now_, trade_fields());
    }
    [[nodiscard]] std::string book(bool first) const {
        return fmt::format(
            R"({{"topic":"book.BTCUSDT","time":{},"first":{},"update":{},"bids":[["99.9","{}"]],"asks":[["100.1","1"]]}})",
            now_, first, trades, trades);
    }
    [[nodiscard]] std::string candle(std::string_view interval) const {
        const std::int64_t length = interval_ms(*timeframe_named(interval));
        return fmt::format(R"([{},"100","100","100","100","{}"])", now_ - now_ % length, trades);
    }

    std::int64_t now_ = start_ms;
    ServerPeer* peer_ = nullptr;
};

struct Client {
    Client()
        : network(exchange, 3),
          session(options()),
          feed(network, std::make_unique<AcmeDialect>(), session, {}) {
        session.set_feed(feed);
        feed.start();
    }
    [[nodiscard]] LiveOptions options() {
        LiveOptions made;
        made.exchange = "acme";
        made.on_notice = [this](std::string_view text) { notices.emplace_back(text); };
        return made;
    }

    std::vector<std::string> notices;
    Acme exchange;
    test::VirtualNetwork network;
    LiveSession session;
    PerpetualFeed feed;
};

TEST(ExampleExchange, ASymbolOfItBecomesWhole) {
    Client client;
    client.network.run(5'000);
    ASSERT_EQ(client.feed.symbols(), std::vector<std::string>{"BTCUSDT"});
    EXPECT_EQ(client.feed.concerns("BTCUSDT"), std::vector<std::string>{});
    EXPECT_EQ(client.notices, std::vector<std::string>{});
    EXPECT_EQ(client.exchange.topics,
              (std::set<std::string>{"book.BTCUSDT", "candle.BTCUSDT", "ticker.BTCUSDT", "trade.BTCUSDT"}));
    EXPECT_TRUE(client.exchange.targets.contains("/candles?symbol=BTCUSDT&interval=1m&limit=1440"));
    EXPECT_TRUE(client.exchange.targets.contains("/trades?symbol=BTCUSDT"));
}

TEST(ExampleExchange, WhatItSendsIsTheStateOfTheSymbol) {
    Client client;
    client.network.run(5'000);
    const TrackedSymbol* const symbol = client.session.find("BTCUSDT");
    ASSERT_NE(symbol, nullptr);
    const auto book = symbol->state.book().view();
    ASSERT_TRUE(book);
    // The newest frames are on their way for 3 ms; the last was sent at the end.
    EXPECT_NEAR(book->best_bid()->size.value(), static_cast<double>(client.exchange.trades), 1);
    EXPECT_EQ(book->best_bid()->price, Price{9'990'000'000});
    EXPECT_EQ(book->best_ask()->price, Price{10'010'000'000});
    EXPECT_EQ(symbol->state.ticker().last_price, Price{10'000'000'000});
    EXPECT_NEAR(static_cast<double>(symbol->state.totals().trades),
                static_cast<double>(client.exchange.trades), 1)
        << "each once, though REST told some of them, too";
}

TEST(ExampleExchange, ABookThatLosesAnUpdateBeginsAnew) {
    Client client;
    client.network.run(5'000);
    client.exchange.trades += 1;  // an update that was never sent
    client.network.run(3'000);
    EXPECT_EQ(client.feed.statistics().resyncs, 1U);
    EXPECT_TRUE(client.session.find("BTCUSDT")->state.book().view());
}

TEST(ExampleExchange, KnowsTheFieldsOfEveryTopic) {
    const AcmeDialect dialect;
    FrameBuffer buffer;
    for (const auto& frame : Acme().frames()) {
        const std::string topic = nlohmann::json::parse(frame)["topic"];
        const auto unknown =
            unknown_fields(buffer.assign(frame), dialect.known_fields(dialect.kind_of(topic)));
        EXPECT_EQ(unknown.value(), std::vector<std::string>{}) << topic;
        EXPECT_EQ(dialect.symbol_of(topic), "BTCUSDT");
    }
}

TEST(ExampleExchange, RefusesWhatItsProtocolDoesNotAllow) {
    examples::AcmeStreamCodec codec;
    FrameBuffer buffer;
    const auto error_of = [&](std::string_view text) {
        const auto decoded = codec.decode(buffer.assign(text));
        return decoded ? std::string() : decoded.error().text();
    };
    EXPECT_TRUE(error_of(R"({"topic":"trade.X","trade":1,"price":"1","size":"1","side":"buy"})")
                    .starts_with("E_FIELD_MISSING: trade.X has no field \"time\""));
    EXPECT_EQ(
        error_of(R"({"topic":"trade.X","time":1717200000000,"trade":1,"price":"1","size":"1","side":"?"})"),
        "E_FIELD_VALUE: side = \"?\" is neither buy nor sell");
    EXPECT_EQ(codec.refused_topic(), RefusedTopic::trades);
    EXPECT_EQ(codec.refused_symbol(), "X");
    EXPECT_TRUE(error_of(R"({"topic":"book.X","time":1)").starts_with("E_JSON_SYNTAX"));
}

TEST(ExampleExchange, IsLeftAloneForAsLongAsItAsks) {
    const examples::AcmeRestRules rules;
    const auto asked = rules.judge({.status = 429, .headers = {{"Retry-After", "7"}}}, {});
    EXPECT_EQ(asked.verdict, RestVerdict::retry);
    EXPECT_EQ(asked.pause_ms, 7'000);
    EXPECT_EQ(rules.judge({.status = 429}, {}).pause_ms, 10'000);
    EXPECT_EQ(rules.judge({.status = 503}, {}).verdict, RestVerdict::retry);
    EXPECT_EQ(rules.judge({.status = 400, .headers = {}, .body = "{}"}, {}).verdict, RestVerdict::accept);
    EXPECT_EQ(rules.judge({.status = 451}, {}).verdict, RestVerdict::give_up);
}

}  // namespace
}  // namespace virtuoso
