// What a rule and a sink may be, what they refuse, and what a refusal says.
#include "alert/alert_rule.hpp"

#include "alert/alert_setup.hpp"
#include "support/alert_samples.hpp"

#include <gtest/gtest.h>

namespace virtuoso {
namespace {

using test::long_signal;

std::string refusal_of_rule(const std::string& text) {
    const auto rule = AlertRule::parse(text);
    return rule ? "" : rule.error().text();
}

std::string refusal_of_sink(const std::string& text) {
    const auto sink = SinkSpec::parse(text);
    return sink ? "" : sink.error().text();
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

TEST(AlertRule, MatchesWhatItNames) {
    const auto rule =
        *AlertRule::parse("long-btc: kind=signal symbols=btcusdt side=long score>=70 reliability>=0.5");
    EXPECT_TRUE(rule.matches(long_signal()));
    EXPECT_FALSE(rule.matches(long_signal("ETHUSDT")));
    Occurrence other = long_signal();
    other.words.front().value = "short";
    EXPECT_FALSE(rule.matches(other));
    other = long_signal();
    other.kind = "whale_trade";
    EXPECT_FALSE(rule.matches(other));
    other = long_signal();
    other.numbers.front().value = 69.9;
    EXPECT_FALSE(rule.matches(other));
    other.numbers.clear();
    EXPECT_FALSE(rule.matches(other)) << "what has no number does not meet a threshold";
}

TEST(AlertRule, ThresholdsBothWaysAndSeverity) {
    const auto rule = *AlertRule::parse("low: score<=30 severity=warning");
    Occurrence occurrence = long_signal();
    occurrence.numbers.front().value = 30;
    EXPECT_FALSE(rule.matches(occurrence));
    occurrence.severity = AlertSeverity::critical;
    EXPECT_TRUE(rule.matches(occurrence));
}

TEST(AlertRule, ReadsSpansAndQuietHours) {
    const auto rule =
        *AlertRule::parse("r: cooldown=5m digest=90s quiet=22:00-07:00@Europe/Berlin wake=critical");
    EXPECT_EQ(rule.cooldown_ms, 300'000);
    EXPECT_EQ(rule.digest_ms, 90'000);
    EXPECT_EQ(rule.quiet->text(), "22:00-07:00@Europe/Berlin");
    EXPECT_EQ(rule.wake, AlertSeverity::critical);
}

TEST(AlertRule, RefusalsNameFieldValueAndRemedy) {
    EXPECT_TRUE(contains(refusal_of_rule("r: kind=signl"), "is it \"signal\"?"));
    EXPECT_TRUE(contains(refusal_of_rule("r: kidn=signal"), "is it \"kind\"?"));
    EXPECT_TRUE(contains(refusal_of_rule("r: scroe>=3"), "is it \"score\"?"));
    EXPECT_TRUE(contains(refusal_of_rule("r: cooldown=5q"), "cooldown = \"5q\" is no span of time"));
    EXPECT_TRUE(contains(refusal_of_rule("r: cooldown=25h"), "at most 24h"));
    EXPECT_TRUE(
        contains(refusal_of_rule("r: quiet=22:00-07:00@Europe/Berlim"), "no time zone \"Europe/Berlim\""));
    EXPECT_TRUE(contains(refusal_of_rule("r: quiet=22:00-07:00@../../etc/passwd"), "no time zone"));
    EXPECT_TRUE(contains(refusal_of_rule("r: quiet=24:00-07:00"), "HH:MM"));
    EXPECT_TRUE(contains(refusal_of_rule("r: wake=critical"), "without quiet"));
    EXPECT_TRUE(contains(refusal_of_rule("r: severity=warn"), "is it \"warning\"?"));
    EXPECT_TRUE(contains(refusal_of_rule("r: to=a,,b"), "a part that is empty"));
    EXPECT_TRUE(contains(refusal_of_rule("r: to="), "has no value"));
    EXPECT_TRUE(contains(refusal_of_rule("r: to=a to=b"), "given twice"));
    EXPECT_TRUE(contains(refusal_of_rule("r: score>=nan"), "is no number"));
    EXPECT_TRUE(contains(refusal_of_rule("kind=signal"), "it begins with no name"));
    EXPECT_TRUE(contains(refusal_of_rule("r: loud"), "is no key=value"));
    EXPECT_TRUE(contains(refusal_of_rule("r: " + std::string(5'000, 'x')), "longer than"));
}

TEST(SinkSpec, ReadsEachKind) {
    EXPECT_EQ(refusal_of_sink("c: console severity=warning per_minute=20"), "");
    EXPECT_EQ(refusal_of_sink("h: webhook url=http://receiver:9000/alerts secret=env:KEY ca=/etc/own.pem"),
              "");
    EXPECT_EQ(refusal_of_sink("d: discord url=file:/etc/virtuoso/discord"), "");
    EXPECT_EQ(refusal_of_sink("t: telegram token=env:TOKEN chat=-1001234567890"), "");
    EXPECT_EQ(refusal_of_sink("t: telegram token=env:TOKEN chat=@channel_name"), "");
    EXPECT_EQ(
        refusal_of_sink("m: email server=smtps://mail.example.org:465 user=me@example.org "
                        "password=file:/run/secret from=me@example.org to=you@example.org,her@example.org"),
        "");
}

TEST(SinkSpec, RefusesWhatCannotWork) {
    EXPECT_TRUE(contains(refusal_of_sink("d: dicsord url=env:X"), "is it \"discord\"?"));
    EXPECT_TRUE(contains(refusal_of_sink("d: discord urll=env:X"), "is it \"url\"?"));
    EXPECT_TRUE(contains(refusal_of_sink("d: discord"), "needs url"));
    EXPECT_TRUE(contains(refusal_of_sink("t: telegram token=env:X"), "needs chat"));
    EXPECT_TRUE(contains(refusal_of_sink("t: telegram token=env:X chat=me"), "is no chat"));
    EXPECT_TRUE(contains(refusal_of_sink("h: webhook url=ftp://x"), "begins with https://"));
    EXPECT_TRUE(contains(refusal_of_sink("h: webhook url=https://user:word@host/"), "neither a user"));
    EXPECT_TRUE(
        contains(refusal_of_sink("t: telegram token=env:X chat=1 api=http://far.example/"), "take https://"));
    EXPECT_TRUE(
        contains(refusal_of_sink("m: email server=mail.example.org from=a@b to=c@d"), "is no mail server"));
    EXPECT_TRUE(
        contains(refusal_of_sink("m: email server=smtp://x from=a@b to=c@d user=a"), "user and password"));
    EXPECT_TRUE(contains(refusal_of_sink("m: email server=smtp://x from=a@b to=c@d\r\nBcc:x@y"),
                         "is no mail address"));
    EXPECT_TRUE(
        contains(refusal_of_sink("m: email server=smtp://x from=a@b to=(c@d)"), "is no mail address"));
    EXPECT_TRUE(contains(refusal_of_sink("c: console per_minute=0"), "from 1 to 600"));
    EXPECT_TRUE(contains(refusal_of_sink("c:"), "one word, its kind"));
}

TEST(SinkSpec, NeverRepeatsASecretInTheWrongPlace) {
    const std::string secret = "https://discord.com/api/webhooks/123/SECRETSECRET";
    const std::string refusal = refusal_of_sink("d: discord url=" + secret);
    EXPECT_TRUE(contains(refusal, "env:NAME"));
    EXPECT_FALSE(contains(refusal, "SECRET")) << refusal;
    EXPECT_FALSE(contains(refusal_of_sink("t: telegram token=SECRETSECRET chat=1"), "SECRET"));
    EXPECT_FALSE(contains(refusal_of_sink("h: webhook url=https://x/ secret=SECRETSECRET"), "SECRET"));
}

TEST(AlertSetup, RulesNameSinksThatThereAre) {
    EXPECT_TRUE(AlertSetup::parse({"team: console"}, {"r: to=team"}).has_value());
    const auto unknown = AlertSetup::parse({"team: console"}, {"r: to=taem"});
    ASSERT_FALSE(unknown);
    EXPECT_TRUE(contains(unknown.error().message, "is it \"team\"?"));
    EXPECT_FALSE(AlertSetup::parse({"a: console", "a: console"}, {}).has_value());
    EXPECT_FALSE(AlertSetup::parse({"a: console"}, {"r: to=a", "r: to=a"}).has_value());
}

TEST(AlertSetup, KnowsWhatNobodyWouldBeTold) {
    const auto has_sink = [](const std::vector<std::string>& sinks, const std::string& rule) {
        return AlertSetup::parse(sinks, {rule})->has_sink_for(test::long_signal());
    };
    EXPECT_TRUE(has_sink({"a: console"}, "r: kind=signal score>=70"));
    EXPECT_FALSE(has_sink({"a: console"}, "r: kind=signal score>=99"));
    EXPECT_TRUE(has_sink({"a: console severity=warning", "b: console"}, "r: to=a,b"));
    EXPECT_FALSE(has_sink({"a: console severity=warning", "b: console"}, "r: to=a"));
    EXPECT_FALSE(has_sink({"a: console kind=health"}, "r: kind=signal"));
    EXPECT_FALSE(has_sink({"a: console"}, "r: kind=signal side=short"));
    EXPECT_FALSE(has_sink({}, "r: kind=signal"));
}

}  // namespace
}  // namespace virtuoso
