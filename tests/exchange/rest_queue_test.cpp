#include "exchange/bybit/rest_rules.hpp"
#include "sim/simulated_exchange.hpp"
#include "support/virtual_network.hpp"

#include <gtest/gtest.h>

namespace virtuoso {
namespace {

using bybit::BybitRestRules;
using test::VirtualNetwork;

class RestQueueTest : public ::testing::Test {
  protected:
    static constexpr std::int64_t start_ms = 1'795'567'266'970;

    void fault(std::string_view text) { exchange.faults().add(*sim::Fault::parse(text, exchange.now_ms())); }
    void ask(RestQueue& queue, const std::string& target, RestUrgency urgency = RestUrgency::history) {
        queue.submit(
            {.target = target, .urgency = urgency, .done = [this, target](Result<HttpAnswer> answer) {
                 answered.push_back(target);
                 times.push_back(network.now().ns / 1'000'000 - start_ms);
                 failures += answer ? 0 : 1;
             }});
    }

    sim::SimulatedExchange exchange{{.symbols = 3, .seed = 1, .start = {start_ms}}};
    VirtualNetwork network{exchange, 5};
    BybitRestRules rules;
    std::vector<std::string> answered;
    std::vector<std::int64_t> times;
    int failures = 0;
};

TEST_F(RestQueueTest, UrgentRequestsOvertake) {
    RestQueue queue(network, rules, {.weight_per_second = 100, .burst = 1, .in_flight_max = 1}, 1);
    ask(queue, "/v5/market/time?a", RestUrgency::history);
    ask(queue, "/v5/market/time?b", RestUrgency::recovery);
    ask(queue, "/v5/market/time?c", RestUrgency::session);
    network.run(1'000);
    EXPECT_EQ(answered,
              (std::vector<std::string>{"/v5/market/time?c", "/v5/market/time?b", "/v5/market/time?a"}));
}

TEST_F(RestQueueTest, KeepsToTheRate) {
    RestQueue queue(network, rules, {.weight_per_second = 50, .burst = 10, .in_flight_max = 100}, 1);
    for (int i = 0; i < 110; ++i) {
        ask(queue, "/v5/market/time");
    }
    network.run(1'000);
    EXPECT_GE(answered.size(), 55U);
    EXPECT_LE(answered.size(), 61U);
    network.run(1'200);
    EXPECT_EQ(answered.size(), 110U);
}

TEST_F(RestQueueTest, PassingFaultsAreRetriedWithGrowingWaits) {
    fault("500:count=3");
    RestQueue queue(network, rules, bybit::rest_limits, 1);
    ask(queue, "/v5/market/time");
    network.run(20'000);
    EXPECT_EQ(answered.size(), 1U);
    EXPECT_EQ(failures, 0);
    EXPECT_EQ(queue.statistics().retried, 3U);
    EXPECT_EQ(queue.last_error().message, "HTTP 500: \"internal error\"");
}

TEST_F(RestQueueTest, GivesUpAfterItsAttemptsAndSaysWhy) {
    fault("500");
    RestQueue queue(network, rules, {.attempts_max = 3}, 1);
    ask(queue, "/v5/market/time");
    network.run(60'000);
    EXPECT_EQ(failures, 1);
    EXPECT_EQ(queue.statistics().failed, 1U);
}

TEST_F(RestQueueTest, ABannedAddressIsSilentForTenMinutes) {
    fault("403:count=1");
    RestQueue queue(network, rules, bybit::rest_limits, 1);
    ask(queue, "/v5/market/time");
    network.run(9 * ms_per_minute);
    EXPECT_TRUE(answered.empty());
    EXPECT_FALSE(queue.pause_reason().empty());
    EXPECT_EQ(queue.statistics().sent, 1U);
    network.run(2 * ms_per_minute);
    EXPECT_EQ(answered.size(), 1U);
}

TEST_F(RestQueueTest, ARateLimitPausesUntilItsReset) {
    for (const auto* const kind : {"429:count=1", "10006:count=1"}) {
        exchange.faults().clear();
        fault(kind);
        answered.clear();
        times.clear();
        RestQueue queue(network, rules, bybit::rest_limits, 1);
        const std::int64_t begun = network.now().ns / 1'000'000 - start_ms;
        ask(queue, "/v5/market/time");
        network.run(900);
        EXPECT_TRUE(answered.empty()) << kind;
        network.run(3'000);
        ASSERT_EQ(answered.size(), 1U) << kind;
        EXPECT_GE(times.front() - begun, 1'000) << kind;
    }
}

TEST(BybitRestRules, JudgesStatusesCodesAndHeaders) {
    const BybitRestRules rules;
    const LocalTime now{1'795'567'266'970'000'000};
    const auto judge = [&](int status, std::string body, std::vector<HttpHeader> headers = {}) {
        return rules.judge({.status = status, .headers = std::move(headers), .body = std::move(body)}, now);
    };
    EXPECT_EQ(judge(200, R"({"retCode":0})").verdict, RestVerdict::accept);
    EXPECT_EQ(judge(200, R"({"retCode": 10001})").verdict, RestVerdict::accept) << "the decoder reports it";
    EXPECT_EQ(judge(200, R"({"retCode":10016})").verdict, RestVerdict::retry);
    EXPECT_EQ(judge(200, "<html>").verdict, RestVerdict::retry);
    EXPECT_EQ(judge(404, "").verdict, RestVerdict::accept);
    EXPECT_EQ(judge(403, "").pause_ms, 600'000);
    EXPECT_EQ(judge(429, "", {{"Retry-After", "3"}}).pause_ms, 3'000);
    EXPECT_EQ(judge(429, "", {{"x-bapi-limit-reset-timestamp", "1795567267470"}}).pause_ms, 500);
    EXPECT_EQ(judge(429, "", {{"X-Bapi-Limit-Reset-Timestamp", "1"}}).pause_ms, 1'000)
        << "a reset in the past";
    EXPECT_EQ(judge(200, R"({"retCode":0})", {{"X-Bapi-Limit-Status", "0"}}).pause_ms, 1'000) << "used up";
}

TEST(TokenBucket, RefillsAtItsRate) {
    TokenBucket bucket(10, 2);
    LocalTime now{1'000'000'000};
    EXPECT_EQ(bucket.take(now), 0);
    EXPECT_EQ(bucket.take(now), 0);
    const std::int64_t wait = bucket.take(now);
    EXPECT_GE(wait, 100);
    EXPECT_LE(wait, 102);
    now.ns += wait * 1'000'000;
    EXPECT_EQ(bucket.take(now), 0);
}

TEST(Backoff, DoublesWithJitterUpToItsLimit) {
    Backoff backoff(100, 1'000, 7);
    std::int64_t ceiling = 100;
    for (int i = 0; i < 8; ++i) {
        const std::int64_t wait = backoff.next();
        EXPECT_GE(wait, ceiling / 2);
        EXPECT_LE(wait, ceiling);
        ceiling = std::min<std::int64_t>(1'000, ceiling * 2);
    }
    backoff.reset();
    EXPECT_LE(backoff.next(), 100);
}

}  // namespace
}  // namespace virtuoso
