// The client against servers of raw bytes: everything the protocol allows and some things it does not.
#include "net/asio_transport.hpp"
#include "support/socket_server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <random>

namespace virtuoso {
namespace {

using test::Listener;
using test::WallClock;

/// RFC 6455 §4.2.2.
std::string accept_key(std::string_view request) {
    constexpr std::string_view name = "Sec-WebSocket-Key: ";
    const auto at = request.find(name) + name.size();
    const std::string text = std::string(request.substr(at, 24)) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
    SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
    std::array<unsigned char, 64> encoded{};
    const int length = EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(digest.size()));
    return {reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(length)};
}

std::string frame(std::uint8_t first, std::string_view payload) {
    std::string bytes{static_cast<char>(first)};
    if (payload.size() < 126) {
        bytes += static_cast<char>(payload.size());
    } else {
        bytes += '\x7e';
        bytes += static_cast<char>(payload.size() >> 8);
        bytes += static_cast<char>(payload.size() & 0xffU);
    }
    return bytes.append(payload);
}

/// Accepts one client, shakes hands, and writes `script` right behind, in pieces of at most `piece_max`.
class ScriptedServer {
  public:
    ScriptedServer(std::string script, std::size_t piece_max, std::size_t awaited_bytes)
        : acceptor_(io_, {boost::asio::ip::address_v4::loopback(), 0}),
          thread_([this, text = std::move(script), piece_max, awaited_bytes] {
              test::RawClient client(acceptor_);
              const std::string answer = fmt::format(
                                             "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                                             "Connection: Upgrade\r\nSec-WebSocket-Accept: {}\r\n\r\n",
                                             accept_key(client.read_until("\r\n\r\n"))) +
                                         text;
              for (std::size_t at = 0; at < answer.size(); at += piece_max) {
                  client.write(std::string_view(answer).substr(at, piece_max));
              }
              received = client.read(awaited_bytes);
          }) {}
    ~ScriptedServer() { join(); }
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;

    void join() {
        if (thread_.joinable()) {
            thread_.join();
        }
    }
    [[nodiscard]] std::unique_ptr<AsioTransport> transport() const {
        const auto url =
            *Url::parse(fmt::format("ws://127.0.0.1:{}/", acceptor_.local_endpoint().port()), "x");
        return std::move(*AsioTransport::create({.rest = url, .stream = url}, clock_));
    }

    std::string received;  ///< read it after `join`

  private:
    WallClock clock_;
    boost::asio::io_context io_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::thread thread_;
};

/// Answers one client's handshake with something else.
class DecliningServer {
  public:
    explicit DecliningServer(std::string answer)
        : acceptor_(io_, {boost::asio::ip::address_v4::loopback(), 0}),
          thread_([this, text = std::move(answer)] {
              test::RawClient client(acceptor_);
              static_cast<void>(client.read_until("\r\n\r\n"));
              client.write(text);
          }) {}
    ~DecliningServer() { thread_.join(); }
    DecliningServer(const DecliningServer&) = delete;
    DecliningServer& operator=(const DecliningServer&) = delete;
    [[nodiscard]] Url url() const {
        return *Url::parse(fmt::format("ws://127.0.0.1:{}/", acceptor_.local_endpoint().port()), "x");
    }

  private:
    boost::asio::io_context io_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::thread thread_;
};

TEST(WebSocket, ARefusedHandshakeRepeatsTheServersReason) {
    struct Case {
        std::string status;
        std::string body;
        std::vector<std::string> said;
    };
    const std::vector<Case> cases{{"403 Forbidden",
                                   "<html><head><title>403 Forbidden</title></head></html>",
                                   {"HTTP 403", "\"403 Forbidden\""}},
                                  {"451 Unavailable",
                                   R"({"code":0,"msg":"Service unavailable from a restricted location"})",
                                   {"HTTP 451", "restricted location", "not served"}},
                                  {"429 Too Many Requests", "", {"HTTP 429", "too many"}},
                                  {"200 OK", "<title>\x1b[31mlog in</title>", {"HTTP 200", "[31mlog in"}}};
    for (const auto& [status, body, said] : cases) {
        DecliningServer server(
            fmt::format("HTTP/1.1 {}\r\nContent-Length: {}\r\n\r\n{}", status, body.size(), body));
        const WallClock clock;
        const auto transport =
            std::move(*AsioTransport::create({.rest = server.url(), .stream = server.url()}, clock));
        Listener listener;
        const auto stream = transport->connect("", listener);
        for (int i = 0; i < 500 && listener.closed.empty(); ++i) {
            transport->run_for(10);
        }
        EXPECT_FALSE(listener.open);
        for (const auto& part : said) {
            EXPECT_NE(listener.closed.find(part), std::string::npos) << part << " in " << listener.closed;
        }
        EXPECT_EQ(listener.closed.find('\x1b'), std::string::npos);
    }
}

Listener listen_to(ScriptedServer& server) {
    const auto transport = server.transport();
    Listener listener;
    const auto stream = transport->connect("", listener);
    for (int i = 0; i < 500 && listener.closed.empty(); ++i) {
        transport->run_for(10);
    }
    return listener;
}

TEST(WebSocket, MessagesFragmentsAndPingsMixedAndCutInAnyWayGiveTheSameMessages) {
    std::mt19937_64 random(3);
    std::string script;
    std::vector<std::string> expected;
    std::string pongs;
    for (int i = 0; i < 150; ++i) {
        const std::string text(random() % 500, static_cast<char>('a' + i % 26));
        if (random() % 3 != 0) {
            script += frame(0x81, text);
            expected.push_back(text);
            continue;
        }
        const std::string ping = fmt::format("ping {}", i);
        const std::size_t cut = text.empty() ? 0 : random() % text.size();
        script += frame(0x01, text.substr(0, cut)) + frame(0x89, ping) + frame(0x80, text.substr(cut));
        expected.push_back(text);
        pongs += ping;
    }
    script += frame(0x88, std::string("\x03\xe9", 2) + "going \x1b[31maway");
    for (const std::size_t piece_max : {std::size_t{1}, std::size_t{13}, std::size_t{100'000}}) {
        ScriptedServer server(script, piece_max, 1'000'000);
        const Listener listener = listen_to(server);
        server.join();
        EXPECT_TRUE(listener.open);
        EXPECT_EQ(listener.frames, expected) << "pieces of " << piece_max;
        EXPECT_NE(listener.closed.find("closed with code 1001 (the server goes away)"), std::string::npos)
            << listener.closed;
        EXPECT_EQ(listener.closed.find('\x1b'), std::string::npos) << "a stranger's text, escaped";
        std::string unmasked;
        for (std::size_t at = 0; at + 6 <= server.received.size();) {
            const auto byte = [&](std::size_t i) {
                return static_cast<std::uint8_t>(server.received[at + i]);
            };
            const std::size_t length = byte(1) & 0x7fU;
            for (std::size_t i = 0; byte(0) == 0x8a && i < length; ++i) {
                unmasked += static_cast<char>(byte(6 + i) ^ byte(2 + i % 4));
            }
            at += 6 + length;
        }
        EXPECT_EQ(unmasked, pongs) << "every ping is answered";
    }
}

TEST(WebSocket, WhatTheProtocolForbidsEndsTheConnectionAndNothingElse) {
    for (const std::string& forbidden :
         {std::string("\x81\x85mask12345"), frame(0xc1, "compressed"), frame(0x80, "no beginning"),
          frame(0x83, "reserved"), std::string("\x81\x7e\x00\x05short", 9),
          std::string("\x81\x7f\x00\x00\x00\x00\x7f\x00\x00\x00", 10), frame(0x09, "a ping in pieces")}) {
        ScriptedServer server(frame(0x81, "before") + forbidden + frame(0x81, "behind"), 100'000, 1'000'000);
        const Listener listener = listen_to(server);
        EXPECT_EQ(listener.frames, std::vector<std::string>{"before"});
        EXPECT_NE(listener.closed, "");
    }
}

TEST(WebSocket, AServerThatRefusesOrIsAbsentIsNamedWithTheStep) {
    WallClock clock;
    boost::asio::io_context io;
    boost::asio::ip::tcp::acceptor acceptor(io, {boost::asio::ip::address_v4::loopback(), 0});
    const auto url = *Url::parse(fmt::format("ws://127.0.0.1:{}/", acceptor.local_endpoint().port()), "x");
    std::thread server([&] {
        test::RawClient client(acceptor);
        static_cast<void>(client.read_until("\r\n\r\n"));
        client.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
        acceptor.close();
    });
    for (const std::string_view step : {"WebSocket handshake with", "connect to"}) {
        const auto transport = std::move(*AsioTransport::create({.rest = url, .stream = url}, clock));
        Listener listener;
        const auto stream = transport->connect("", listener);
        for (int i = 0; i < 500 && listener.closed.empty(); ++i) {
            transport->run_for(10);
        }
        if (server.joinable()) {
            server.join();
        }
        EXPECT_TRUE(listener.closed.starts_with(step)) << listener.closed;
        EXPECT_FALSE(listener.open);
    }
}

}  // namespace
}  // namespace virtuoso
