// Subscriptions against an exchange that rejects whole requests.
#include "exchange/topic_stream.hpp"

#include "base/seeded_random.hpp"
#include "exchange/bybit/dialect.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <deque>
#include <set>

namespace virtuoso {
namespace {

/// Answers as Bybit does: one bad topic rejects all of its request, and only the first one is named.
class Exchange final : public Transport, public StreamOwner {
  public:
    struct Connection final : StreamConnection {
        explicit Connection(Exchange& of) : exchange(of) {}
        void send(std::string text) override { exchange.requests.push_back(std::move(text)); }
        Exchange& exchange;
    };

    [[nodiscard]] LocalTime now() const override { return time; }
    void get(HttpRequest, OnAnswer) override {}
    std::unique_ptr<StreamConnection> connect(std::string_view, StreamListener& hears) override {
        listener = &hears;
        return std::make_unique<Connection>(*this);
    }
    void after(std::int64_t, std::function<void()>) override {}

    void on_market(TopicStream&, const RawRecord&, const DecodedFrame&) override {}
    void on_control(const RawRecord&) override {}
    void on_refused(TopicStream&, const RawRecord&, const Error&) override {}
    void on_live(const std::string& topic) override { EXPECT_TRUE(live.insert(topic).second) << topic; }
    void on_topic_refused(const std::string& topic, std::string_view reason) override {
        EXPECT_TRUE(refused.insert(topic).second) << topic << reason;
    }
    void on_lost(TopicStream&, const Error&, bool) override {}

    static std::vector<std::string> topics_of(const std::string& request) {
        std::vector<std::string> topics;
        auto at = request.find("\"args\":[") + 8;
        while (at < request.size() && request[at] != ']') {
            const auto end = request.find('"', at + 1);
            topics.push_back(request.substr(at + 1, end - at - 1));
            at = request[end + 1] == ',' ? end + 2 : end + 1;
        }
        return topics;
    }

    void answer(bool names_topics) {
        const std::string request = std::move(requests.front());
        requests.pop_front();
        const auto begin = request.find("\"req_id\":\"") + 10;
        const std::string id = request.substr(begin, request.find('"', begin) - begin);
        const auto topics = topics_of(request);
        std::string refusal;
        for (const auto& topic : topics) {
            if (bad.contains(topic)) {
                refusal = "handler not found";
            } else if (subscribed.contains(topic)) {
                refusal = "already subscribed";
            } else {
                continue;
            }
            refusal = names_topics ? fmt::format("error:{},topic:{}", refusal, topic) : "error:" + refusal;
            break;
        }
        if (refusal.empty()) {
            subscribed.insert(topics.begin(), topics.end());
        }
        listener->on_frame(
            buffer.assign(
                fmt::format(R"({{"success":{},"ret_msg":"{}","conn_id":"c","req_id":"{}","op":"subscribe"}})",
                            refusal.empty(), refusal, id)),
            time);
    }

    LocalTime time{1};
    FrameBuffer buffer;
    StreamListener* listener = nullptr;
    std::deque<std::string> requests;
    std::set<std::string> bad;
    std::set<std::string> subscribed;
    std::set<std::string> live;
    std::set<std::string> refused;
};

// Whatever is bad, whatever is subscribed already: what is good becomes live once, and nothing else.
TEST(TopicStream, OneBadTopicCostsItselfWhateverItsRequestHeld) {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        SeededRandom random(seed);
        Exchange exchange;
        const bybit::BybitDialect dialect;
        StreamOwner& owner = exchange;
        TopicStream stream(exchange, dialect, owner, {.seed = seed});
        const bool names_topics = random.uniform() < 0.7;
        std::set<std::string> good;
        const auto count = 1 + random.below(250);
        for (std::uint64_t i = 0; i < count; ++i) {
            const std::string topic = fmt::format("publicTrade.A{}USDT", i);
            stream.add(topic);
            const double chance = random.uniform();
            if (chance < 0.1) {
                exchange.bad.insert(topic);
            } else {
                good.insert(topic);
                if (chance < 0.15) {
                    exchange.subscribed.insert(topic);
                }
            }
        }
        stream.open();
        exchange.listener->on_open();
        while (!exchange.requests.empty()) {
            exchange.answer(names_topics);
        }
        EXPECT_EQ(exchange.live, good) << seed;
        EXPECT_EQ(exchange.refused, exchange.bad) << seed;
        EXPECT_EQ(exchange.subscribed, good) << "live without being subscribed, " << seed;
    }
}

// "already subscribed" speaks of the topic that it names and of no other.
TEST(TopicStream, WhatIsSubscribedAlreadyMakesNoOtherTopicLive) {
    for (const bool named_it : {true, false}) {
        Exchange exchange;
        const bybit::BybitDialect dialect;
        StreamOwner& owner = exchange;
        TopicStream stream(exchange, dialect, owner, {.seed = 1});
        stream.add("publicTrade.AUSDT");
        stream.open();
        exchange.listener->on_open();
        exchange.listener->on_frame(
            exchange.buffer.assign(fmt::format(
                R"({{"success":false,"ret_msg":"error:already subscribed,topic:publicTrade.{}USDT","req_id":"1","op":"subscribe"}})",
                named_it ? "A" : "B")),
            exchange.time);
        EXPECT_EQ(exchange.live.size(), named_it ? 1U : 0U);
        EXPECT_EQ(exchange.refused.size(), named_it ? 0U : 1U);
    }
}

}  // namespace
}  // namespace virtuoso
