// The API of a running service, over real sockets.
#include "api/api_server.hpp"
#include "support/live_service.hpp"
#include "support/places.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>

#include <cstdio>

namespace virtuoso {

namespace {

class Api : public testing::Test {
  protected:
    void SetUp() override {
        live_.start();
        api_ = *ApiServer::start("127.0.0.1:0", live_.service(),
                                 {.version = "1.2.3", .exchange = "sim", .hosts = {}});
        transport_ = *AsioTransport::create(
            {.rest = *Url::parse(api_->url(), "url"), .stream = *Url::parse(api_->url(), "url")},
            live_.clock());
        ASSERT_TRUE(live_.becomes_whole());
    }
    HttpAnswer get(const std::string& target, std::vector<HttpHeader> headers = {}) {
        std::optional<Result<HttpAnswer>> answer;
        transport_->get({.target = target, .headers = std::move(headers)},
                        [&](Result<HttpAnswer> came) { answer = std::move(came); });
        while (!answer) {
            transport_->run_for(10);
        }
        return answer->value_or(HttpAnswer{});
    }
    nlohmann::json json(const std::string& target) { return nlohmann::json::parse(get(target).body); }

    test::LiveService live_{{}};
    std::unique_ptr<ApiServer> api_;
    std::unique_ptr<AsioTransport> transport_;
};

TEST_F(Api, TellsOfHealthAndSymbols) {
    EXPECT_EQ(get("/health/live").status, 200);
    EXPECT_EQ(get("/health/ready").body, "ready\n");
    const auto health = json("/api/v1/health?symbols=2");
    EXPECT_EQ(health["schema"], "virtuoso.health/1");
    EXPECT_EQ(health["whole"], 6);
    EXPECT_EQ(health["worst_symbols"].size(), 2U);
    EXPECT_EQ(health["queues"][0]["dropped"], 0);
    const auto symbols = json("/api/v1/symbols?sort=turnover&limit=3");
    EXPECT_EQ(symbols["total"], 6);
    ASSERT_EQ(symbols["symbols"].size(), 3U);
    EXPECT_GE(symbols["symbols"][0]["turnover_24h"].get<double>(),
              symbols["symbols"][1]["turnover_24h"].get<double>());
    EXPECT_TRUE(symbols["symbols"][0]["last_price"].is_string());
    const auto one = json("/api/v1/symbols/BTCUSDT/confluence");
    EXPECT_EQ(one["schema"], "virtuoso.confluence/1");
    EXPECT_EQ(one["components"].size(), 6U);
    EXPECT_GE(one["service"]["number"].get<int>(), 1);
}

TEST_F(Api, RefusesWhatIsNotAllowedByName) {
    const std::vector<std::pair<std::string, int>> targets{{"/api/v1/symbols?limit=0", 400},
                                                           {"/api/v1/symbols?limit=3x", 400},
                                                           {"/api/v1/symbols?sort=colour", 400},
                                                           {"/api/v1/symbols?limit=3&limit=4", 400},
                                                           {"/api/v1/symbols?%0a=1", 400},
                                                           {"/api/v1/symbols/NOPEUSDT/confluence", 404},
                                                           {"/api/v1/symbols/%3Cscript%3E/confluence", 404},
                                                           {"/api/v1/symbols/BTCUSDT", 404},
                                                           {"/", 404},
                                                           {"/../etc/passwd", 404}};
    for (const auto& [target, status] : targets) {
        const HttpAnswer answer = get(target);
        EXPECT_EQ(answer.status, status) << target;
        EXPECT_EQ(answer.header("Content-Type"), "application/problem+json") << target;
        const auto problem = nlohmann::json::parse(answer.body);
        EXPECT_EQ(problem["status"], status) << target;
        EXPECT_FALSE(problem["detail"].get<std::string>().empty()) << target;
    }
}

// A page of another site that has its name point to this machine sends its own name.
TEST_F(Api, OtherHostsAreRefused) {
    for (const std::string host : {"evil.example", "evil.example:8080", "", "127.0.0.1.evil.example"}) {
        EXPECT_EQ(get("/api/v1/symbols", {{"Host", host}}).status, 403) << host;
    }
    EXPECT_EQ(get("/health/live", {{"Host", "localhost:1"}}).status, 200);
}

TEST_F(Api, MetricsAreWhatPrometheusReads) {
    const HttpAnswer answer = get("/metrics");
    EXPECT_EQ(answer.status, 200);
    EXPECT_NE(answer.body.find("virtuoso_build_info{version=\"1.2.3\",exchange=\"sim\"} 1"),
              std::string::npos);
    EXPECT_NE(answer.body.find("virtuoso_symbols{kind=\"all\",state=\"whole\"} 6"), std::string::npos);
    EXPECT_NE(
        answer.body.find("virtuoso_socket_to_score_seconds_bucket{shard=\"0\",class=\"book\",le=\"+Inf\"}"),
        std::string::npos);
    if (std::system("command -v promtool >/dev/null") != 0) {
        GTEST_SKIP() << "promtool is not installed: the text was not judged by it";
    }
    FILE* const promtool = ::popen("promtool check metrics", "w");
    ASSERT_NE(promtool, nullptr);
    std::fwrite(answer.body.data(), 1, answer.body.size(), promtool);
    const int status = ::pclose(promtool);
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(Api, ListensOnLoopbackOnly) {
    for (const std::string listen : {"0.0.0.0:0", "[::]:0", "192.168.1.1:0", "8080", ":8080",
                                     "127.0.0.1:", "127.0.0.1:99999", "nonsense:80"}) {
        const auto api = ApiServer::start(listen, live_.service(), {});
        ASSERT_FALSE(api) << listen;
        EXPECT_NE(api.error().message.find("127.0.0.1:8080"), std::string::npos) << api.error().message;
    }
    const auto taken = ApiServer::start(fmt::format("127.0.0.1:{}", api_->port()), live_.service(), {});
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().code, ErrorCode::network);
}

}  // namespace

}  // namespace virtuoso
