// What exchanges answer to those they do not serve, and what becomes of it.
#include "base/clock.hpp"
#include "base/seeded_random.hpp"
#include "exchange/binance/rest_rules.hpp"
#include "exchange/bybit/account_codec.hpp"
#include "exchange/bybit/region.hpp"
#include "exchange/bybit/rest_rules.hpp"
#include "net/http_refusal.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

namespace virtuoso {
namespace {

constexpr std::string_view binance_451 =
    R"({"code":0,"msg":"Service unavailable from a restricted location according to 'b. Eligibility' in https:\/\/www.binance.com\/en\/terms."})";
constexpr std::string_view cloudfront_403 =
    "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01 Transitional//EN\">\n<HTML><HEAD>\n<TITLE>ERROR: The "
    "request could "
    "not be satisfied</TITLE>\n</HEAD><BODY>\n<H1>403 ERROR</H1>\nThe Amazon CloudFront distribution is "
    "configured to "
    "block access from your country.\n</BODY></HTML>";

TEST(HttpRefusal, RepeatsTheServersOwnWords) {
    const auto words = [](std::string_view body) { return refusal_of(403, body).words; };
    EXPECT_EQ(words(binance_451),
              "Service unavailable from a restricted location according to 'b. Eligibility' in "
              "https://www.binance.com/en/terms.");
    EXPECT_EQ(words(cloudfront_403), "ERROR: The request could not be satisfied");
    EXPECT_EQ(words(R"({"retCode":10006,"retMsg":"Too many visits!"})"), "Too many visits!");
    EXPECT_EQ(words(R"({"msg" : "a \"quoted\" word\nand a \u001b[31mred one"})"),
              "a \"quoted\" word and a [31mred one");
    EXPECT_EQ(words("403 Forbidden:\x1b[2J access too frequent\r\n"),
              "403 Forbidden: [2J access too frequent");
    EXPECT_EQ(words("<html><body><h1>Blocked</h1></body></html>"), "Blocked");
    EXPECT_EQ(words("<html><title>never closed"), "never closed");
    EXPECT_EQ(words("<html><body>no title at all</body></html>"), "");
    EXPECT_EQ(words("{\"code\":5}"), "");
    EXPECT_EQ(words(""), "");
    EXPECT_EQ(words("nicht verfügbar"), "nicht verfügbar");
    EXPECT_EQ(words("a\xc2\x9b"
                    "31mb\xe2\x80\xae"
                    "c\xff"),
              "a31mbc");
    EXPECT_EQ(words(std::string(1'000, 'x')).size(), refusal_words_max);
    EXPECT_TRUE(words(std::string(1'000, 'x')).ends_with("…"));
}

TEST(HttpRefusal, AnyBytesGiveOneShortLine) {
    SeededRandom random(3);
    const std::string parts[] = {"<title>", "\"msg\":\"", "\\", "\"", "\xe5\xb8\x81", "\x1b",
                                 "<",       ">",          "{",  "\n", "\\u",          "a"};
    for (int round = 0; round < 20'000; ++round) {
        std::string body;
        for (std::uint64_t i = random.below(400); i > 0; --i) {
            body += random.below(3) == 0 ? std::string(1, static_cast<char>(random.below(256)))
                                         : parts[random.below(std::size(parts))];
        }
        const HttpRefusal refusal = refusal_of(403, body);
        ASSERT_LE(refusal.words.size(), refusal_words_max);
        ASSERT_TRUE(std::ranges::none_of(
            refusal.words, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }));
    }
}

TEST(HttpRefusal, TellsCausesApart) {
    EXPECT_EQ(refusal_of(451, "").cause, RefusalCause::place);
    EXPECT_EQ(refusal_of(403, cloudfront_403).cause, RefusalCause::place);
    EXPECT_EQ(refusal_of(403, "403 Forbidden: access too frequent").cause, RefusalCause::too_fast);
    EXPECT_EQ(refusal_of(429, "").cause, RefusalCause::too_fast);
    EXPECT_EQ(refusal_of(403, "<html><title>403 Forbidden</title></html>").cause, RefusalCause::unknown);
}

struct Case {
    int status;
    std::string body;
    std::vector<HttpHeader> headers;
    RestVerdict verdict;
    ErrorCode code;
    std::int64_t pause_ms;
    std::vector<std::string> said;
};

void expect_judged(const RestRules& rules, const std::vector<Case>& cases) {
    for (const Case& expected : cases) {
        const auto judged =
            rules.judge({expected.status, expected.headers, expected.body}, {30 * 1'000'000'000LL});
        EXPECT_EQ(judged.verdict, expected.verdict) << expected.status << expected.body;
        EXPECT_EQ(judged.code, expected.code) << expected.status << expected.body;
        EXPECT_EQ(judged.pause_ms, expected.pause_ms) << expected.status << expected.body;
        for (const auto& part : expected.said) {
            EXPECT_NE(judged.reason.find(part), std::string::npos) << part << " in " << judged.reason;
        }
    }
}

// Whatever refuses, for as long as it asks for: seconds or a date, and no day of silence for a damaged one.
TEST(Refusals, RetryAfterIsHonouredWhateverTheStatus) {
    const LocalTime now{784'111'777'000'000'000};  // Sun, 06 Nov 1994 08:49:37 GMT
    const bybit::BybitRestRules bybit;
    const binance::BinanceRestRules binance;
    const std::vector<const RestRules*> rules{&bybit, &binance};
    const auto pause = [&](const RestRules& of, int status, std::vector<HttpHeader> headers) {
        return of.judge({.status = status, .headers = std::move(headers), .body = "{}"}, now).pause_ms;
    };
    for (const RestRules* const one : rules) {
        for (const int status : {408, 418, 429, 500, 502, 503, 504}) {
            if (status == 408 && one == &bybit) {
                continue;  // it does not use it
            }
            EXPECT_EQ(pause(*one, status, {{"Retry-After", "300"}}), 300'000) << status;
            EXPECT_EQ(pause(*one, status, {{"retry-after", "Sun, 06 Nov 1994 08:51:37 GMT"}}), 120'000);
            EXPECT_EQ(pause(*one, status,
                            {{"Retry-After", "Mon, 07 Nov 1994 00:00:05 GMT"},
                             {"Date", "Mon, 07 Nov 1994 00:00:00 GMT"}}),
                      5'000)
                << "held against the clock that it was made with";
            EXPECT_EQ(pause(*one, status, {{"Retry-After", "Sun, 06 Nov 1994 08:00:00 GMT"}}), 1);
            for (const auto* const damaged :
                 {"", "soon", "Sun, 06 Nov 1994 08:51:37 UTC", "Sun, 31 Feb 1994 08:51:37 GMT",
                  "Sun, 06 Now 1994 08:51:37 GMT", "Sun, 06 Nov 1994 0x:51:37 GMT"}) {
                EXPECT_EQ(pause(*one, status, {{"Retry-After", damaged}}), pause(*one, status, {}))
                    << damaged;
            }
        }
        for (const auto* const huge : {"9223372036854775807", "1000000000000", "-9223372036854775808"}) {
            EXPECT_GE(pause(*one, 503, {{"Retry-After", huge}}), 0) << huge;
            EXPECT_LE(pause(*one, 503, {{"Retry-After", huge}}), 3 * ms_per_day) << huge;
        }
    }
    EXPECT_EQ(pause(bybit, 503, {{"Retry-After", "86400"}}), 10 * ms_per_minute) << "no longer than its bans";
}

TEST(Refusals, OfBinance) {
    constexpr auto retry = RestVerdict::retry;
    constexpr std::int64_t place_ms = 5 * ms_per_minute;
    expect_judged(
        binance::BinanceRestRules{},
        {{451,
          std::string(binance_451),
          {},
          RestVerdict::give_up,
          ErrorCode::restricted_place,
          place_ms,
          {"HTTP 451", "Service unavailable from a restricted location", "does not serve the place"}},
         {403,
          std::string(cloudfront_403),
          {},
          RestVerdict::give_up,
          ErrorCode::restricted_place,
          place_ms,
          {"HTTP 403", "could not be satisfied"}},
         {403,
          "<html><title>Request blocked</title></html>",
          {},
          retry,
          ErrorCode::rate_limit,
          120'000,
          {"firewall", "Request blocked"}},
         {418,
          R"({"code":-1003,"msg":"Way too many requests; IP banned until 1."})",
          {{"Retry-After", "30"}},
          retry,
          ErrorCode::rate_limit,
          30'000,
          {"IP banned until 1.", "banned", "30 s"}},
         {429,
          R"({"code":-1003,"msg":"Too many requests."})",
          {{"Retry-After", "9"}},
          retry,
          ErrorCode::rate_limit,
          9'000,
          {"Too many requests.", "faster than its limits", "9 s"}},
         {502,
          "<html><head><title>502 Bad Gateway</title></head></html>",
          {},
          retry,
          ErrorCode::network,
          0,
          {"HTTP 502", "502 Bad Gateway"}},
         {200,
          "<html><title>Hotel Wi-Fi: log in</title></html>",
          {},
          retry,
          ErrorCode::network,
          0,
          {"Hotel Wi-Fi: log in", "login page"}}});
}

TEST(Refusals, OfBybit) {
    constexpr auto retry = RestVerdict::retry;
    constexpr std::int64_t place_ms = 5 * ms_per_minute;
    expect_judged(bybit::BybitRestRules{},
                  {{403,
                    std::string(cloudfront_403),
                    {},
                    RestVerdict::give_up,
                    ErrorCode::restricted_place,
                    place_ms,
                    {"HTTP 403", "could not be satisfied", "--region"}},
                   {451, "", {}, RestVerdict::give_up, ErrorCode::restricted_place, place_ms, {"HTTP 451"}},
                   {403,
                    "403 Forbidden: access too frequent",
                    {},
                    retry,
                    ErrorCode::rate_limit,
                    600'000,
                    {"access too frequent", "too many requests came", "10 minutes"}},
                   {403, "", {}, retry, ErrorCode::rate_limit, 600'000, {"a place that is not served"}},
                   {429,
                    "too many requests",
                    {{"Retry-After", "3"}},
                    retry,
                    ErrorCode::rate_limit,
                    3'000,
                    {"rate limit"}},
                   {200,
                    R"({"retCode":10009,"retMsg":"IP has been banned."})",
                    {},
                    RestVerdict::give_up,
                    ErrorCode::restricted_place,
                    place_ms,
                    {"10009", "IP has been banned.", "region"}},
                   {200,
                    R"({"retCode":10024,"retMsg":"Compliance rules triggered"})",
                    {},
                    RestVerdict::give_up,
                    ErrorCode::restricted_place,
                    place_ms,
                    {"10024", "Compliance rules triggered", "where its owner lives"}}});
}

TEST(Refusals, AccountCodesAreExplained) {
    FrameBuffer buffer;
    for (const auto& [code, word] : {std::pair(10009, "region"), std::pair(10024, "compliance")}) {
        bybit::AccountCodec codec;
        const auto wallet = codec.wallet(
            buffer.assign(fmt::format(R"({{"retCode":{},"retMsg":"no","result":{{}},"time":1}})", code)));
        ASSERT_FALSE(wallet);
        EXPECT_NE(wallet.error().message.find(word), std::string::npos) << wallet.error().message;
    }
}

TEST(Refusals, RegionsHaveHostsOfTheirOwn) {
    std::set<std::string_view> hosts;
    for (const auto& region : bybit::regions) {
        EXPECT_TRUE(hosts.insert(region.rest_host).second) << region.name;
        EXPECT_EQ(bybit::region_named(region.name), &region);
        EXPECT_TRUE(region.stream_host.starts_with("stream")) << region.name;
    }
    EXPECT_EQ(bybit::region_named("mars"), nullptr);
    EXPECT_EQ(bybit::region_named("nl")->stream_host, bybit::global_stream_host);
}

/// Answers everything alike, 50 ms later, and counts.
class OneAnswer final : public Transport {
  public:
    explicit OneAnswer(HttpAnswer answer) : answer_(std::move(answer)) {
        clock_.advance_to({1'000'000'000'000});
    }
    [[nodiscard]] LocalTime now() const override { return clock_.now(); }
    void get(HttpRequest, OnAnswer done) override {
        ++asked;
        after(50, [this, kept = std::move(done)] { kept(answer_); });
    }
    std::unique_ptr<StreamConnection> connect(std::string_view, StreamListener&) override { return nullptr; }
    void after(std::int64_t ms, std::function<void()> call) override {
        calls_.emplace(std::pair(clock_.now().ns + ms * 1'000'000, ++sequence_), std::move(call));
    }
    void run(std::int64_t ms) {
        const std::int64_t end = clock_.now().ns + ms * 1'000'000;
        while (!calls_.empty() && calls_.begin()->first.first <= end) {
            const auto call = std::move(calls_.begin()->second);
            clock_.advance_to({calls_.begin()->first.first});
            calls_.erase(calls_.begin());
            call();
        }
        clock_.advance_to({end});
    }
    int asked = 0;

  private:
    HttpAnswer answer_;
    VirtualClock clock_;
    std::map<std::pair<std::int64_t, std::uint64_t>, std::function<void()>> calls_;
    std::uint64_t sequence_ = 0;
};

TEST(Refusals, AFinalOneEndsTheRequestAtOnceAndHoldsTheOthersBack) {
    OneAnswer transport({451, {}, std::string(binance_451)});
    const binance::BinanceRestRules rules;
    RestQueue queue(transport, rules, {.in_flight_max = 1}, 1);
    std::vector<Error> errors;
    for (int i = 0; i < 3; ++i) {
        queue.submit({.target = "/fapi/v1/time",
                      .done = [&](const Result<HttpAnswer>& answer) { errors.push_back(answer.error()); }});
    }
    transport.run(1'000);
    ASSERT_EQ(errors.size(), 1U) << "it is not tried again";
    EXPECT_EQ(errors[0].code, ErrorCode::restricted_place);
    EXPECT_EQ(queue.last_error().code, ErrorCode::restricted_place);
    transport.run(4 * ms_per_minute);
    EXPECT_EQ(transport.asked, 1) << "nor are others sent to the same answer";
    transport.run(10 * ms_per_minute);
    EXPECT_EQ(errors.size(), 3U);
    EXPECT_EQ(transport.asked, 3);
}

TEST(Refusals, NeededRequestsWaitBeyondTheCap) {
    OneAnswer transport({200, {}, "{}"});
    const binance::BinanceRestRules rules;
    RestQueue queue(transport, rules, {.weight_per_second = 1, .burst = 1, .waiting_max = 2}, 1);
    std::map<RestUrgency, int> refused;
    for (int i = 0; i < 10; ++i) {
        for (const auto urgency :
             {RestUrgency::background, RestUrgency::history, RestUrgency::recovery, RestUrgency::session}) {
            queue.submit(
                {.target = "/x", .urgency = urgency, .done = [&refused, urgency](const auto& answer) {
                     refused[urgency] += answer ? 0 : 1;
                 }});
        }
    }
    EXPECT_EQ(refused[RestUrgency::session] + refused[RestUrgency::recovery], 0);
    EXPECT_GE(refused[RestUrgency::history] + refused[RestUrgency::background], 18);
    EXPECT_LE(queue.waiting(), 22U);
}

}  // namespace
}  // namespace virtuoso
