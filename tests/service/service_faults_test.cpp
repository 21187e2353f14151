// An exchange that fails a running service, over real sockets.
#include "net/transport.hpp"
#include "support/live_service.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace virtuoso {
namespace {

class ServiceFaults : public testing::Test {
  protected:
    void SetUp() override {
        const Url exchange = *Url::parse(live_.exchange().rest_url(), "rest");
        admin_ = *AsioTransport::create(
            {.rest = exchange, .stream = exchange, .authority_pem = live_.exchange().certificate_pem()},
            live_.clock());
    }
    /// A command of docs/simulation.md.
    void tell_exchange(const std::string& command, const std::string& body = "-") {
        bool answered = false;
        admin_->get({.target = "/admin/" + command, .posted = body}, [&](const Result<HttpAnswer>& answer) {
            answered = true;
            ASSERT_TRUE(answer);
            EXPECT_EQ(answer->status, 200) << answer->body;
        });
        while (!answered) {
            admin_->run_for(10);
        }
    }
    [[nodiscard]] FeedStatistics feed() {
        FeedStatistics sum;
        for (const auto& status : live_.service().hub().statuses()) {
            sum.disconnects += status->feed.disconnects;
            sum.requests += status->feed.requests;
            sum.frames += status->feed.frames;
        }
        return sum;
    }

    test::LiveService live_{{}};
    std::unique_ptr<AsioTransport> admin_;
};

TEST_F(ServiceFaults, EveryStreamThatIsLostAtOnceComesBack) {
    live_.start();
    ASSERT_TRUE(live_.becomes_whole());
    for (int again = 0; again < 2; ++again) {
        const FeedStatistics before = feed();
        tell_exchange("disconnect");
        ASSERT_TRUE(
            live_.becomes([&](const ServiceHealth&) { return feed().disconnects > before.disconnects; }));
        const FeedStatistics lost = feed();
        ASSERT_TRUE(live_.becomes([&](const ServiceHealth& health) {
            return feed().frames > lost.frames + 100 && health.ready && health.whole == 6;
        }));
        EXPECT_LE(feed().disconnects, before.disconnects + 2) << "one connection, once";
    }
    EXPECT_EQ(live_.service().stop().shards_left, 0U);
}

TEST_F(ServiceFaults, WhatStreamsTellGoesOnWhileRestRefuses) {
    for (const std::string fault : {"500", "429", "broken-body"}) {
        tell_exchange("faults", fault + ":match=history");
        tell_exchange("faults", fault + ":match=account-ratio");
        tell_exchange("faults", fault + ":match=kline");
    }
    live_.start();
    const auto scored_in_part = [&](const ServiceHealth&) {
        const auto results = live_.service().results().all();
        return results.size() == 6 && std::ranges::all_of(results, [](const ResultPointer& result) {
                   return result->confluence.present > 0 && result->confluence.present < component_count;
               });
    };
    ASSERT_TRUE(live_.becomes(scored_in_part)) << "with what there is";
    const ServiceHealth health = live_.service().health(100);
    EXPECT_TRUE(health.live);
    EXPECT_FALSE(health.ready);
    const FeedStatistics refused = feed();
    ASSERT_TRUE(live_.becomes([&](const ServiceHealth&) { return feed().frames > refused.frames + 200; }));
    EXPECT_LT(feed().requests - refused.requests, 100U) << "no storm of requests";
    tell_exchange("clear");
    EXPECT_TRUE(live_.becomes_whole());
}

}  // namespace
}  // namespace virtuoso
