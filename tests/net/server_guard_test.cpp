// Who may open a WebSocket, and how many connections an address has.
#include "support/socket_server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace virtuoso {

namespace {

using test::RawClient;

/// Admits who says "Key: good".
class Door final : public ServerHandler {
  public:
    ServerAnswer answer(const ServerRequest& request) override {
        return {.http = {.status = 200, .body = std::string(request.address)}, .finish = [](HttpAnswer made) {
                    made.headers.push_back({"X-Finished", "yes"});
                    return made;
                }};
    }
    std::optional<HttpAnswer> admits(const ServerRequest& request) override {
        return header_named(request.headers, "Key") == "good"
                   ? std::nullopt
                   : std::optional(HttpAnswer{.status = 401, .body = "who are you\n"});
    }
    bool streams_at(std::string_view path) const noexcept override { return path == "/ws"; }
    void join(ServerPeer&, std::string_view) override {}
    void leave(ServerPeer&) override {}
    void receive(ServerPeer&, std::string_view) override {}
};

class Guard : public testing::Test {
  protected:
    [[nodiscard]] std::string opened(const std::string& path, const std::string& headers) const {
        RawClient client(server_->port());
        client.write(
            fmt::format("GET {} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                        "{}\r\n",
                        path, headers));
        return client.read_until("\r\n\r\n");
    }
    void SetUp() override {
        server_ = *Server::create(
            {.tls = false, .limits = {.address_connections_max = 2}, .subprotocol = "virtuoso"}, door_);
        thread_ = std::thread([this] { server_->run(); });
    }
    void TearDown() override {
        server_->stop();
        thread_.join();
    }

    Door door_;
    std::unique_ptr<Server> server_;
    std::thread thread_;
};

TEST_F(Guard, AsksBeforeAStreamIsOpened) {
    EXPECT_TRUE(opened("/ws", "").starts_with("HTTP/1.1 401 "));
    EXPECT_TRUE(opened("/ws", "Key: good\r\n").starts_with("HTTP/1.1 101 "));
    EXPECT_TRUE(opened("/elsewhere", "Key: good\r\n").starts_with("HTTP/1.1 404 "));
}

TEST_F(Guard, NamesItsSubprotocolToWhoOffersIt) {
    constexpr std::string_view named = "Sec-WebSocket-Protocol: virtuoso\r\n";
    const auto told = [&](const std::string& offered) {
        return opened("/ws", "Key: good\r\nSec-WebSocket-Protocol: " + offered + "\r\n");
    };
    EXPECT_NE(told("virtuoso").find(named), std::string::npos);
    EXPECT_NE(told("virtuoso, bearer.abc").find(named), std::string::npos);
    EXPECT_EQ(told("other").find("Sec-WebSocket-Protocol"), std::string::npos);
    EXPECT_EQ(opened("/ws", "Key: good\r\n").find("Sec-WebSocket-Protocol"), std::string::npos);
}

TEST_F(Guard, AnAddressHasSoManyConnectionsAndIsTold) {
    constexpr std::string_view asked = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    RawClient first(server_->port());
    first.write(asked);
    const std::string head = first.read_until("\r\n\r\n");
    EXPECT_NE(head.find("X-Finished: yes"), std::string::npos) << head;
    EXPECT_EQ(first.read(9), "127.0.0.1");
    RawClient second(server_->port());
    second.write(asked);
    EXPECT_TRUE(second.read_until("\r\n\r\n").starts_with("HTTP/1.1 200 "));
    RawClient third(server_->port());
    third.write(asked);
    EXPECT_EQ(third.read_until("\r\n\r\n"), "");
}

}  // namespace

}  // namespace virtuoso
