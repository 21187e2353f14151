// The kind of sink of docs/extending.md: what it sends, to the byte, and what is made of the answers.
#include "examples/slack_sink.hpp"

#include "alert/delivery_judgement.hpp"
#include "support/alert_samples.hpp"

#include <gtest/gtest.h>

namespace virtuoso {
namespace {

using examples::slack_request;

AlertSink slack() {
    AlertSink sink;
    sink.address = Secret("https://hooks.slack.example/T/B/x");
    return sink;
}

TEST(ExampleSink, Golden) {
    const auto request = slack_request(slack(), test::message_of({test::long_signal()}));
    EXPECT_EQ(request.address.exposed(), "https://hooks.slack.example/T/B/x");
    EXPECT_EQ(
        request.body,
        R"({"text":"info: signal BTCUSDT\nBTCUSDT is LONG now, was NEUTRAL: score 72.50, reliability 0.90",)"
        R"("mrkdwn":false})");
}

TEST(ExampleSink, NoTextFromOutsideActs) {
    Occurrence hostile = test::long_signal();
    hostile.sentence = R"(<!channel> & "<@U1>")";
    const auto body = nlohmann::json::parse(slack_request(slack(), test::message_of({hostile})).body);
    EXPECT_EQ(body["text"], "info: signal BTCUSDT\n&lt;!channel&gt; &amp; \"&lt;@U1&gt;\"");
}

TEST(ExampleSink, KeepsTheLimit) {
    std::vector<Occurrence> many(50, test::long_signal());
    for (auto& occurrence : many) {
        occurrence.sentence = std::string(200, '<') + ".";
    }
    const auto body = nlohmann::json::parse(slack_request(slack(), test::message_of(many)).body);
    const auto text = body["text"].get<std::string>();
    EXPECT_LE(cost_of(text, utf16_cost), examples::slack_text_max);
    EXPECT_GT(cost_of(text, utf16_cost), examples::slack_text_max / 2);
}

// Slack answers with a status and a word: as any webhook does.
TEST(ExampleSink, ItsAnswersAreThoseOfAWebhook) {
    EXPECT_EQ(judge_http(SinkKind::webhook, 200, "ok", {}).verdict, DeliveryVerdict::delivered);
    EXPECT_EQ(judge_http(SinkKind::webhook, 404, "no_service", {}).verdict, DeliveryVerdict::never);
    const auto too_many = judge_http(SinkKind::webhook, 429, "", 30);
    EXPECT_EQ(too_many.verdict, DeliveryVerdict::later);
    EXPECT_EQ(too_many.wait_ms, 30'000);
}

}  // namespace
}  // namespace virtuoso
