// What waits, what is known, what is given up; what answers mean, and when they are asked for again.
#include "alert/alert_outbox.hpp"
#include "alert/delivery_judgement.hpp"
#include "support/alert_samples.hpp"

#include <gtest/gtest.h>

namespace virtuoso {
namespace {

using test::at_s;
using test::long_signal;
using test::message_of;

TEST(MemoryOutbox, KeepsOrderAndKnowsKeys) {
    MemoryOutbox box;
    const auto first = message_of({long_signal("A")});
    const auto second = message_of({long_signal("B")});
    EXPECT_TRUE(box.put(first, at_s(1)));
    EXPECT_TRUE(box.put(second, at_s(1)));
    EXPECT_FALSE(box.put(first, at_s(2)));
    EXPECT_EQ(box.due("team", at_s(1))->message.key, first.key);
    EXPECT_FALSE(box.due("other", at_s(1)));
    box.delivered(first.key, at_s(3));
    EXPECT_FALSE(box.put(first, at_s(4))) << "what was delivered is not sent again";
    EXPECT_EQ(box.due("team", at_s(4))->message.key, second.key);
    box.failed(second.key, at_s(10), "no answer");
    EXPECT_FALSE(box.due("team", at_s(9)));
    EXPECT_EQ(box.next_due("team"), at_s(10));
    EXPECT_EQ(box.due("team", at_s(10))->attempts, 1U);
    box.dead(second.key, at_s(11), "HTTP 404");
    EXPECT_EQ(box.dead_ones().at(0).reason, "HTTP 404");
    const auto counts = box.counts();
    EXPECT_EQ(counts.put, 2U);
    EXPECT_EQ(counts.known, 2U);
    EXPECT_EQ(counts.delivered, 1U);
    EXPECT_EQ(counts.dead, 1U);
    EXPECT_EQ(counts.waiting, 0U);
}

TEST(MemoryOutbox, IsBoundedAndGivesUpTheOldestWithAReason) {
    MemoryOutbox box;
    AlertMessage message = message_of({long_signal()});
    for (std::size_t i = 0; i <= MemoryOutbox::waiting_max; ++i) {
        message.key = std::to_string(i);
        EXPECT_TRUE(box.put(message, at_s(1)));
    }
    EXPECT_EQ(box.counts().waiting, MemoryOutbox::waiting_max);
    ASSERT_EQ(box.dead_ones().size(), 1U);
    EXPECT_EQ(box.dead_ones()[0].key, "0");
    EXPECT_NE(box.dead_ones()[0].reason, "");
}

TEST(DeliveryJudgement, AnswersOfServices) {
    using enum DeliveryVerdict;
    EXPECT_EQ(judge_http(SinkKind::webhook, 204, "", {}).verdict, delivered);
    EXPECT_EQ(judge_http(SinkKind::telegram, 200, R"({"ok":true})", {}).verdict, delivered);
    EXPECT_EQ(judge_http(SinkKind::telegram, 200, R"({"ok":false,"description":"no"})", {}).verdict, later);
    EXPECT_EQ(judge_http(SinkKind::telegram, 200, "<html>", {}).verdict, later);
    EXPECT_EQ(judge_http(SinkKind::webhook, 302, "", {}).verdict, never);
    EXPECT_EQ(judge_http(SinkKind::discord, 404, R"({"message":"Unknown Webhook"})", {}).verdict, never);
    EXPECT_EQ(judge_http(SinkKind::webhook, 500, "", {}).verdict, later);
    EXPECT_EQ(judge_http(SinkKind::webhook, 408, "", {}).verdict, later);
    EXPECT_EQ(judge_mail(451, "try later").verdict, later);
    EXPECT_EQ(judge_mail(550, "no such user").verdict, never);
    EXPECT_NE(judge_http(SinkKind::discord, 404, R"({"message":"Unknown Webhook"})", {})
                  .reason.find("Unknown Webhook"),
              std::string::npos);
}

TEST(DeliveryJudgement, ReadsHowLongToWait) {
    EXPECT_EQ(judge_http(SinkKind::webhook, 429, "", 7).wait_ms, 7'000);
    EXPECT_EQ(judge_http(SinkKind::discord, 429, R"({"retry_after":1.337})", {}).wait_ms, 1'337);
    EXPECT_EQ(judge_http(SinkKind::discord, 429, R"({"retry_after":1.5})", 3).wait_ms, 3'000);
    EXPECT_EQ(
        judge_http(SinkKind::telegram, 429, R"({"ok":false,"parameters":{"retry_after":9}})", {}).wait_ms,
        9'000);
    for (const auto* const body :
         {"", "[]", R"({"retry_after":-1})", R"({"retry_after":"x"})", R"({"parameters":3})"}) {
        EXPECT_EQ(judge_http(SinkKind::discord, 429, body, {}).wait_ms, std::nullopt) << body;
        EXPECT_EQ(judge_http(SinkKind::telegram, 429, body, {}).wait_ms, std::nullopt) << body;
    }
    EXPECT_EQ(judge_http(SinkKind::discord, 429, R"({"retry_after":1e300})", {}).wait_ms, 86'400'000);
}

TEST(DeliveryJudgement, PausesDoubleUntilTheHourIsOver) {
    const LocalTime made = at_s(0);
    EXPECT_EQ(next_try(made, at_s(0), 1, {}), at_s(1));
    EXPECT_EQ(next_try(made, at_s(10), 4, {}), at_s(18));
    EXPECT_EQ(next_try(made, at_s(1'000), 60, {}), at_s(1'300));
    EXPECT_EQ(next_try(made, at_s(10), 1, 30'000), at_s(40));
    EXPECT_EQ(next_try(made, at_s(3'599), 1, {}), at_s(3'600));
    EXPECT_EQ(next_try(made, at_s(3'599), 2, {}), std::nullopt);
    LocalTime now = made;
    int attempts = 0;
    for (std::optional<LocalTime> next = made; next;
         next = next_try(made, now, static_cast<std::uint32_t>(++attempts), {})) {
        now = *next;
    }
    EXPECT_GT(attempts, 15);
    EXPECT_LT(attempts, 30);
    EXPECT_LE(now, at_s(3'600));
}

}  // namespace
}  // namespace virtuoso
