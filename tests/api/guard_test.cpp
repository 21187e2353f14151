// Whom the API answers, over real sockets.
#include "api/request_headers.hpp"
#include "support/live_api.hpp"
#include "support/socket_server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace virtuoso {

namespace {

constexpr std::string_view token = "0123456789abcdef.T-~_";

/// The status line of what is answered to these bytes.
std::string told(std::uint16_t port, std::string_view bytes) {
    test::RawClient client(port);
    client.write(bytes);
    return client.read_until("\r\n\r\n");
}

class Guarded : public test::LiveApi {
  protected:
    [[nodiscard]] ApiSettings settings() const override {
        ApiSettings settings = LiveApi::settings();
        settings.token = Secret(std::string(token));
        settings.hosts = {"virtuoso.example"};
        return settings;
    }
    [[nodiscard]] std::string opened(const std::string& headers) const {
        return told(api_->port(),
                    fmt::format("GET /ws HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                "Sec-WebSocket-Version: 13\r\n{}\r\n",
                                headers));
    }
};

TEST_F(Guarded, EveryPathDemandsTheToken) {
    const std::string bearer = fmt::format("Bearer {}", token);
    for (const std::string target : {"/api/v1/overview", "/api/v1/health", "/metrics", "/api/v1/docs",
                                     "/api/v1/openapi.json", "/nothing", "/health/live/../../metrics"}) {
        const HttpAnswer refused = get(target);
        EXPECT_EQ(refused.status, 401) << target;
        EXPECT_TRUE(refused.header("WWW-Authenticate").starts_with("Bearer")) << target;
        EXPECT_EQ(refused.header("Content-Type"), "application/problem+json");
        EXPECT_EQ(refused.body.find(token), std::string::npos);
        EXPECT_NE(get(target, {{"Authorization", bearer}}).status, 401) << target;
    }
    EXPECT_EQ(get("/metrics", {{"Authorization", "bearer  " + std::string(token)}}).status, 200);
    EXPECT_EQ(post("/api/v1/keeper/run", {{"Content-Type", "application/json"}}).status, 401);
    EXPECT_EQ(
        post("/api/v1/keeper/run", {{"Content-Type", "application/json"}, {"Authorization", bearer}}).status,
        202);
    for (const std::string target : {"/health/live", "/health/ready"}) {
        EXPECT_EQ(get(target).status, 200) << target;
    }
}

TEST_F(Guarded, AnotherTokenIsNone) {
    const std::string own(token);
    for (const std::string& other :
         std::vector<std::string>{"", own, "Bearer", "Bearer ", "Bearer x", "Bearer " + own + "x",
                                  "Bearer " + own.substr(1), "Bearer x " + own, "Basic " + own}) {
        EXPECT_EQ(get("/metrics", {{"Authorization", other}}).status, 401) << other;
    }
}

TEST_F(Guarded, FurtherHostsAreServed) {
    EXPECT_EQ(get("/health/live", {{"Host", "virtuoso.example:8443"}}).status, 200);
    EXPECT_EQ(get("/health/live", {{"Host", "evil.example"}}).status, 403);
}

// 404: admitted, and nothing is streamed there.
TEST_F(Guarded, AStreamIsRefusedBeforeItIsOpened) {
    const std::string own = fmt::format("Host: localhost:{}\r\n", api_->port());
    const std::string bearer = fmt::format("Authorization: Bearer {}\r\n", token);
    const auto status = [&](const std::string& headers) { return opened(headers).substr(9, 3); };
    EXPECT_EQ(status(own), "401");
    EXPECT_NE(status(own + bearer), "401");
    EXPECT_NE(status(own + fmt::format("Sec-WebSocket-Protocol: virtuoso, bearer.{}\r\n", token)), "401");
    EXPECT_EQ(status(own + "Sec-WebSocket-Protocol: virtuoso, bearer.0123456789abcdefghijk\r\n"), "401");
    EXPECT_EQ(status("Host: evil.example\r\n" + bearer), "403");
    EXPECT_EQ(status(own + bearer + "Origin: https://evil.example\r\n"), "403");
    EXPECT_EQ(status(own + bearer + "Origin: null\r\n"), "403");
    EXPECT_NE(status(own + bearer + fmt::format("Origin: http://localhost:{}\r\n", api_->port())), "403");
}

TEST_F(Guarded, OtherMachinesAreServedWithATokenAlone) {
    const auto refused = ApiServer::start("0.0.0.0:0", live_.service(), LiveApi::settings());
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("[api] token"), std::string::npos) << refused.error().message;
    const auto served = ApiServer::start("0.0.0.0:0", live_.service(), settings());
    ASSERT_TRUE(served) << served.error().message;
    const std::string line = told((*served)->port(), "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    EXPECT_TRUE(line.starts_with("HTTP/1.1 401 ")) << line;
    for (const std::string weak : {"tiny", "0123456789abcde", "0123456789abcdef/", "0123456789,abcdef"}) {
        ApiSettings with_weak = LiveApi::settings();
        with_weak.token = Secret(weak);
        const auto unfit = ApiServer::start("127.0.0.1:0", live_.service(), std::move(with_weak));
        ASSERT_FALSE(unfit) << weak;
        EXPECT_EQ(unfit.error().message.find(weak), std::string::npos);
    }
}

class Limited : public test::LiveApi {
  protected:
    [[nodiscard]] ApiSettings settings() const override {
        ApiSettings settings = LiveApi::settings();
        settings.limits.requests.loopback = 5;
        settings.limits.connections_per_address = 3;
        settings.limits.header_bytes = 2'048;
        settings.limits.body_bytes = 4'096;
        return settings;
    }
};

TEST_F(Limited, TooManyRequestsAreToldWhenToComeAgain) {
    std::optional<HttpAnswer> refused;
    for (int i = 0; i < 4'000 && !refused; ++i) {
        HttpAnswer answer = get("/health/live");
        if (answer.status != 200) {
            refused = std::move(answer);
        }
    }
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, 429);
    EXPECT_EQ(refused->header("Retry-After"), "1");
    EXPECT_EQ(refused->header("Content-Type"), "application/problem+json");
    EXPECT_TRUE(test::eventually([&] { return get("/health/live").status == 200; }));
}

TEST_F(Limited, AnAddressHasSoManyConnections) {
    constexpr std::string_view asked = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
    transport_.reset();
    std::vector<std::unique_ptr<test::RawClient>> clients;
    const auto answered = [&] {
        clients.push_back(std::make_unique<test::RawClient>(api_->port()));
        clients.back()->write(asked);
        return clients.back()->read_until("\r\n\r\n").starts_with("HTTP/1.1 ");
    };
    ASSERT_TRUE(test::eventually([&] {
        clients.clear();
        return answered() && answered() && answered();
    }));
    EXPECT_FALSE(answered());
    clients.clear();
    EXPECT_TRUE(test::eventually([&] { return answered(); })) << "places become free";
}

TEST_F(Limited, RequestsHaveALength) {
    const std::string line = "POST /api/v1/keeper/run HTTP/1.1\r\nHost: localhost\r\n";
    EXPECT_TRUE(told(api_->port(), line + fmt::format("X: {}\r\n\r\n", std::string(4'096, 'x')))
                    .starts_with("HTTP/1.1 431 "));
    EXPECT_TRUE(told(api_->port(), line + "Content-Length: 4097\r\n\r\n" + std::string(4'097, 'x'))
                    .starts_with("HTTP/1.1 413 "));
}

class Malformed : public test::LiveApi {};

TEST_F(Malformed, RequestsAreRefusedAndEveryAnswerIsSafeInABrowser) {
    const std::string host = "Host: localhost\r\n";
    const std::vector<std::pair<std::string, std::string>> requests{
        {"GET /health/live HTTP/1.1\r\n" + host + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nxy", "400"},
        {"POST /api/v1/keeper/run HTTP/1.1\r\n" + host +
             "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         "400"},
        {"GET /health/live HTTP/1.1\r\n" + host + "X: a\r\n" + std::string("Y: b\0c\r\n\r\n", 10), "400"},
        {std::string("GET /health\0/live HTTP/1.1\r\n", 28) + host + "\r\n", "400"},
        {"GET http://evil.example/health/live HTTP/1.1\r\nHost: evil.example\r\n\r\n", "403"},
        {"GET http://localhost/health/live HTTP/1.1\r\n" + host + "\r\n", "404"},
        {"GET /health%2Flive HTTP/1.1\r\n" + host + "\r\n", "404"},
        {"GET /api/v1/symbols/BTCUSDT%00/confluence HTTP/1.1\r\n" + host + "\r\n", "404"},
        {"GET /api/v1/symbols/a%2Fb/confluence HTTP/1.1\r\n" + host + "\r\n", "404"},
        {"GET /health/live HTTP/1.1\r\n\r\n", "403"},
        {"GET / HTTP/9.9\r\n" + host + "\r\n", "400"},
        {"nonsense\r\n\r\n", "400"}};
    for (const auto& [request, status] : requests) {
        const std::string head = told(api_->port(), request);
        EXPECT_EQ(head.substr(0, 12), "HTTP/1.1 " + status) << request << head;
        for (const std::string_view header :
             {"X-Content-Type-Options: nosniff", "X-Frame-Options: DENY", "Referrer-Policy: no-referrer",
              "Content-Security-Policy: default-src 'none'"}) {
            EXPECT_NE(head.find(header), std::string::npos) << request << head;
        }
    }
}

// What is folded onto a second line belongs to the header before it, and is no header of its own.
TEST_F(Malformed, AFoldedHeaderIsNoSecondOne) {
    const std::string head =
        told(api_->port(), "GET /health/live HTTP/1.1\r\nX: a\r\n Host: localhost\r\n\r\n");
    EXPECT_NE(head.substr(0, 12), "HTTP/1.1 200") << head;
}

TEST(RequestLimit, ABucketFillsAtItsRate) {
    RequestLimit limit({.others = 2, .loopback = 0});
    const LocalTime begin{1'000'000'000};
    EXPECT_FALSE(limit.refused_for_s("10.0.0.1", begin));
    EXPECT_FALSE(limit.refused_for_s("10.0.0.1", begin));
    EXPECT_EQ(limit.refused_for_s("10.0.0.1", begin), 1);
    EXPECT_FALSE(limit.refused_for_s("10.0.0.2", begin)) << "another one's bucket";
    EXPECT_FALSE(limit.refused_for_s("127.0.0.1", begin));
    EXPECT_FALSE(limit.refused_for_s("10.0.0.1", {begin.ns + 500'000'000}));
    EXPECT_EQ(limit.refused_for_s("10.0.0.1", {begin.ns + 500'000'000}), 1);
    EXPECT_EQ(limit.addresses(), 2U);
    for (int i = 0; i < 10'000; ++i) {
        static_cast<void>(limit.refused_for_s(fmt::format("10.1.{}.{}", i / 256, i % 256), begin));
    }
    EXPECT_LE(limit.addresses(), 4'096U);
}

TEST(RequestHeaders, TokensAreFoundWhereTheyMayStand) {
    EXPECT_EQ(bearer_token("Bearer abc"), "abc");
    EXPECT_EQ(bearer_token(" BEARER   abc "), "abc");
    EXPECT_EQ(bearer_token("Basic abc"), "");
    EXPECT_EQ(bearer_token("Bearerabc"), "");
    EXPECT_EQ(bearer_subprotocol("virtuoso, bearer.abc"), "abc");
    EXPECT_EQ(bearer_subprotocol("bearer.abc,virtuoso"), "abc");
    EXPECT_EQ(bearer_subprotocol("virtuoso, xbearer.abc"), "");
}

constexpr std::string_view board = "https://board.example";

class Shared : public Guarded {
  protected:
    [[nodiscard]] ApiSettings settings() const override {
        ApiSettings settings = Guarded::settings();
        settings.token = {};
        settings.origins = {std::string(board), "http://127.0.0.1:5173"};
        settings.limits.answer_bytes = 100'000;
        return settings;
    }
};

TEST_F(Shared, PagesOfConfiguredOriginsMayReadAndNoOthers) {
    for (const std::string target :
         {"/api/v1/symbols/BTCUSDT/confluence", "/api/v1/health", "/api/v1/nothing"}) {
        const HttpAnswer told_it = get(target, {{"Origin", std::string(board)}, {"Accept-Encoding", "gzip"}});
        EXPECT_EQ(told_it.header("Access-Control-Allow-Origin"), board) << target;
        EXPECT_EQ(told_it.header("Cross-Origin-Resource-Policy"), "cross-origin") << target;
        EXPECT_TRUE(told_it.header("Vary").ends_with("Origin")) << target << ": " << told_it.header("Vary");
        EXPECT_EQ(told_it.header("Access-Control-Allow-Credentials"), "") << target;
        for (const std::string other : {"https://board.example.evil", "http://board.example", "null", "*",
                                        "https://BOARD.example", "https://board.example:443"}) {
            const HttpAnswer answer = get(target, {{"Origin", other}});
            EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "") << other;
            EXPECT_TRUE(answer.header("Vary").ends_with("Origin"))
                << "a cache may not mix them up: " << other;
            EXPECT_EQ(answer.header("Cross-Origin-Resource-Policy"), "same-origin") << other;
        }
    }
    const auto known = get("/api/v1/openapi.json", {{"Origin", std::string(board)}, {"If-None-Match", "*"}});
    EXPECT_EQ(known.status, 304);
    EXPECT_EQ(known.header("Access-Control-Allow-Origin"), board);
    EXPECT_EQ(known.header("Vary"), "Accept-Encoding, Origin");
}

TEST_F(Shared, WhatABrowserAsksBeforehandIsAnsweredToThemAlone) {
    const auto asked = [&](std::string_view origin, std::string_view method) {
        return told(api_->port(), fmt::format("OPTIONS /api/v1/keeper/run HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                                              "Origin: {}\r\nAccess-Control-Request-Method: {}\r\n\r\n",
                                              origin, method));
    };
    const std::string allowed = asked(board, "POST");
    EXPECT_TRUE(allowed.starts_with("HTTP/1.1 204")) << allowed;
    EXPECT_NE(allowed.find("Access-Control-Allow-Headers: Authorization, Content-Type"), std::string::npos);
    EXPECT_NE(allowed.find("Access-Control-Allow-Origin: https://board.example\r\n"), std::string::npos);
    EXPECT_TRUE(asked("https://evil.example", "POST").starts_with("HTTP/1.1 405"));
    EXPECT_TRUE(asked(board, "").starts_with("HTTP/1.1 405"));
    const std::vector<HttpHeader> json{{"Content-Type", "application/json"}};
    auto from_board = json;
    from_board.push_back({"Origin", std::string(board)});
    EXPECT_EQ(post("/api/v1/keeper/run", from_board).status, 202);
    auto from_evil = json;
    from_evil.push_back({"Origin", "https://evil.example"});
    EXPECT_EQ(post("/api/v1/keeper/run", from_evil).status, 403);
    EXPECT_TRUE(opened("Host: 127.0.0.1\r\nOrigin: https://board.example\r\n").starts_with("HTTP/1.1 101"));
    EXPECT_TRUE(opened("Host: 127.0.0.1\r\nOrigin: https://evil.example\r\n").starts_with("HTTP/1.1 403"));
}

TEST_F(Guarded, WithoutConfiguredOriginsNoAnswerNamesOne) {
    const HttpAnswer answer = get("/health/live", {{"Origin", std::string(board)}});
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "");
    EXPECT_EQ(answer.header("Vary"), "");
}

TEST_F(Shared, AnAnswerBeyondItsLimitSaysHowToAskForLess) {
    const HttpAnswer large = get("/api/v1/symbols/BTCUSDT/candles?limit=1440");
    ASSERT_EQ(large.status, 400) << large.body.size();
    EXPECT_EQ(large.header("Content-Type"), "application/problem+json");
    EXPECT_NE(large.body.find("[api] answer_bytes allows 100000"), std::string::npos) << large.body;
    EXPECT_EQ(get("/api/v1/symbols/BTCUSDT/candles?limit=20").status, 200);
}

}  // namespace

}  // namespace virtuoso
