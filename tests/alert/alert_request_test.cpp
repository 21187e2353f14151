// What each service is sent, to the byte, and that no text from outside acts in it.
#include "alert/alert_request.hpp"

#include "alert/alert_text.hpp"
#include "net/transport.hpp"
#include "support/alert_samples.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace virtuoso {
namespace {

using test::long_signal;
using test::message_of;
using test::sink_of;

constexpr std::int64_t now_s = 1'717'322'400;

Occurrence hostile() {
    Occurrence occurrence = long_signal();
    occurrence.sentence = "@everyone **bold** <b>x</b> & [a](http://evil) `c`\r\nBcc: x@y\r\n\u202e";
    occurrence.symbol = "<@1>\r\nSubject: y";
    return occurrence;
}

AlertMessage long_message() {
    std::vector<Occurrence> many;
    for (int i = 0; i < 50; ++i) {
        Occurrence occurrence = long_signal(fmt::format("S{}", i));
        occurrence.sentence = "A sentence of some length* that ends. " + std::string(300, '_') + ". Another.";
        many.push_back(occurrence);
    }
    return message_of(many);
}

TEST(AlertRequest, WebhookGolden) {
    const auto sink = sink_of("h: webhook url=https://example.org/alerts secret=env:KEY", {{"KEY", "key"}});
    const auto request = webhook_request(sink, message_of({long_signal()}), test::at_s(now_s));
    EXPECT_EQ(request.address.exposed(), "https://example.org/alerts");
    EXPECT_EQ(
        request.body,
        R"({"schema":"virtuoso.alert/1","key":")" + message_of({long_signal()}).key +
            R"(","sink":"team","rule":"long-btc","severity":"info","made":1717322400000,"digest":"none",)"
            R"("title":"info: signal BTCUSDT","total":1,"held_back":0,"occurrences":[{"kind":"signal",)"
            R"("symbol":"BTCUSDT","severity":"info","time":1717322400000,"words":{"side":"long",)"
            R"("phase":"moment"},"numbers":{"score":72.5,"reliability":0.9},"sentence":)"
            R"("BTCUSDT is LONG now, was NEUTRAL: score 72.50, reliability 0.90","lines":[],"link":""}]})");
    EXPECT_EQ(header_named(request.headers, "Idempotency-Key"), message_of({long_signal()}).key);
    EXPECT_EQ(header_named(request.headers, "X-Virtuoso-Timestamp"), "1717322400");
    EXPECT_EQ(header_named(request.headers, "X-Virtuoso-Signature"),
              "sha256=" + webhook_signature(sink.secret, now_s, request.body));
}

TEST(AlertRequest, SignatureAgreesWithAnother) {
    // printf '1717322400.body' | openssl dgst -sha256 -hmac key
    EXPECT_EQ(webhook_signature(Secret("key"), now_s, "body"),
              "8352274885a2d1d53571d1ff6702795a2b3f51401ef45463d7d350c9975114ff");
}

TEST(AlertRequest, MessagesReadBackAsTheSame) {
    AlertMessage message = message_of({long_signal(), hostile()});
    message.occurrences[0].lines = {"one", "two\n<b>"};
    const auto back = alert_from_json(alert_json(message));
    ASSERT_TRUE(back.has_value()) << back.error().text();
    EXPECT_EQ(alert_json(*back), alert_json(message));
    EXPECT_EQ(back->occurrences[1].sentence, message.occurrences[1].sentence);
    EXPECT_EQ(back->occurrences[0].lines, message.occurrences[0].lines);
    for (const auto* const text : {"", "[]", "{}", "{\"key\":1}", "null", R"({"occurrences":[{}]})"}) {
        EXPECT_FALSE(alert_from_json(text).has_value()) << text;
    }
}

// Alerts that were kept by a version that knew no lines are delivered yet.
TEST(AlertRequest, LinesMayBeMissingAndAreTexts) {
    auto json = nlohmann::json::parse(alert_json(message_of({long_signal()})));
    auto& lines = json["occurrences"][0]["lines"];
    for (const nlohmann::json& wrong :
         {nlohmann::json("a text"), nlohmann::json({1}), nlohmann::json(nullptr),
          nlohmann::json(std::vector<std::string>(101, "x"))}) {
        lines = wrong;
        const auto read = alert_from_json(json.dump());
        ASSERT_FALSE(read.has_value()) << wrong;
        EXPECT_NE(read.error().message.find("lines is no list"), std::string::npos) << read.error().text();
    }
    json["occurrences"][0].erase("lines");
    EXPECT_TRUE(alert_from_json(json.dump()).has_value());
}

TEST(AlertRequest, LinesFollowTheirSentence) {
    Occurrence several = long_signal();
    several.sentence = "The first.";
    several.lines = {"The second.", "\x1b[31mThe third."};
    EXPECT_EQ(text_of(message_of({several})), "The first.\nThe second.\n\\x1b[31mThe third.");
    EXPECT_EQ(lines_of(message_of({several, long_signal()})).size(), 4U);
}

TEST(AlertRequest, DiscordGolden) {
    const auto sink = sink_of("d: discord url=env:URL", {{"URL", "https://discord.example/hook"}});
    const auto request = discord_request(sink, message_of({long_signal()}));
    EXPECT_EQ(request.body,
              R"({"content":"info\\: signal BTCUSDT\\. BTCUSDT is LONG now, was NEUTRAL\\: score 72\\.50, )"
              R"(reliability 0\\.90","embeds":[{"title":"info\\: signal BTCUSDT","description":)"
              R"("BTCUSDT is LONG now, was NEUTRAL\\: score 72\\.50, reliability 0\\.90","color":3447003,)"
              R"("timestamp":"2024-06-02T10:00:00.000Z","fields":[{"name":"score","value":"72\\.5",)"
              R"("inline":true},{"name":"reliability","value":"0\\.9","inline":true}]}],)"
              R"("allowed_mentions":{"parse":[]}})");
}

TEST(AlertRequest, DiscordMentionsNobodyAndKeepsItsLimits) {
    const auto sink = sink_of("d: discord url=env:URL", {{"URL", "https://discord.example/hook"}});
    const auto hostile_body = nlohmann::json::parse(discord_request(sink, message_of({hostile()})).body);
    EXPECT_EQ(hostile_body["allowed_mentions"]["parse"].size(), 0U);
    const auto description = hostile_body["embeds"][0]["description"].get<std::string>();
    EXPECT_EQ(description.find("**"), std::string::npos);
    EXPECT_EQ(description.find("](http"), std::string::npos);
    EXPECT_NE(description.find("\\@everyone \\*\\*bold\\*\\* \\<b\\>"), std::string::npos) << description;

    const auto body = nlohmann::json::parse(discord_request(sink, long_message()).body);
    const auto& embed = body["embeds"][0];
    const auto cost = [](const nlohmann::json& text) { return cost_of(text.get<std::string>(), utf16_cost); };
    EXPECT_LE(cost(body["content"]), AlertLimits::discord_content);
    EXPECT_LE(cost(embed["title"]), AlertLimits::discord_title);
    EXPECT_LE(cost(embed["description"]), AlertLimits::discord_description);
    EXPECT_GT(cost(embed["description"]), 3'000U);
    EXPECT_LE(embed["fields"].size(), AlertLimits::discord_fields);
    EXPECT_LE(cost(embed["title"]) + cost(embed["description"]), AlertLimits::discord_embed);
}

TEST(AlertRequest, TelegramGoldenAndLimit) {
    const auto sink =
        sink_of("t: telegram token=env:TOKEN chat=-100 api=https://tele.example/", {{"TOKEN", "1:abc"}});
    const auto request = telegram_request(sink, message_of({hostile()}));
    EXPECT_EQ(request.address.exposed(), "https://tele.example/bot1:abc/sendMessage");
    const auto body = nlohmann::json::parse(request.body);
    EXPECT_EQ(body["chat_id"], "-100");
    EXPECT_EQ(body["parse_mode"], "HTML");
    EXPECT_EQ(
        body["text"],
        "<b>info: signal &lt;@1&gt;\\x0d\\x0aSubject: y</b>\n@everyone **bold** &lt;b&gt;x&lt;/b&gt; &amp; "
        "[a](http://evil) `c`\\x0d\\x0aBcc: x@y\\x0d\\x0a\\u{202e}");
    const auto text =
        nlohmann::json::parse(telegram_request(sink, long_message()).body)["text"].get<std::string>();
    EXPECT_LE(cost_of(text, utf16_cost), AlertLimits::telegram_text);
    EXPECT_TRUE(text.ends_with(" …")) << text.substr(text.size() - 40);
}

TEST(AlertRequest, MailCannotBeGivenHeaders) {
    const auto sink = *SinkSpec::parse(
        "m: email server=smtps://mail.example.org:465 from=a@example.org to=b@x.org,c@x.org");
    AlertMessage message = message_of({hostile()});
    message.occurrences.front().sentence += " ümlaut €";
    const std::string mail = mail_text(sink, message, test::at_s(now_s));
    const std::string head = mail.substr(0, mail.find("\r\n\r\n"));
    EXPECT_TRUE(
        mail.starts_with("Date: Sun, 02 Jun 2024 10:00:00 +0000\r\nFrom: a@example.org\r\nTo: b@x.org,\r\n "
                         "c@x.org\r\nMessage-ID: <" +
                         message.key + "@example.org>\r\nSubject: =?utf-8?B?"))
        << mail;
    EXPECT_EQ(head.find("Bcc"), std::string::npos);
    EXPECT_EQ(std::count(mail.begin(), mail.end(), '\n'), std::count(mail.begin(), mail.end(), '\r'));
    for (std::size_t at = 0; at < mail.size();) {
        const auto end = mail.find("\r\n", at);
        ASSERT_NE(end, std::string::npos);
        EXPECT_LE(end - at, 78U) << mail.substr(at, end - at);
        at = end + 2;
    }
    EXPECT_TRUE(
        std::ranges::all_of(mail, [](char letter) { return static_cast<unsigned char>(letter) < 0x80; }));
}

TEST(AlertRequest, ConsoleIsOneLine) {
    const std::string line = console_line(message_of({hostile()}));
    EXPECT_EQ(line.find('\n'), std::string::npos);
    EXPECT_EQ(line.find('\r'), std::string::npos);
    EXPECT_EQ(line.find("\u202e"), std::string::npos);
}

TEST(AlertText, IsCutAtASentence) {
    const std::string text = "First one. Second one. Third one is long";
    EXPECT_EQ(cut_at_sentence(text, 100), text);
    EXPECT_EQ(cut_at_sentence(text, 30), "First one. Second one. …");
    EXPECT_EQ(cut_at_sentence("no sentence in this text", 15), "no sentence …");
    EXPECT_EQ(cut_at_sentence("ääääääääää", 6), "ääää …");
    EXPECT_EQ(cut_at_sentence("😀😀😀😀", 6), "😀😀 …");
    EXPECT_EQ(cut_at_sentence("abc", 1), "");
}

}  // namespace
}  // namespace virtuoso
