// Asking, decoding and handing on, against the simulated exchange.
#include "exchange/rest_client.hpp"

#include "exchange/bybit/dialect.hpp"
#include "exchange/call_guard.hpp"
#include "exchange/exchange_clock.hpp"
#include "exchange/feed.hpp"
#include "exchange/recent_frames.hpp"
#include "sim/simulated_exchange.hpp"
#include "support/virtual_network.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace virtuoso {
namespace {

using test::VirtualNetwork;

struct Sink final : FeedSink {
    void on_record(const RawRecord& record) override {
        steps.emplace_back("record");
        channels.emplace_back(record.channel);
    }
    void on_events(std::span<const MarketEvent>) override { steps.emplace_back("events"); }
    void on_refused(const Error&, std::string_view, bool) override { steps.emplace_back("refused"); }
    void on_disconnect(std::string_view) override {}
    void on_notice(std::string_view) override {}
    std::vector<std::string> steps;
    std::vector<std::string> channels;
};

class RestClientTest : public ::testing::Test {
  protected:
    RestQuestion question(const std::string& target) {
        return {.target = target,
                .decoded = [this](const RestReply&) { sink.steps.emplace_back("decoded"); },
                .done =
                    [this](const Result<RestReply>& reply) {
                        sink.steps.emplace_back(reply ? "done" : "failed");
                        message = reply ? "" : reply.error().message;
                    }};
    }

    sim::SimulatedExchange exchange{{.symbols = 3, .seed = 1, .start = {1'795'567'266'970}}};
    VirtualNetwork network{exchange, 5};
    bybit::BybitDialect dialect;
    Sink sink;
    RestClient client{network, dialect, sink, 1};
    std::string message;
};

TEST_F(RestClientTest, HandsOnWhatItUnderstoodBeforeItSaysDone) {
    const std::string target = dialect.recent_trades_target("BTCUSDT");
    client.ask(question(target));
    EXPECT_EQ(client.waiting(), 1U);
    network.run(1'000);
    EXPECT_EQ(sink.steps, (std::vector<std::string>{"record", "decoded", "events", "done"}));
    EXPECT_EQ(sink.channels, std::vector<std::string>{"bybit/rest" + target});
    EXPECT_EQ(client.statistics().sent, 1U);
}

TEST_F(RestClientTest, WhatIsNotWantedIsNotEvenRecorded) {
    auto unwanted = question(dialect.recent_trades_target("BTCUSDT"));
    unwanted.wanted = [] { return false; };
    client.ask(std::move(unwanted));
    network.run(1'000);
    EXPECT_TRUE(sink.steps.empty());
}

TEST_F(RestClientTest, ARefusalIsRecordedAndAnError) {
    client.ask(question(dialect.recent_trades_target("NONEUSDT")));
    network.run(1'000);
    EXPECT_EQ(sink.steps, (std::vector<std::string>{"record", "refused", "failed"}));
    EXPECT_FALSE(message.empty());
}

TEST_F(RestClientTest, AStatusThatIsNoAnswerIsAnError) {
    client.ask(question("/v5/nowhere"));
    network.run(1'000);
    EXPECT_EQ(sink.steps, std::vector<std::string>{"failed"});
    EXPECT_EQ(message, "/v5/nowhere answered with HTTP 404: \"404 page not found\"");
}

TEST_F(RestClientTest, AskingForNothingBackIsAllowed) {
    client.ask({.target = dialect.recent_trades_target("BTCUSDT")});
    network.run(1'000);
    EXPECT_EQ(sink.steps, (std::vector<std::string>{"record", "events"}));
}

TEST_F(RestClientTest, TheClockIsMeasuredByTheAttemptThatIsAnswered) {
    exchange.faults().add(*sim::Fault::parse("500:count=2", exchange.now_ms()));
    ExchangeClock clock(network);
    std::vector<LocalTime> sent;
    client.ask({.target = dialect.clock_target(),
                .urgency = RestUrgency::session,
                .sent = [&](LocalTime now) { sent.push_back(now); },
                .done =
                    [&](const Result<RestReply>& reply) {
                        clock.measure(std::get<ServerTime>(*reply).time, sent.back());
                    }});
    network.run(10'000);
    EXPECT_EQ(sent.size(), 3U);
    EXPECT_LE(std::abs(clock.offset_ms()), 10) << "both clocks are the same here";
    EXPECT_EQ(clock.exchange_now().ms, network.now().ns / 1'000'000 + clock.offset_ms());
}

TEST(CallGuard, CallsEndWithTheirOwner) {
    auto guard = std::make_unique<CallGuard>();
    int calls = 0;
    const auto count = (*guard)([&](int by) { calls += by; });
    const auto answer = (*guard)([] { return true; });
    count(2);
    EXPECT_TRUE(answer());
    guard.reset();
    count(2);
    EXPECT_EQ(calls, 2);
    EXPECT_FALSE(answer());
}

TEST(RecentFrames, KnowsTheLastOnesAndForgetsThoseBefore) {
    RecentFrames frames;
    for (std::size_t i = 0; i < 3 * RecentFrames::kept; ++i) {
        EXPECT_FALSE(frames.came_before(std::to_string(i)));
        for (std::size_t back = 0; back < RecentFrames::kept && back <= i; ++back) {
            EXPECT_TRUE(frames.came_before(std::to_string(i - back)));
        }
    }
    EXPECT_FALSE(frames.came_before("0"));
}

}  // namespace
}  // namespace virtuoso
