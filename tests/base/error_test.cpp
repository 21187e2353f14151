#include "base/error.hpp"

#include "support/markdown_page.hpp"

#include <gtest/gtest.h>

#include <set>

namespace virtuoso {
namespace {

TEST(ErrorCodes, AreUniqueAndExplainedInTheDocumentation) {
    constexpr std::size_t columns = 3;  // code, what happened, what to do
    const auto page = test::read_text(test::source_path("docs/errors.md"));
    const auto rows = test::table_rows(test::section_of(page, "Codes"));
    std::set<std::string_view> names{"E_INVARIANT"};
    for (const auto code : all_error_codes()) {
        EXPECT_TRUE(names.insert(name_of(code)).second) << name_of(code);
    }
    for (const auto name : names) {
        const auto found = test::rows_of(rows, name);
        EXPECT_EQ(found.size(), 1U) << name;
        EXPECT_TRUE(!found.empty() && test::is_full(found.front(), columns)) << name << " lacks a remedy";
    }
    EXPECT_EQ(rows.size(), names.size() + 1) << "rows of codes that there are not, besides the head";
}

TEST(ErrorText, QuotesHostileValues) {
    EXPECT_EQ(in_quotes("a\nb\x80"), "\"a\\x0ab\\x80\"");
    EXPECT_LT(in_quotes(std::string(5'000, 'x')).size(), 80U);
    EXPECT_EQ((Error{ErrorCode::book_level, "bad"}.text()), "E_BOOK_LEVEL: bad");
}

}  // namespace
}  // namespace virtuoso
