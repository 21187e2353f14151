// The server over real sockets: what our own clients and a client of raw bytes see of it, and its limits.
#include "net/asio_transport.hpp"
#include "support/socket_server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <ctime>
#include <optional>
#include <thread>
#include <vector>

namespace virtuoso {
namespace {

using test::Listener;
using test::RawClient;
using test::RunningServer;
using test::WallClock;

/// Says what it was asked; sends back what it receives; "flood" brings a million bytes, "hang up" an end.
class Echo final : public ServerHandler {
  public:
    ServerAnswer answer(const ServerRequest& request) override {
        if (request.target.starts_with("/elsewhere")) {
            return {.http = {.status = 503, .body = "nothing came"},
                    .elsewhere = [this, target = std::string(request.target)](ServerReply reply) {
                        elsewhere(target, std::move(reply));
                    }};
        }
        return {.http = {.status = 200,
                         .headers = {{"X-Echo", "yes"}},
                         .body = fmt::format("{} {} {}", request.method, request.target, request.body)},
                .delay_ms = request.target == "/late" ? 50 : 0};
    }
    [[nodiscard]] bool streams_at(std::string_view path) const noexcept override { return path == "/ws"; }
    void join(ServerPeer&, std::string_view target) override {
        ++joined;
        opened_at = target;
    }
    void leave(ServerPeer&) override { ++left; }
    void receive(ServerPeer& peer, std::string_view text) override {
        if (text == "where") {
            peer.send(std::make_shared<const std::string>(opened_at));
        } else if (text == "hang up") {
            peer.hang_up();
        } else if (text == "close") {
            peer.send(std::make_shared<const std::string>("last"));
            peer.close(1013, "try again");
            peer.send(std::make_shared<const std::string>("too late"));
        } else if (text == "flood") {
            const auto piece = std::make_shared<const std::string>(std::string(1'000, 'x'));
            for (int i = 0; i < 1'000; ++i) {
                peer.send(piece);
            }
        } else {
            peer.send(std::make_shared<const std::string>(text));
        }
    }
    void receive_binary(ServerPeer& peer, std::string_view bytes) override {
        peer.send(std::make_shared<const std::string>(fmt::format("{} bytes", bytes.size())));
    }
    void drained(ServerPeer&) override { ++drains; }
    ~Echo() override {
        for (auto& thread : others) {
            thread.join();
        }
    }

    void elsewhere(const std::string& target, ServerReply reply) {
        if (target == "/elsewhere/never") {
            kept.push_back(std::move(reply));
            ++keeps;
        } else if (target == "/elsewhere/at-once") {
            reply([] { return HttpAnswer{.status = 200, .body = "at once"}; });
        } else if (target != "/elsewhere/dropped") {
            others.emplace_back([target, given = std::move(reply)] {
                std::this_thread::sleep_for(std::chrono::milliseconds(target.size() % 4));
                given([target] { return HttpAnswer{.status = 200, .body = target}; });
                given([] { return HttpAnswer{.status = 500, .body = "too late"}; });
            });
        }
    }

    std::string opened_at;
    std::atomic<int> joined{0};
    std::atomic<int> left{0};
    std::atomic<int> drains{0};
    std::vector<ServerReply> kept;
    std::atomic<int> keeps{0};
    std::vector<std::thread> others;
};

struct Running {
    explicit Running(const ServerLimits& limits = {}) : server(echo, limits) {}

    [[nodiscard]] std::unique_ptr<AsioTransport> transport(bool tls) const {
        const std::string at = fmt::format("{}127.0.0.1:{}", tls ? "s://" : "://",
                                           tls ? server.server->tls_port() : server.server->port());
        return std::move(*AsioTransport::create({.rest = *Url::parse("http" + at, "rest"),
                                                 .stream = *Url::parse("ws" + at + "/ws?of=books", "stream"),
                                                 .authority_pem = server.server->certificate_pem()},
                                                clock));
    }
    [[nodiscard]] RawClient raw() const { return RawClient(server.server->port()); }

    WallClock clock;
    Echo echo;
    RunningServer server;
};

/// Works until `done` or for ten seconds.
template <typename Done>
bool run_until(AsioTransport& transport, Done&& done) {
    for (int i = 0; i < 1'000 && !done(); ++i) {
        transport.run_for(10);
    }
    return done();
}

/// A GET over a connection that is kept, and the body of its answer.
std::string body_of(RawClient& client, std::string_view target) {
    client.write(fmt::format("GET {} HTTP/1.1\r\nHost: x\r\n\r\n", target));
    const std::string head = client.read_until("\r\n\r\n");
    const std::size_t at = head.find("Content-Length: ");
    return at == std::string::npos ? head : client.read(std::stoul(head.substr(at + 16)));
}

constexpr std::string_view upgrade =
    "GET {} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

std::string masked(std::uint8_t first, std::string_view payload) {
    std::string frame{static_cast<char>(first), static_cast<char>(0x80U | payload.size())};
    frame += std::string(4, '\0');  // a mask that changes nothing
    return frame.append(payload);
}

class Sockets : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(PlainAndTls, Sockets, testing::Bool(),
                         [](const auto& which) { return which.param ? "Tls" : "Plain"; });

TEST(AsioTransport, IsWokenFromAnotherThreadBeforeItsTimeIsOver) {
    const WallClock clock;
    const auto transport = AsioTransport::create({}, clock);
    ASSERT_TRUE(transport);
    (*transport)->wake();
    (*transport)->run_for(600'000);  // a wake before it counts too
    std::thread waker([&] { (*transport)->wake(); });
    (*transport)->run_for(600'000);
    waker.join();
    bool called = false;
    (*transport)->after(1, [&] { called = true; });
    while (!called) {
        (*transport)->run_for(10);
    }
}

TEST(ServerElsewhere, AnswersComeFromOtherThreadsInTheirOrder) {
    Running running;
    RawClient client = running.raw();
    for (int i = 0; i < 40; ++i) {
        const std::string target =
            fmt::format("/elsewhere/{}", std::string(static_cast<std::size_t>(i), 'x'));
        EXPECT_EQ(body_of(client, target), target);
    }
    EXPECT_EQ(body_of(client, "/elsewhere/at-once"), "at once");
    EXPECT_EQ(body_of(client, "/elsewhere/dropped"), "nothing came");
    EXPECT_EQ(body_of(client, "/"), "GET / ") << "the connection goes on";
}

TEST(ServerElsewhere, WhatDoesNotComeInTimeIsSaid) {
    Running running({.answer_ms = 30});
    RawClient client = running.raw();
    EXPECT_EQ(body_of(client, "/elsewhere/never"), "nothing came");
    EXPECT_EQ(body_of(client, "/"), "GET / ");
}

TEST(ServerElsewhere, MayBeAnsweredAfterTheServerHasEnded) {
    std::optional<ServerReply> late;
    {
        Running running;
        RawClient client = running.raw();
        client.write("GET /elsewhere/never HTTP/1.1\r\nHost: x\r\n\r\n");
        while (running.echo.keeps == 0) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        running.server.server->stop();
        late = running.echo.kept.front();
    }
    ASSERT_TRUE(late);
    (*late)([] { return HttpAnswer{.status = 200, .body = "late"}; });
}

TEST_P(Sockets, RequestsAreAnsweredOverConnectionsThatAreKept) {
    Running running;
    const auto transport = running.transport(GetParam());
    int answered = 0;
    for (int i = 0; i < 200; ++i) {
        transport->get({.target = i % 10 == 0 ? "/late" : fmt::format("/{}", i)},
                       [&answered, i](const Result<HttpAnswer>& answer) {
                           ASSERT_TRUE(answer) << answer.error().text();
                           EXPECT_EQ(answer->status, 200);
                           EXPECT_EQ(answer->header("x-echo"), "yes");
                           EXPECT_EQ(answer->body, i % 10 == 0 ? "GET /late " : fmt::format("GET /{} ", i));
                           ++answered;
                       });
    }
    EXPECT_TRUE(run_until(*transport, [&] { return answered == 200; })) << answered;
}

TEST_P(Sockets, MessagesOfAnyLengthComeBackWholeAndInOrder) {
    Running running;
    const auto transport = running.transport(GetParam());
    Listener listener;
    const auto stream = transport->connect("", listener);
    std::vector<std::string> sent;
    for (std::size_t i = 0; i < 2'000; ++i) {
        const std::size_t size = i % 97 == 0 ? (i * 7'919) % 300'000 : i % 400;
        sent.emplace_back(size, static_cast<char>('a' + i % 26));
        stream->send(sent.back());
    }
    EXPECT_TRUE(run_until(*transport, [&] { return listener.frames.size() == sent.size(); }));
    EXPECT_TRUE(listener.open);
    EXPECT_EQ(listener.frames, sent);
    EXPECT_GT(running.echo.drains, 0);
    stream->send("hang up");
    EXPECT_TRUE(run_until(*transport, [&] { return !listener.closed.empty(); }));
    EXPECT_TRUE(run_until(*transport, [&] { return running.echo.left == 1; }));
}

TEST_P(Sockets, AStreamTellsTheHandlerWhereItWasOpened) {
    Running running;
    const auto transport = running.transport(GetParam());
    Listener listener;
    const auto stream = transport->connect("", listener);
    stream->send("where");
    ASSERT_TRUE(run_until(*transport, [&] { return !listener.frames.empty(); }));
    EXPECT_EQ(listener.frames.front(), "/ws?of=books");
}

TEST_P(Sockets, AStreamThatIsLetGoIsLeftByTheServer) {
    Running running;
    const auto transport = running.transport(GetParam());
    Listener listener;
    auto stream = transport->connect("", listener);
    ASSERT_TRUE(run_until(*transport, [&] { return listener.open; }));
    stream->send("flood");
    stream.reset();
    EXPECT_TRUE(run_until(*transport, [&] { return running.echo.left == 1; }));
    EXPECT_EQ(listener.closed, "");
}

TEST(Server, RefusesInWordsWhatIsTooLongOrMalformed) {
    Running running({.header_bytes_max = 2'000, .body_bytes_max = 100});
    const auto status_of = [&](const std::string& request) {
        RawClient client = running.raw();
        client.write(request);
        return client.read_until("\r\n");
    };
    const std::string host = "Host: x\r\n";
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\n" + host + "\r\n"), "HTTP/1.1 200 OK\r\n");
    EXPECT_EQ(status_of("GET /" + std::string(3'000, 'a') + " HTTP/1.1\r\n" + host + "\r\n"),
              "HTTP/1.1 431 Request Header Fields Too Large\r\n");
    EXPECT_EQ(status_of("POST / HTTP/1.1\r\n" + host + "Content-Length: 101\r\n\r\n"),
              "HTTP/1.1 413 Payload Too Large\r\n");
    EXPECT_EQ(status_of("POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n80\r\n" +
                        std::string(128, 'a') + "\r\n0\r\n\r\n"),
              "HTTP/1.1 413 Payload Too Large\r\n");
    EXPECT_EQ(status_of("nonsense\r\n\r\n"), "HTTP/1.1 400 Bad Request\r\n");
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\nContent-Length: minus\r\n\r\n"), "HTTP/1.1 400 Bad Request\r\n");
    EXPECT_EQ(status_of(fmt::format(fmt::runtime(upgrade), "/nowhere")), "HTTP/1.1 404 Not Found\r\n");
}

TEST(Server, AnswersPipelinedRequestsInOrderAndHeadWithoutABody) {
    Running running;
    RawClient client = running.raw();
    client.write(
        "HEAD /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const std::string both = client.read_all();
    EXPECT_NE(both.find("Content-Length: 8\r\n\r\nHTTP/1.1 200 OK"), std::string::npos) << both;
    EXPECT_TRUE(both.ends_with("\r\n\r\nGET /b ")) << both;
}

TEST(Server, ServesNoMoreConnectionsThanItsLimitAndRecovers) {
    Running running({.connections_max = 2});
    const auto served = [&](RawClient& client) {
        client.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        return client.read_until("\r\n") == "HTTP/1.1 200 OK\r\n";
    };
    auto first = std::make_unique<RawClient>(running.server.server->port());
    RawClient second = running.raw();
    ASSERT_TRUE(served(*first));
    ASSERT_TRUE(served(second));
    RawClient third = running.raw();
    EXPECT_FALSE(served(third));
    first.reset();
    bool again = false;
    for (int i = 0; i < 500 && !again; ++i) {  // the server learns of the end a moment later
        RawClient fourth = running.raw();
        again = served(fourth);
    }
    EXPECT_TRUE(again);
}

TEST(Server, DropsAClientThatDoesNotReadAndKeepsTheOthers) {
    Running running({.unsent_bytes_max = 500'000});
    RawClient sleeper = running.raw();
    sleeper.write(fmt::format(fmt::runtime(upgrade), "/ws"));
    ASSERT_TRUE(sleeper.read_until("\r\n\r\n").starts_with("HTTP/1.1 101"));
    for (int i = 0; i < 200 && running.echo.left == 0; ++i) {
        sleeper.write(masked(0x81, "flood"));
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    EXPECT_EQ(running.echo.left, 1);
    RawClient other = running.raw();
    other.write(fmt::format(fmt::runtime(upgrade), "/ws"));
    ASSERT_TRUE(other.read_until("\r\n\r\n").starts_with("HTTP/1.1 101"));
    other.write(masked(0x81, "hello"));
    EXPECT_EQ(other.read(7), "\x81\x05hello");
}

TEST(Server, AnswersPingsBetweenMessagesAndTheClosingHandshakeBehindThem) {
    Running running;
    RawClient client = running.raw();
    client.write(fmt::format(fmt::runtime(upgrade), "/ws"));
    ASSERT_TRUE(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 101"));
    client.write(masked(0x01, "he") + masked(0x89, "ping") + masked(0x80, "llo"));
    EXPECT_EQ(client.read(6), "\x8a\x04ping");
    EXPECT_EQ(client.read(7), "\x81\x05hello");
    client.write(masked(0x81, "flood") + masked(0x88, std::string("\x03\xe8", 2)));
    const std::string rest = client.read_all();
    EXPECT_EQ(rest.size(), 1'000U * 1'004U + 4U) << "a thousand messages, then the answer to the close";
    EXPECT_TRUE(rest.ends_with(std::string("\x88\x02\x03\xe8", 4)));
}

TEST(ServerWebSocket, AHandlerClosesBehindWhatItSent) {
    Running running;
    RawClient client = running.raw();
    client.write(fmt::format(fmt::runtime(upgrade), "/ws"));
    ASSERT_TRUE(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 101"));
    client.write(masked(0x82, "abc") + masked(0x81, "close"));
    EXPECT_EQ(client.read(9),
              "\x81\x07"
              "3 bytes")
        << "what is not text is told apart";
    EXPECT_EQ(client.read(6),
              "\x81\x04"
              "last");
    EXPECT_EQ(client.read(13),
              "\x88\x0b\x03\xf5"
              "try again");
    client.write(masked(0x88, std::string("\x03\xf5", 2)));
    EXPECT_EQ(client.read_all(), "") << "one closing frame is enough";
    for (int i = 0; i < 1'000 && running.echo.left == 0; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    EXPECT_EQ(running.echo.left, 1);
}

TEST(ServerWebSocket, AClientThatDoesNotAnswerAClosingFrameIsLeft) {
    Running running;
    RawClient client = running.raw();
    client.write(fmt::format(fmt::runtime(upgrade), "/ws"));
    ASSERT_TRUE(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 101"));
    client.write(masked(0x81, "close"));
    const std::string all = client.read_all();
    EXPECT_TRUE(all.ends_with("try again")) << all;
}

TEST(Server, LeavesAClientThatGivesNoSignOfLife) {
    Running running({.silence_ms = 100});
    RawClient client = running.raw();
    client.write(fmt::format(fmt::runtime(upgrade), "/ws"));
    ASSERT_TRUE(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 101"));
    EXPECT_EQ(client.read(1), "\x89") << "a ping";
    client.read_all();  // until the server gives up
    for (int i = 0; i < 200 && running.echo.left == 0; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    EXPECT_EQ(running.echo.left, 1);
}

TEST(Server, SaysThatAPortIsTaken) {
    Running running;
    Echo echo;
    const auto second = Server::create(
        {.ports = {.plain = running.server.server->port()}, .now_s = std::time(nullptr)}, echo);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::network);
    EXPECT_NE(second.error().message.find("choose another port"), std::string::npos);
}

}  // namespace
}  // namespace virtuoso
