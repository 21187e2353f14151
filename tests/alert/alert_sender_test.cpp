// Delivery over real sockets to receivers that refuse, stall, lie and forget.
#include "alert/alert_sender.hpp"

#include "alert/alert_request.hpp"
#include "support/alert_samples.hpp"
#include "support/alert_sending.hpp"
#include "support/socket_server.hpp"
#include "support/temporary_file.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <fstream>
#include <functional>
#include <mutex>
#include <set>

namespace virtuoso {
namespace {

using test::almost_an_hour_s;
using test::answer_ms;
using test::comes_true;
using test::long_signal;
using test::message_of;
using test::RawClient;
using test::RunningServer;
using test::Sending;
using test::sink_of;
using test::stalled_ms;

struct Received {
    std::string target;
    std::string key;
    std::string timestamp;
    std::string signature;
    std::string body;
};

/// Answers with what is scripted, then with the last of it again and again.
class Receiver final : public ServerHandler {
  public:
    explicit Receiver(std::deque<ServerAnswer> script) : script_(std::move(script)) {}
    ServerAnswer answer(const ServerRequest& request) override {
        const std::lock_guard lock(mutex_);
        received_.push_back({.target = std::string(request.target),
                             .key = std::string(header_named(request.headers, "Idempotency-Key")),
                             .timestamp = std::string(header_named(request.headers, "X-Virtuoso-Timestamp")),
                             .signature = std::string(header_named(request.headers, "X-Virtuoso-Signature")),
                             .body = std::string(request.body)});
        ServerAnswer answer = script_.front();
        if (script_.size() > 1) {
            script_.pop_front();
        }
        return answer;
    }
    [[nodiscard]] bool streams_at(std::string_view) const noexcept override { return false; }
    void join(ServerPeer&, std::string_view) override {}
    void leave(ServerPeer&) override {}
    void receive(ServerPeer&, std::string_view) override {}

    [[nodiscard]] std::vector<Received> received() const {
        const std::lock_guard lock(mutex_);
        return received_;
    }

  private:
    mutable std::mutex mutex_;
    std::deque<ServerAnswer> script_;
    std::vector<Received> received_;
};

ServerAnswer said(int status, std::string body = "", std::vector<HttpHeader> headers = {},
                  std::int64_t delay_ms = 0) {
    return {.http = {.status = status, .headers = std::move(headers), .body = std::move(body)},
            .delay_ms = delay_ms};
}

TEST(AlertSender, WebhookOverTlsIsSignedAndItsPeerVerified) {
    Receiver receiver({said(200)});
    const RunningServer server(receiver, {});
    const test::TemporaryDirectory folder;
    const std::string authority = folder.file("ca.pem");
    std::ofstream(authority) << server.server->certificate_pem();
    const std::string url = fmt::format("https://127.0.0.1:{}/alerts", server.server->tls_port());
    const AlertSink trusting = sink_of(
        fmt::format("team: webhook url={} secret=env:KEY ca={}", url, authority), {{"KEY", "S3CR3T-S3CR3T"}});
    Sending sending({trusting, sink_of(fmt::format("doubting: webhook url={}", url))});
    sending.put(message_of({long_signal()}));
    sending.put(message_of({long_signal()}, "doubting"), almost_an_hour_s);
    ASSERT_TRUE(sending.ends(2)) << sending.all_words();
    EXPECT_EQ(sending.box.counts().delivered, 1U);
    const auto received = receiver.received();
    ASSERT_EQ(received.size(), 1U) << "nothing is sent to a peer that is not verified";
    EXPECT_EQ(received[0].key, message_of({long_signal()}).key);
    EXPECT_EQ(
        received[0].signature,
        "sha256=" + webhook_signature(trusting.secret, std::stoll(received[0].timestamp), received[0].body));
    EXPECT_EQ(received[0].body.find("S3CR3T"), std::string::npos);
    EXPECT_NE(sending.box.dead_ones().at(0).reason.find("certificate"), std::string::npos)
        << sending.all_words();
}

TEST(AlertSender, TelegramThatRefusesStallsAndLiesIsAskedAgain) {
    Receiver receiver({said(500), said(429, R"({"ok":false,"parameters":{"retry_after":20}})"),
                       said(200, "", {}, stalled_ms),
                       said(200, R"({"ok":false,"description":"1:S3CR3T-S3CR3T is unknown"})"),
                       said(200, R"({"ok":true})")});
    const RunningServer server(receiver, {});
    Sending sending({sink_of(
        fmt::format("team: telegram token=env:TOKEN chat=1 api=http://127.0.0.1:{}", server.server->port()),
        {{"TOKEN", "1:S3CR3T-S3CR3T"}})});
    sending.put(message_of({long_signal()}));
    sending.put(message_of({long_signal("ETHUSDT")}));
    ASSERT_TRUE(sending.ends(2)) << sending.all_words();
    EXPECT_EQ(sending.box.counts().delivered, 2U);
    EXPECT_EQ(sending.box.counts().failed, 4U);
    EXPECT_EQ(receiver.received().size(), 6U);
    EXPECT_EQ(receiver.received()[0].target, "/bot1:S3CR3T-S3CR3T/sendMessage");
    EXPECT_EQ(sending.all_words().find("S3CR3T"), std::string::npos) << sending.all_words();
}

TEST(AlertSender, ASinkThatAsksForAPauseGetsNothingInIt) {
    Receiver receiver({said(429, R"({"retry_after":3000.0})", {{"Retry-After", "2"}}), said(204)});
    const RunningServer server(receiver, {});
    Sending sending({sink_of("team: discord url=env:URL",
                             {{"URL", fmt::format("http://127.0.0.1:{}/hook", server.server->port())}}),
                     sink_of("console: console")});
    sending.put(message_of({long_signal("A")}));
    sending.put(message_of({long_signal("B")}));
    sending.put(message_of({long_signal("C")}, "console"));
    ASSERT_TRUE(comes_true([&] { return sending.box.counts().failed == 1; })) << "the pause is asked for";
    ASSERT_TRUE(sending.ends(1));
    EXPECT_EQ(sending.box.counts().delivered, 1U) << "sinks do not wait for each other";
    EXPECT_EQ(receiver.received().size(), 1U);
    EXPECT_EQ(sending.box.counts().waiting, 2U);
}

TEST(AlertSender, WhatIsRefusedForGoodIsGivenUpWithItsReason) {
    Receiver receiver({said(404, R"({"message":"Unknown Webhook"})"), said(302, "", {{"Location", "/other"}}),
                       said(200, std::string(100'000, 'x'))});
    const RunningServer server(receiver, {});
    Sending sending(
        {sink_of(fmt::format("team: webhook url=http://127.0.0.1:{}/hook", server.server->port()))});
    for (const auto* const symbol : {"A", "B", "C"}) {
        sending.put(message_of({long_signal(symbol)}));
    }
    ASSERT_TRUE(sending.ends(3)) << sending.all_words();
    ASSERT_EQ(sending.box.dead_ones().size(), 2U);
    EXPECT_NE(sending.box.dead_ones()[0].reason.find("Unknown Webhook"), std::string::npos);
    EXPECT_NE(sending.box.dead_ones()[1].reason.find("redirects"), std::string::npos);
    EXPECT_EQ(receiver.received().size(), 3U) << "no redirect is followed";
    EXPECT_EQ(sending.box.counts().delivered, 1U)
        << "a long answer is no failure, and is not read to its end";
}

TEST(AlertSender, AReceiverThatIsNotThereIsGivenUpAfterAnHour) {
    std::uint16_t port = 0;
    {
        boost::asio::io_context io;
        const boost::asio::ip::tcp::acceptor acceptor(io, {boost::asio::ip::address_v4::loopback(), 0});
        port = acceptor.local_endpoint().port();
    }
    Sending sending({sink_of(fmt::format("team: webhook url=http://127.0.0.1:{}/", port))});
    sending.put(message_of({long_signal()}), almost_an_hour_s);
    ASSERT_TRUE(sending.ends(1)) << sending.all_words();
    EXPECT_GT(sending.box.counts().failed, 1U);
    ASSERT_EQ(sending.box.dead_ones().size(), 1U);
    EXPECT_NE(sending.box.dead_ones()[0].reason.find("not delivered within an hour"), std::string::npos);
}

/// Takes connections one after the other and gives each to `serve`.
class Acceptor {
  public:
    explicit Acceptor(std::function<void(RawClient&, int)> serve, int connections)
        : acceptor_(io_, {boost::asio::ip::address_v4::loopback(), 0}),
          thread_([this, serve = std::move(serve), connections] {
              for (int i = 0; i < connections; ++i) {
                  RawClient client(acceptor_);
                  serve(client, i);
              }
          }) {}
    Acceptor(const Acceptor&) = delete;
    Acceptor& operator=(const Acceptor&) = delete;
    ~Acceptor() { thread_.join(); }
    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  private:
    boost::asio::io_context io_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::thread thread_;
};

std::string value_of(const std::string& head, const std::string& name) {
    const auto at = head.find(name + ": ");
    return at == std::string::npos
               ? ""
               : head.substr(at + name.size() + 2, head.find("\r\n", at) - at - name.size() - 2);
}

/// It has read all, then goes without a word; once it comes back it knows what it has seen.
TEST(AlertSender, AReceiverThatForgetsSeesTheSameKeyAgain) {
    std::vector<std::string> keys;
    {
        const Acceptor acceptor(
            [&](RawClient& client, int number) {
                const std::string head = client.read_until("\r\n\r\n");
                static_cast<void>(client.read(std::stoul("0" + value_of(head, "Content-Length"))));
                keys.push_back(value_of(head, "Idempotency-Key"));
                if (number == 2) {
                    client.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                }
            },
            3);
        Sending sending({sink_of(fmt::format("team: webhook url=http://127.0.0.1:{}/", acceptor.port()))});
        sending.put(message_of({long_signal()}));
        ASSERT_TRUE(sending.ends(1)) << sending.all_words();
        EXPECT_EQ(sending.box.counts().delivered, 1U);
        EXPECT_EQ(sending.box.counts().failed, 2U);
    }
    EXPECT_EQ(keys.size(), 3U);
    EXPECT_EQ(std::set<std::string>(keys.begin(), keys.end()), std::set{message_of({long_signal()}).key});
}

/// A mail server of five verbs; the second mail it refuses for good.
TEST(AlertSender, MailIsDeliveredAndRefused) {
    std::string mail;
    std::string commands;
    {
        const Acceptor acceptor(
            [&](RawClient& client, int number) {
                client.write("220 here\r\n");
                for (std::string line = client.read_until("\r\n"); !line.empty();
                     line = client.read_until("\r\n")) {
                    commands += line;
                    if (line.starts_with("RCPT") && number == 1) {
                        client.write("550 no such user\r\n");
                    } else if (line.starts_with("DATA")) {
                        client.write("354 go on\r\n");
                        mail = client.read_until("\r\n.\r\n");
                        client.write("250 taken\r\n");
                    } else if (line.starts_with("QUIT")) {
                        client.write("221 bye\r\n");
                        return;
                    } else {
                        client.write("250 fine\r\n");
                    }
                }
            },
            2);
        const std::string spec = fmt::format(
            "email server=smtp://127.0.0.1:{} from=a@example.org to=b@example.org", acceptor.port());
        {
            Sending sending({sink_of("team: " + spec)});
            sending.put(message_of({long_signal("A")}));
            ASSERT_TRUE(sending.ends(1)) << sending.all_words();
            EXPECT_EQ(sending.box.counts().delivered, 1U) << sending.all_words();
        }
        Sending sending({sink_of("team: " + spec)});
        sending.put(message_of({long_signal("B")}));
        ASSERT_TRUE(sending.ends(1)) << sending.all_words();
        EXPECT_EQ(sending.box.counts().dead, 1U);
    }
    EXPECT_NE(commands.find("MAIL FROM:<a@example.org>"), std::string::npos) << commands;
    EXPECT_NE(commands.find("RCPT TO:<b@example.org>"), std::string::npos) << commands;
    EXPECT_NE(mail.find(fmt::format("Message-ID: <{}@example.org>", message_of({long_signal("A")}).key)),
              std::string::npos)
        << mail;
}

}  // namespace
}  // namespace virtuoso
