// Minutes of trouble in virtual time: what was lost is made good, and nothing storms.
#include "support/confluence_digest.hpp"
#include "support/virtual_service.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <limits>

namespace virtuoso {

namespace {

using test::VirtualService;

constexpr std::size_t symbols = 2;
constexpr std::int64_t minute = ms_per_minute;
constexpr std::int64_t second = ms_per_second;
constexpr std::size_t exchange_requests_a_5_s = 600;  // Bybit's limit of an address

/// What was heard twice, once with trouble: of all that the exchange tells afterwards nothing is missing.
void expect_the_same(VirtualService& disturbed, VirtualService& undisturbed, double tolerance = 1e-6) {
    undisturbed.run(disturbed.now_ms() - undisturbed.now_ms());
    ASSERT_EQ(disturbed.symbols(), undisturbed.symbols());
    EXPECT_EQ(disturbed.concerns_now(), std::vector<std::string>{});
    EXPECT_EQ(disturbed.wrong_books(), std::vector<std::string>{});
    for (const auto& name : disturbed.symbols()) {
        EXPECT_EQ(disturbed.candles_of(name), undisturbed.candles_of(name)) << name;
        const Confluence with = disturbed.score_of(name);
        const Confluence without = undisturbed.score_of(name);
        for (const ComponentId id : {ComponentId::technical, ComponentId::price_structure}) {
            const auto component = static_cast<std::size_t>(id);
            EXPECT_NEAR(with.components[component].score.value_or(-1),
                        without.components[component].score.value_or(-1), tolerance)
                << name << " " << component;
        }
        // Scales that are learned over hours lack what was not heard.
        EXPECT_NEAR(with.score.value_or(-1), without.score.value_or(-1), 3) << name;
        EXPECT_EQ(with.present, component_count) << name;
    }
}

TEST(Outage, AfterTenMinutesWithoutTheExchangeNothingOfThemIsMissing) {
    VirtualService service(symbols);
    service.run(2 * minute);
    ASSERT_EQ(service.concerns(), std::vector<std::string>{});
    const std::uint64_t connects = service.network.connects;
    const std::int64_t begun = service.now_ms();
    service.network.set_reachable(false);
    service.run(10 * minute);
    EXPECT_EQ(service.unconcerned(), 0U);
    EXPECT_LE(service.network.connects - connects, 60U) << "pauses double up to half a minute";
    EXPECT_GE(service.network.connects - connects, 15U) << "and it keeps trying";
    EXPECT_LE(service.most_requests_within(minute, begun), 120U);
    EXPECT_LE(service.notices.size(), 20U) << "ever more seldom";
    service.network.set_reachable(true);
    const std::int64_t back = service.now_ms();
    service.run(minute);
    EXPECT_EQ(service.wrong_books(), std::vector<std::string>{}) << "a minute later";
    EXPECT_LE(service.most_requests_within(5 * second, back), exchange_requests_a_5_s);
    service.run(19 * minute);
    VirtualService undisturbed(symbols);
    expect_the_same(service, undisturbed);
}

void expect_streams_come_back(const std::function<void(VirtualService&)>& lose, std::int64_t within_ms) {
    VirtualService service(symbols);
    service.run(2 * minute);
    for (int time = 0; time < 3; ++time) {
        const std::uint64_t connects = service.network.connects;
        const std::int64_t begun = service.now_ms();
        lose(service);
        service.run(within_ms);
        EXPECT_EQ(service.concerns(), std::vector<std::string>{});
        EXPECT_EQ(service.wrong_books(), std::vector<std::string>{});
        EXPECT_LE(service.network.connects - connects, 3U);
        EXPECT_LE(service.most_requests_within(5 * second, begun), 4 * symbols);
        service.run(minute - within_ms);
    }
    service.run(5 * minute);
    VirtualService undisturbed(symbols);
    expect_the_same(service, undisturbed);
    for (const auto& name : service.symbols()) {
        EXPECT_EQ(service.session.feed().trade_gaps(name), 0U) << name;
        EXPECT_EQ(service.session.session().find(name)->state.totals().trades,
                  undisturbed.session.session().find(name)->state.totals().trades)
            << name << ": REST told of every trade that was missed";
    }
}

TEST(Outage, EveryStreamThatIsClosedAtOnceIsBackInSeconds) {
    expect_streams_come_back(
        [](VirtualService& service) {
            service.network.end_streams({ErrorCode::network, "closed by the exchange"});
        },
        5 * second);
}

TEST(Outage, EveryStreamThatFallsSilentAtOnceIsFoundOutAndReplaced) {
    expect_streams_come_back([](VirtualService& service) { service.network.silence_streams(); }, 16 * second);
}

struct Refusal {
    std::string name;
    Result<HttpAnswer> answer;
    std::int64_t retry_after_ms = 0;
};

std::vector<Refusal> refusals() {
    const auto status = [](int code, std::vector<HttpHeader> headers, std::string body) {
        return HttpAnswer{.status = code, .headers = std::move(headers), .body = std::move(body)};
    };
    return {{"429", status(429, {{"Retry-After", "20"}}, "too many requests"), 20'000},
            {"418", status(418, {{"Retry-After", "90"}}, "banned"), 90'000},
            {"503 with a time", status(503, {{"Retry-After", "30"}}, "maintenance"), 30'000},
            {"503", status(503, {}, "")},
            {"404", status(404, {}, "not here")},
            {"no JSON", status(200, {}, R"({"retCode":0,"result":{"list":[[[)")},
            {"a login page", status(200, {}, "<html><title>Log in</title></html>")},
            {"nothing", status(200, {}, "")},
            {"refused", fail(ErrorCode::network, "connect: connection refused: nothing listens there")},
            {"hanging", fail(ErrorCode::network, test::VirtualNetwork::hanging)}};
}

void expect_five_minutes_survived(const Refusal& refusal, VirtualService& undisturbed) {
    SCOPED_TRACE(refusal.name);
    VirtualService service(symbols);
    service.run(2 * minute);
    const std::int64_t begun = service.now_ms();
    service.network.instead_of_answer = [&](const std::string&) { return std::optional(refusal.answer); };
    service.run(minute);
    EXPECT_EQ(service.wrong_books(), std::vector<std::string>{}) << "they need no REST";
    service.network.end_streams({ErrorCode::network, "closed by the exchange"});
    for (int minutes = 0; minutes < 4; ++minutes) {
        const auto before = service.results;
        service.run(minute);
        EXPECT_EQ(service.wrong_books(), std::vector<std::string>{}) << "after " << minutes;
        for (const auto& [name, result] : service.results) {
            EXPECT_GE(result->number, before.at(name)->number + 10) << name << " after " << minutes;
            EXPECT_TRUE(result->confluence.partial_score) << name << " after " << minutes;
        }
    }
    EXPECT_EQ(service.unconcerned(), 0U) << "that histories and lost trades do not come is said";
    EXPECT_LE(service.most_requests_within(10 * second, begun), 60U);
    if (refusal.retry_after_ms > 0) {
        EXPECT_LE(service.most_requests_within(refusal.retry_after_ms - second, begun + minute), 2U)
            << "one asks whether it is over, the others wait";
    }
    const std::int64_t ended = service.now_ms();
    service.network.instead_of_answer = [](const std::string&) { return std::nullopt; };
    service.run(5 * minute);
    EXPECT_LE(service.most_requests_within(5 * second, ended), exchange_requests_a_5_s);
    expect_the_same(service, undisturbed);
}

TEST(Outage, WhenRestRefusesForFiveMinutesTheStreamsGoOn) {
    VirtualService undisturbed(symbols);
    for (const Refusal& refusal : refusals()) {
        expect_five_minutes_survived(refusal, undisturbed);
    }
}

// The streams alone make no history: what there is is scored, and says what it lacks.
TEST(Outage, HistoriesThatDoNotComeForFiveMinutesAreThereAfterwards) {
    VirtualService service(symbols);
    service.network.instead_of_answer = [](const std::string& target) -> std::optional<Result<HttpAnswer>> {
        const bool session = target.find("/time") != std::string::npos ||
                             target.find("/instruments") != std::string::npos ||
                             target.find("/tickers") != std::string::npos;
        return session ? std::nullopt : std::optional(Result<HttpAnswer>(HttpAnswer{.status = 503}));
    };
    service.run(5 * minute);
    ASSERT_EQ(service.symbols().size(), symbols);
    EXPECT_EQ(service.wrong_books(), std::vector<std::string>{});
    for (const auto& [name, result] : service.results) {
        EXPECT_TRUE(result->confluence.partial_score) << name;
        EXPECT_LT(result->confluence.present, component_count) << name;
        EXPECT_TRUE(std::ranges::any_of(result->concerns, [](const std::string& concern) {
            return concern.starts_with("history:");
        })) << name;
    }
    service.network.instead_of_answer = [](const std::string&) { return std::nullopt; };
    service.run(5 * minute);
    VirtualService undisturbed(symbols);
    expect_the_same(service, undisturbed, 0.1);  // its minutes begin some later
}

TEST(Outage, AnExchangeThatIsNotThereAtTheStartIsFollowedOnceItIs) {
    VirtualService service(symbols);
    service.network.set_reachable(false);
    service.run(10 * minute);
    EXPECT_TRUE(service.symbols().empty());
    EXPECT_NE(service.session.status().trouble.find("connection refused"), std::string::npos);
    EXPECT_LE(service.most_requests_within(minute, 0), 60U);
    EXPECT_GE(service.notices.size(), 1U);
    service.network.set_reachable(true);
    service.run(2 * minute);
    VirtualService undisturbed(symbols);
    expect_the_same(service, undisturbed, 0.1);
}

// Times are the exchange's: a machine whose clock is wrong hears, keeps and scores the same.
TEST(Outage, AClockThatIsAnHourWrongChangesNothing) {
    VirtualService right(symbols);
    right.run(6 * minute);
    for (const std::int64_t ahead_ms : {ms_per_hour, -ms_per_hour}) {
        VirtualService wrong(symbols, ahead_ms);
        wrong.run(6 * minute);
        EXPECT_EQ(wrong.concerns(), std::vector<std::string>{});
        EXPECT_EQ(wrong.wrong_books(), std::vector<std::string>{});
        EXPECT_NEAR(static_cast<double>(wrong.session.status().clock_offset_ms),
                    static_cast<double>(-ahead_ms), 10);
        for (const auto& name : right.symbols()) {
            EXPECT_EQ(wrong.candles_of(name), right.candles_of(name)) << name;
            EXPECT_EQ(test::digest(wrong.score_of(name)), test::digest(right.score_of(name))) << name;
        }
    }
}

// One that steps is measured anew, and the streams do not care.
TEST(Outage, AnExchangeWhoseClockStepsByAnHourIsHeardOn) {
    for (const std::string skew : {"3600000", "-3600000"}) {
        VirtualService service(symbols);
        service.run(2 * minute);
        service.exchange.faults().add(
            *sim::Fault::parse("clock-skew:value=" + skew, service.exchange.now_ms()));
        service.run(6 * minute);
        EXPECT_NEAR(static_cast<double>(service.session.status().clock_offset_ms), std::stod(skew), 10);
        EXPECT_EQ(service.unconcerned(), 0U) << "that streams are of another time is said";
        EXPECT_EQ(service.wrong_books(), std::vector<std::string>{});
        EXPECT_EQ(service.session.status().feed.disconnects, 0U);
        EXPECT_EQ(service.session.status().feed.resyncs, 0U);
        service.exchange.faults().clear();
        service.run(2 * minute);
        EXPECT_NEAR(static_cast<double>(service.session.status().clock_offset_ms), 0, 10);
        EXPECT_EQ(service.concerns(), std::vector<std::string>{});
        EXPECT_EQ(service.wrong_books(), std::vector<std::string>{});
    }
}

}  // namespace

}  // namespace virtuoso
