#include "screen/cells.hpp"

#include "base/seeded_random.hpp"
#include "base/unicode.hpp"
#include "support/random_text.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <clocale>
#include <cwchar>
#include <utility>

namespace virtuoso::screen {
namespace {

// The C library's own table, of the same version of Unicode.
TEST(Cells, AreThoseOfTheCLibrary) {
    if (std::setlocale(LC_CTYPE, "C.UTF-8") == nullptr) {
        GTEST_SKIP() << "the locale C.UTF-8 is not there";
    }
    std::size_t differ = 0;
    for (char32_t value = 0xa0; value < 0x30000; ++value) {
        const int theirs = ::wcwidth(static_cast<wchar_t>(value));
        if (theirs < 0 || !is_shown(value)) {
            continue;
        }
        const auto ours = static_cast<int>(cells_of(value));
        EXPECT_GE(ours, theirs == 2 ? 2 : 0) << std::hex << static_cast<std::uint32_t>(value);
        differ += ours == theirs ? 0U : 1U;
    }
    std::setlocale(LC_CTYPE, "C");
    EXPECT_LT(differ, 300U) << "of some 150 000";
}

TEST(Cells, EscapeWhatATerminalActsOnAndMarksWithoutACell) {
    EXPECT_EQ(shown("A\x1b[31m\n\xff", Glyphs::unicode), "A\\x1b[31m\\x0a\\xff");
    EXPECT_EQ(shown("e\u0301", Glyphs::unicode), "e\\u{301}");
    EXPECT_EQ(shown("币安 – ▲…", Glyphs::unicode), "币安 – ▲…");
    EXPECT_EQ(shown("币 – · … ≥ ░▓█", Glyphs::ascii), "\\u{5e01} - - ~ >= .=#");
    EXPECT_EQ(shown_lines("a\nb\t", Glyphs::ascii), "a\nb\\x09");
}

TEST(Cells, CutToWholeCharacters) {
    EXPECT_EQ(cells_in("币安人生USDT"), 12U);
    EXPECT_EQ(cut("币安人生USDT", 12), "币安人生USDT");
    EXPECT_EQ(cut("币安人生USDT", 6), "币安…");
    EXPECT_EQ(cut("币安人生USDT", 7), "币安人…");
    EXPECT_EQ(cut("abc", 0), "");
    EXPECT_EQ(fitted("币安人生", 6), "币安… ");
    EXPECT_EQ(fitted("7.5", 5, Align::right), "  7.5");
}

TEST(Cells, WrapAtSpacesAndInsideLongWords) {
    using Lines = std::vector<std::string>;
    EXPECT_EQ(wrapped("one two three", 7), (Lines{"one two", "three"}));
    EXPECT_EQ(wrapped("one two three", 9, 2), (Lines{"one two", "  three"}));
    EXPECT_EQ(wrapped("abcdefgh", 3, 1), (Lines{"abc", " de", " fg", " h"}));
    EXPECT_EQ(wrapped("币安", 1), (Lines{""}));
    EXPECT_EQ(wrapped("", 5), (Lines{""}));
}

TEST(Cells, NoTextIsWiderThanItIsCutOrWrappedTo) {
    SeededRandom random(1);
    for (int i = 0; i < 3'000; ++i) {
        const auto glyphs = random.below(2) == 0 ? Glyphs::ascii : Glyphs::unicode;
        const std::string text = shown(test::random_text(random, 60), glyphs);
        EXPECT_EQ(shown(text, glyphs), text) << "shown once, shown for good";
        const std::size_t cells = 1 + random.below(40);
        EXPECT_LE(cells_in(cut(text, cells)), cells) << text;
        EXPECT_EQ(cells_in(fitted(text, cells)), cells) << text;
        for (const auto& line : wrapped(text, cells, random.below(5))) {
            EXPECT_LE(cells_in(line), cells) << text;
            EXPECT_TRUE(is_valid_utf8(line)) << text;
        }
    }
}

TEST(Cells, TheLocaleSaysWhatCanBeShown) {
    EXPECT_EQ(glyphs_of_locale(nullptr, nullptr, nullptr), Glyphs::ascii);
    EXPECT_EQ(glyphs_of_locale(nullptr, nullptr, "de_DE.UTF-8"), Glyphs::unicode);
    EXPECT_EQ(glyphs_of_locale("", "C.utf8", "C"), Glyphs::unicode);
    EXPECT_EQ(glyphs_of_locale("C", nullptr, "de_DE.UTF-8"), Glyphs::ascii);
    EXPECT_EQ(glyphs_of_locale(nullptr, nullptr, "de_DE.ISO-8859-1"), Glyphs::ascii);
}

}  // namespace
}  // namespace virtuoso::screen
