#include "base/unicode.hpp"

#include "base/error.hpp"
#include "base/seeded_random.hpp"

#include <gtest/gtest.h>

namespace virtuoso {
namespace {

// Decides for itself, byte by byte of valid UTF-8, whether a terminal would act on the text.
bool acts_on_a_terminal(std::string_view text, bool keeps_lines) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
        const auto third = static_cast<unsigned char>(i + 2 < text.size() ? text[i + 2] : 0);
        const bool control = (byte < 0x20 && !(keeps_lines && byte == '\n')) || byte == 0x7f;
        const bool c1 = byte == 0xc2 && next < 0xa0;
        const bool bidi = byte == 0xe2 && next == 0x80 &&
                          ((third >= 0x8e && third <= 0x8f) || (third >= 0xa8 && third <= 0xae));
        const bool isolate = byte == 0xe2 && next == 0x81 && third >= 0xa6 && third <= 0xa9;
        const bool arabic_mark = byte == 0xd8 && next == 0x9c;
        if (control || c1 || bidi || isolate || arabic_mark) {
            return true;
        }
    }
    return false;
}

// Bytes of every kind, more often those that matter.
std::string hostile_text(SeededRandom& random) {
    static constexpr std::string_view parts[] = {
        "\x1b[2J",      "\r\n", "\x7f",     "\xc2\x9b",     "\xe2\x80\xae", "\xe2\x81\xa6",
        "\xd8\x9c",     "\xff", "\xc0\x80", "\xed\xa0\x80", "币安",         "é",
        "\xf0\x9f\x92", "BTC",  "\"",       "\\",           "</script>",    "\xf3\xa0\x81\x81"};
    std::string text;
    for (std::uint64_t left = random.below(12); left > 0; --left) {
        if (random.below(3) == 0) {
            text += static_cast<char>(random.below(256));
        } else {
            text += parts[random.below(std::size(parts))];
        }
    }
    return text;
}

TEST(Printable, LeavesNothingThatActsOnATerminal) {
    SeededRandom random(11);
    for (int round = 0; round < 20'000; ++round) {
        const std::string text = hostile_text(random);
        for (const auto& shown : {printable(text), in_quotes(text)}) {
            EXPECT_TRUE(is_valid_utf8(shown)) << round;
            EXPECT_FALSE(acts_on_a_terminal(shown, false)) << shown;
        }
        EXPECT_FALSE(acts_on_a_terminal(printable_lines(text), true));
    }
}

TEST(Printable, LeavesNamesOfOtherScriptsAlone) {
    EXPECT_EQ(printable("币安人生USDT é ليرة"), "币安人生USDT é ليرة");
    EXPECT_EQ(in_quotes("币安人生USDT"), "\"币安人生USDT\"");
    EXPECT_EQ(printable("a\xe2\x80\xae\x1b"
                        "b"),
              "a\\u{202e}\\x1bb");
    EXPECT_EQ(printable_lines("a\nb\r"), "a\nb\\x0d");
}

TEST(Printable, QuotesAreCutBetweenCharacters) {
    for (std::size_t lead = 0; lead < 4; ++lead) {
        std::string text(lead, 'x');
        for (int i = 0; i < 40; ++i) {
            text += "币";
        }
        EXPECT_FALSE(in_quotes(text).contains("\\x")) << in_quotes(text);
    }
}

TEST(Printable, JsonStaysTheSameDocument) {
    EXPECT_EQ(printable_json("{\n \"a\": \"x\x7f\xc2\x9b\xe2\x80\xae币\xf3\xa0\x81\x81\"\n}"),
              "{\n \"a\": \"x\\u007f\\u009b\\u202e币\\udb40\\udc41\"\n}");
}

TEST(Utf8, RefusesWhatOnlyLooksLikeIt) {
    for (const std::string_view text :
         {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80",
          "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe5\xb8", "a\xff"}) {
        EXPECT_FALSE(is_valid_utf8(text));
    }
    std::string text;
    for (char32_t value = 0; value < 0x110000; value += value < 0x800 ? 1 : 97) {
        if (value < 0xd800 || value > 0xdfff) {
            text.clear();
            append_utf8(text, value);
            const CodePoint point = first_code_point(text);
            EXPECT_TRUE(point.valid && point.value == value && point.bytes == text.size());
        }
    }
}

}  // namespace
}  // namespace virtuoso
