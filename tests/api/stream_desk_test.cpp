// How subscribers that do not read are told: a desk with peers of memory alone.
#include "api/stream_desk.hpp"

#include "support/live_service.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace virtuoso {

namespace {

using nlohmann::json;

/// Keeps what it is sent.
class KeptPeer final : public ServerPeer {
  public:
    void send(const SharedText& text) override { sent.push_back(json::parse(*text)); }
    void hang_up() override {}
    void close(std::uint16_t code, std::string_view) override { closed = code; }

    std::vector<json> sent;
    int closed = 0;
};

class SlowReaders : public testing::Test {
  protected:
    /// A result that differs from the last one by its number.
    void evaluate(std::uint64_t number) {
        auto result = std::make_shared<SymbolResult>();
        result->symbol = "AUSDT";
        result->number = number;
        live_.service().results().put(std::move(result));
    }
    void note(int which) {
        live_.service().desk().note(feed_trouble_event(fmt::format("S{}USDT", which), {1'000}, "a test"));
    }

    test::LiveService live_{
        {.log_level = LogLevel::error}};  // never started: nothing happens but what a test does
};

TEST_F(SlowReaders, AreSentTheNewestStateAndHowManyWereSkipped) {
    StreamDesk desk(live_.service());
    KeptPeer peer;
    desk.join(peer);
    evaluate(1);
    desk.receive(peer, R"({"op":"subscribe","channels":["confluence.AUSDT"]})");
    ASSERT_EQ(peer.sent.size(), 2U);
    EXPECT_EQ(peer.sent[1]["kind"], "snapshot");
    for (std::uint64_t number = 2; number <= 50; ++number) {
        evaluate(number);
        desk.tick();
    }
    EXPECT_EQ(peer.sent.size(), 2U) << "nothing more while the first is on its way";
    desk.drained(peer);
    ASSERT_EQ(peer.sent.size(), 3U);
    EXPECT_EQ(peer.sent[2]["skipped"], 48);
    EXPECT_EQ(peer.sent[2]["sequence"], peer.sent[1]["sequence"].get<int>() + 49);
    EXPECT_EQ(peer.sent[2]["data"]["service"]["number"], 50);
    desk.drained(peer);
    evaluate(51);
    desk.tick();
    ASSERT_EQ(peer.sent.size(), 4U);
    EXPECT_EQ(peer.sent[3]["kind"], "change");
    EXPECT_EQ(peer.sent[3]["skipped"], 0);
    desk.leave(peer);
}

TEST_F(SlowReaders, AreToldHowManyEntriesTheyMissed) {
    StreamDesk desk(live_.service());
    KeptPeer peer;
    desk.join(peer);
    desk.receive(peer, R"({"op":"subscribe","channels":["events"]})");
    ASSERT_EQ(peer.sent.size(), 2U);
    for (int i = 0; i < 300; ++i) {
        note(i);
        desk.tick();
    }
    ASSERT_EQ(peer.sent.size(), 2U);
    desk.drained(peer);
    ASSERT_EQ(peer.sent.size(), 3U);
    EXPECT_EQ(peer.sent[2]["data"]["events"].size(), 256U);
    EXPECT_EQ(peer.sent[2]["missed"], 44);
    EXPECT_EQ(peer.sent[2]["sequence"], 300);
    desk.leave(peer);
}

TEST_F(SlowReaders, AClientMaySubscribeToSoMuchAndNotMore) {
    StreamDesk desk(live_.service(), {.clients_max = 1, .subscriptions_max = 2});
    KeptPeer peer;
    KeptPeer other;
    desk.join(peer);
    desk.join(other);
    EXPECT_EQ(other.closed, 1013);
    desk.receive(peer, R"({"op":"subscribe","channels":["events","signals","health","events"]})");
    EXPECT_EQ(peer.sent[0]["kind"], "error");
    EXPECT_NE(peer.sent[0]["message"].get<std::string>().find("than the 2 that"), std::string::npos);
    EXPECT_EQ(peer.sent[1]["channels"], json({"events", "signals", "events"}));
    desk.leave(peer);
    desk.leave(other);
    EXPECT_EQ(desk.clients(), 0U);
}

TEST_F(SlowReaders, WhatIsOnItsWayToAClientIsBounded) {
    StreamDesk desk(live_.service(), {.unsent_bytes = 2'000});
    KeptPeer peer;
    desk.join(peer);
    evaluate(1);
    desk.receive(peer, R"({"op":"subscribe","channels":["confluence.AUSDT","events","signals"]})");
    ASSERT_EQ(peer.sent.size(), 2U) << "one document filled the room";
    desk.drained(peer);
    EXPECT_EQ(peer.sent.size(), 4U) << "then the others had their turn";
    desk.leave(peer);
}

}  // namespace

}  // namespace virtuoso
