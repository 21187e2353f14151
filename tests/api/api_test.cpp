// The API of a running service, over real sockets.
#include "api/calibration_json.hpp"
#include "service/start_up.hpp"
#include "support/live_api.hpp"
#include "support/places.hpp"
#include "support/virtuoso_command.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace virtuoso {

namespace {

using Api = test::LiveApi;

TEST_F(Api, TellsOfHealthAndSymbols) {
    EXPECT_EQ(get("/health/live").status, 200);
    EXPECT_EQ(get("/health/ready").body, "ready\n");
    const auto health = json("/api/v1/health?symbols=2");
    EXPECT_EQ(health["schema"], "virtuoso.health/1");
    EXPECT_EQ(health["whole"], 6);
    EXPECT_EQ(health["worst_symbols"].size(), 2U);
    EXPECT_EQ(health["queues"][0]["dropped"], 0);
    EXPECT_TRUE(health["worst_symbols"][0]["memory_bytes"].is_number_unsigned());
    const auto symbols = json("/api/v1/symbols?sort=turnover&limit=3");
    EXPECT_EQ(symbols["total"], 6);
    ASSERT_EQ(symbols["symbols"].size(), 3U);
    EXPECT_GE(symbols["symbols"][0]["turnover_24h"].get<double>(),
              symbols["symbols"][1]["turnover_24h"].get<double>());
    EXPECT_TRUE(symbols["symbols"][0]["last_price"].is_string());
    const auto one = json("/api/v1/symbols/BTCUSDT/confluence");
    EXPECT_EQ(one["schema"], "virtuoso.confluence/1");
    EXPECT_TRUE(one.contains("calibration") && one["calibration"].is_null()) << "nothing is kept here";
    EXPECT_EQ(one["components"].size(), 6U);
    EXPECT_GE(one["service"]["number"].get<int>(), 1);
}

class ApiOfAStart : public test::LiveApi {
  protected:
    [[nodiscard]] ApiSettings settings() const override {
        ApiSettings settings = LiveApi::settings();
        settings.start_up = &start_up_;
        return settings;
    }
    SystemClock clock_;
    StartUp start_up_{clock_};
};

TEST_F(ApiOfAStart, TellsOfTheProcess) {
    start_up_.made("log");
    start_up_.made("API");
    // A round of histories is told of when it is over, a moment after its last symbol is whole.
    ASSERT_TRUE(test::eventually([&] { return json("/api/v1/process")["histories"]["successful"] == 6; }));
    const auto process = json("/api/v1/process");
    EXPECT_EQ(process["id"], ::getpid());
    EXPECT_EQ(process["version"], "1.2.3");
    ASSERT_EQ(process["initialised"].size(), 2U);
    EXPECT_EQ(process["initialised"][0]["name"], "log");
    EXPECT_EQ(process["histories"]["failed"], 0);
    EXPECT_GT(process["threads"].get<int>(), 3);
    EXPECT_GT(process["descriptors"].get<int>(), 3);
    EXPECT_GE(process["descriptors_max"].get<std::uint64_t>(), process["descriptors"].get<std::uint64_t>());
    EXPECT_TRUE(start_up_.text().starts_with("all components initialised in "));
    EXPECT_NE(start_up_.text().find(": log "), std::string::npos) << start_up_.text();
}

TEST(CalibrationJson, SaysWhatFollowedScoresLikeIt) {
    CalibrationAnswer answer{.like = {.decile = 7, .direction = Verdict::long_side, .group = "deep"}};
    answer.horizons.at(2) = WhatFollowed{.samples = 214, .rose = 113, .mean_return = 0.001};
    const auto json = nlohmann::json::parse(calibration_json(answer).text());
    EXPECT_EQ(json["sentence"], "of 214 scores like this, 53 % [46, 59] rose in 1 h");
    EXPECT_EQ(json["like"]["score_from"], 70);
    EXPECT_EQ(json["like"]["score_to"], 80);
    EXPECT_EQ(json["like"]["group"], "deep");
    EXPECT_TRUE(json["like"]["regime"].is_null());
    EXPECT_EQ(json["horizons"].size(), 1U);
    EXPECT_EQ(json["horizons"]["1h"]["samples"], 214);
    EXPECT_EQ(calibration_json(std::nullopt).text(), "null");
}

TEST_F(Api, RefusesWhatIsNotAllowedByName) {
    const std::vector<std::pair<std::string, int>> targets{{"/api/v1/symbols?limit=0", 400},
                                                           {"/api/v1/symbols?limit=3x", 400},
                                                           {"/api/v1/symbols?sort=colour", 400},
                                                           {"/api/v1/symbols?limit=3&limit=4", 400},
                                                           {"/api/v1/symbols?%0a=1", 400},
                                                           {"/api/v1/symbols/NOPEUSDT/confluence", 404},
                                                           {"/api/v1/symbols/%3Cscript%3E/confluence", 404},
                                                           {"/api/v1/symbols/NOPEUSDT", 404},
                                                           {"/api/v1/symbols//confluence", 404},
                                                           {"/api/v1/symbols/a/b/confluence", 404},
                                                           {"/api/v1/symbols/BTCUSDT/confluence?x=1", 400},
                                                           {"/api/v1/overview?limit=1", 400},
                                                           {"/api/v1/movers?limit=11", 400},
                                                           {"/api/v1/events?kind=whales", 400},
                                                           {"/api/v1/events?kind=listed,,listed", 400},
                                                           {"/api/v1/events?severity=loud", 400},
                                                           {"/api/v1/events?symbol=%3Cb%3E", 400},
                                                           {"/api/v1/events?since=yesterday", 400},
                                                           {"/api/v1/events?since=-1", 400},
                                                           {"/api/v1/events?limit=1001", 400},
                                                           {"/api/v1/log?limit=501", 400},
                                                           {"/api/v1/log?level=info", 400},
                                                           {"/api/v1/keeper?limit=1001", 400},
                                                           {"/api/v1/keeper?limit=0", 400},
                                                           {"/api/v1/keeper/runs/0", 404},
                                                           {"/api/v1/keeper/runs/1e3", 404},
                                                           {"/api/v1/keeper/runs/99999999999999999999", 404},
                                                           {"/api/v1/keeper/runs/1000000", 404},
                                                           {"/api/v1/keeper/run", 405},
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

TEST_F(Api, ARefusalNamesTheParameterTheValueAndWhatIsAllowed) {
    const auto detail = [&](const std::string& target) { return json(target)["detail"].get<std::string>(); };
    const std::string kind = detail("/api/v1/events?kind=listed,whales");
    EXPECT_NE(kind.find("kind=\"whales\""), std::string::npos) << kind;
    EXPECT_NE(kind.find("whale_trade, liquidation_cascade"), std::string::npos) << kind;
    EXPECT_EQ(detail("/api/v1/movers?limit=x"), "limit=\"x\" is not a whole number from 1 to 10");
    const std::string unknown = detail("/api/v1/events?colour=red");
    EXPECT_NE(unknown.find("\"colour\""), std::string::npos) << unknown;
    EXPECT_NE(unknown.find("kind, symbol, severity, since, after, limit"), std::string::npos) << unknown;
}

TEST_F(Api, TellsOfTheMarketAsAWhole) {
    ASSERT_TRUE(test::eventually([&] { return get("/api/v1/overview").status == 200; }));
    const auto overview = json("/api/v1/overview");
    EXPECT_EQ(overview["schema"], "virtuoso.overview/1");
    EXPECT_EQ(overview["total"], 6);
    EXPECT_EQ(
        overview["gainers"].get<int>() + overview["losers"].get<int>() + overview["unchanged"].get<int>(), 6);
    const auto movers = json("/api/v1/movers?limit=1");
    EXPECT_EQ(movers["schema"], "virtuoso.movers/1");
    EXPECT_LE(movers["gainers"].size(), 1U);
    EXPECT_LE(movers["losers"].size(), 1U);
    ASSERT_GE(movers["gainers"].size() + movers["losers"].size(), 1U);
    const auto& mover = movers["gainers"].empty() ? movers["losers"][0] : movers["gainers"][0];
    EXPECT_TRUE(mover["last_price"].is_string());
    EXPECT_TRUE(mover["change_24h"].is_number());
    const auto all = json("/api/v1/movers");
    for (const auto& [side, sign] : {std::pair("gainers", 1.0), std::pair("losers", -1.0)}) {
        for (std::size_t i = 1; i < all[side].size(); ++i) {
            EXPECT_GE(sign * all[side][i - 1]["change_24h"].get<double>(),
                      sign * all[side][i]["change_24h"].get<double>());
        }
    }
}

TEST_F(Api, EventsComeNewestFirstAndAreFiltered) {
    constexpr std::int64_t day = 86'400'000;
    const auto note = [&](std::string_view symbol, std::int64_t ms, bool listed) {
        live_.service().desk().note(listed ? listed_event(symbol, {ms}) : delisted_event(symbol, {ms}));
    };
    note("AUSDT", 1 * day, true);
    note("BUSDT", 2 * day, true);
    note("AUSDT", 3 * day, false);
    const std::string mine = "/api/v1/events?kind=listed,delisted";
    const auto all = json(mine);
    EXPECT_EQ(all["schema"], "virtuoso.events/1");
    ASSERT_EQ(all["events"].size(), 3U);
    EXPECT_EQ(all["events"][0]["kind"], "delisted");
    EXPECT_EQ(all["events"][0]["severity"], "warning");
    EXPECT_EQ(all["events"][0]["time_ms"], 3 * day);
    EXPECT_EQ(all["events"][2]["symbol"], "AUSDT");
    EXPECT_GT(all["events"][0]["number"].get<int>(), all["events"][1]["number"].get<int>());
    EXPECT_EQ(json(mine + "&symbol=BUSDT")["events"].size(), 1U);
    EXPECT_EQ(json(mine + "&severity=warning")["events"].size(), 1U);
    EXPECT_EQ(json(mine + fmt::format("&since={}", 2 * day))["events"].size(), 2U);
    const auto limited = json(mine + "&limit=1");
    ASSERT_EQ(limited["events"].size(), 1U);
    EXPECT_EQ(limited["events"][0]["kind"], "delisted");
    EXPECT_EQ(limited["more"], true);
    const auto newest = all["events"][0]["number"].get<int>();
    EXPECT_EQ(json(mine + fmt::format("&after={}", newest - 1))["events"].size(), 1U);
    const std::string metrics = get("/metrics").body;
    EXPECT_NE(metrics.find("virtuoso_events_total{kind=\"listed\",severity=\"info\"} 2"), std::string::npos);
    EXPECT_NE(metrics.find("virtuoso_events_total{kind=\"delisted\",severity=\"warning\"} 1"),
              std::string::npos);
}

TEST_F(Api, TheKeeperRunsWhenItIsAsked) {
    const HttpAnswer accepted = post("/api/v1/keeper/run", {{"Content-Type", "application/json"}});
    ASSERT_EQ(accepted.status, 202) << accepted.body;
    const auto asked = nlohmann::json::parse(accepted.body);
    const auto number = asked["number"].get<int>();
    EXPECT_EQ(asked["schema"], "virtuoso.keeper_run/1");
    EXPECT_EQ(accepted.header("Location"), fmt::format("/api/v1/keeper/runs/{}", number));
    const std::string place(accepted.header("Location"));
    ASSERT_TRUE(test::eventually([&] { return json(place)["over"] == true; }));
    const auto run = json(place)["run"];
    EXPECT_EQ(run["number"], number);
    EXPECT_EQ(run["asked_for"], true);
    EXPECT_TRUE(run["error"].is_null()) << run["error"];
    EXPECT_NE(run["line"].get<std::string>().find(fmt::format("Memory cleanup {}: ", number)),
              std::string::npos);
    const auto keeper = json("/api/v1/keeper?limit=1");
    EXPECT_EQ(keeper["schema"], "virtuoso.keeper/1");
    EXPECT_EQ(keeper["counts"]["runs"], number);
    EXPECT_EQ(keeper["runs"].size(), 1U);
    EXPECT_EQ(keeper["last"]["number"], number);
    EXPECT_EQ(keeper["schedule"]["interval_ms"], 600'000);
    EXPECT_EQ(keeper["pressure"]["stage"], "normal");
    EXPECT_GT(keeper["memory"]["resident_bytes"].get<std::int64_t>(), 1'000'000);
    const std::string metrics = get("/metrics").body;
    EXPECT_NE(metrics.find(fmt::format("virtuoso_keeper_runs_total {}", number)), std::string::npos);
    EXPECT_NE(metrics.find(fmt::format("virtuoso_keeper_run_seconds_count {}", number)), std::string::npos);
    EXPECT_NE(metrics.find("virtuoso_memory_pressure{stage=\"normal\"} 1"), std::string::npos);
}

TEST_F(Api, TellsWhatTheLogWarnsOf) {
    ServiceLog& log = live_.service().log();
    log.info("feed", "notice", "all is well");
    log.warn("feed", "notice", "<b>two\nlines</b>");
    log.write({.level = LogLevel::error,
               .part = "store",
               .kind = "trouble",
               .text = "it is gone",
               .symbol = "BTCUSDT",
               .fields = {{"reason", "full"}}});
    const auto all = json("/api/v1/log?limit=2");
    EXPECT_EQ(all["schema"], "virtuoso.log/1");
    ASSERT_EQ(all["lines"].size(), 2U);
    const auto error = all["lines"][0];
    EXPECT_EQ(error["number"], all["newest"]);
    EXPECT_EQ(error["level"], "error");
    EXPECT_EQ(error["part"], "store");
    EXPECT_EQ(error["message"], "it is gone");
    EXPECT_EQ(error["symbol"], "BTCUSDT");
    EXPECT_EQ(error["fields"]["reason"], "full");
    EXPECT_EQ(all["lines"][1]["message"], "<b>two\\x0alines</b>") << "as it is, but on one line";
    EXPECT_TRUE(all["lines"][1]["symbol"].is_null());
    const auto errors = json("/api/v1/log?level=error");
    EXPECT_TRUE(
        std::ranges::all_of(errors["lines"], [](const auto& line) { return line["level"] == "error"; }));
}

// What a page of another site can make a browser send does nothing.
TEST_F(Api, NothingIsDoneForPagesOfOtherSites) {
    const std::string own = fmt::format("127.0.0.1:{}", api_->port());
    const HttpHeader good{"Content-Type", "application/json"};
    const auto before = live_.service().keeper().report(0).count;
    const std::vector<std::pair<std::vector<HttpHeader>, int>> refused{
        {{}, 415},
        {{{"Content-Type", "text/plain"}}, 415},
        {{{"Content-Type", "application/x-www-form-urlencoded"}}, 415},
        {{{"Content-Type", "multipart/form-data; boundary=application/json"}}, 415},
        {{good, {"Origin", "https://evil.example"}}, 403},
        {{good, {"Origin", "null"}}, 403},
        {{good, {"Origin", ""}}, 403},
        {{good, {"Origin", "http://127.0.0.1:1"}}, 403},
        {{good, {"Origin", "http://" + own + ".evil.example"}}, 403},
        {{good, {"Sec-Fetch-Site", "cross-site"}}, 403},
        {{good, {"Sec-Fetch-Site", "same-site"}}, 403},
        {{good, {"Host", "evil.example"}}, 403}};
    for (const auto& [headers, status] : refused) {
        const HttpAnswer answer = post("/api/v1/keeper/run", headers);
        EXPECT_EQ(answer.status, status) << answer.body;
        EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
    }
    EXPECT_EQ(post("/api/v1/keeper/run", {good}, R"({"force":true})").status, 400);
    EXPECT_EQ(post("/api/v1/keeper/run?now=1", {good}).status, 400);
    EXPECT_EQ(post("/api/v1/keeper", {good}).status, 405);
    EXPECT_EQ(post("/api/v1/keeper", {good}).header("Allow"), "GET, HEAD");
    EXPECT_EQ(get("/api/v1/keeper/run").header("Allow"), "POST");
    EXPECT_EQ(live_.service().keeper().report(0).count, before);
    EXPECT_FALSE(live_.service().keeper().report(0).asked_for);
    EXPECT_EQ(post("/api/v1/keeper/run", {{"Content-Type", "Application/JSON; charset=utf-8"},
                                          {"Host", own},
                                          {"Origin", "http://" + own},
                                          {"Sec-Fetch-Site", "same-origin"}})
                  .status,
              202);
}

TEST_F(Api, TheCommandHasTheKeeperRunAndShowsIt) {
    const auto ran = test::run("keeper run --url " + api_->url());
    EXPECT_EQ(ran.code, 0) << ran.text;
    EXPECT_NE(ran.text.find("Memory cleanup "), std::string::npos) << ran.text;
    const auto as_json = test::run("keeper run --json --url " + api_->url());
    EXPECT_EQ(nlohmann::json::parse(as_json.text)["run"]["asked_for"], true);
    const auto shown = test::run("keeper show --limit 1 --url " + api_->url());
    EXPECT_EQ(shown.code, 0) << shown.text;
    EXPECT_NE(shown.text.find("every 600 s now"), std::string::npos) << shown.text;
    EXPECT_EQ(std::ranges::count(shown.text, '\n'), 3) << shown.text;
    const auto document = nlohmann::json::parse(test::run("keeper show --json --url " + api_->url()).text);
    EXPECT_EQ(document["counts"]["runs"], 3);
    // Where the configuration says that it listens.
    ::setenv("VIRTUOSO_API_LISTEN", fmt::format("127.0.0.1:{}", api_->port()).c_str(), 1);
    EXPECT_EQ(test::run("keeper show").code, 0);
    ::setenv("VIRTUOSO_API_LISTEN", "127.0.0.1:0", 1);
    const auto unknown = test::run("keeper show");
    ::unsetenv("VIRTUOSO_API_LISTEN");
    EXPECT_EQ(unknown.code, 2) << unknown.text;
    EXPECT_NE(unknown.text.find("--url"), std::string::npos) << unknown.text;
    const std::string url = api_->url();
    api_.reset();
    for (const std::string command : {"run", "show"}) {
        const auto nobody = test::run("keeper " + command + " --url " + url);
        EXPECT_EQ(nobody.code, 7) << nobody.text;
        EXPECT_NE(nobody.text.find("no service answers at"), std::string::npos) << nobody.text;
        EXPECT_NE(nobody.text.find("`virtuoso run` starts one"), std::string::npos) << nobody.text;
    }
}

// A page of another site that has its name point to this machine sends its own name.
TEST_F(Api, OtherHostsAreRefused) {
    for (const std::string host : {"evil.example", "evil.example:8080", "", "127.0.0.1.evil.example"}) {
        EXPECT_EQ(get("/api/v1/symbols", {{"Host", host}}).status, 403) << host;
    }
    EXPECT_EQ(get("/health/live", {{"Host", "localhost:1"}}).status, 200);
}

TEST_F(Api, ServesItsContractAndAPageThatShowsIt) {
    EXPECT_EQ(json("/api/v1/openapi.json")["openapi"], "3.1.0");
    const HttpAnswer page = get("/api/v1/docs");
    EXPECT_EQ(page.status, 200);
    EXPECT_EQ(page.header("Content-Type"), "text/html; charset=utf-8");
    EXPECT_TRUE(page.header("Content-Security-Policy").starts_with("default-src 'none'; script-src 'self';"));
    for (const std::string target : {"/api/v1/docs/page.css", "/api/v1/docs/page.js"}) {
        EXPECT_NE(page.body.find(target), std::string::npos) << target;
        EXPECT_EQ(get(target).status, 200) << target;
    }
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
