#include "base/error.hpp"

#include "support/shared_file.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

namespace virtuoso {
namespace {

TEST(ErrorCodes, AreUniqueAndExplainedInTheDocumentation) {
    const auto page = test::read_text(test::source_path("docs/errors.md"));
    std::set<std::string_view> names;
    for (const auto code : all_error_codes()) {
        const auto name = name_of(code);
        EXPECT_TRUE(names.insert(name).second) << name;
        EXPECT_TRUE(page.contains(fmt::format("`{}`", name))) << name << " has no entry";
    }
    EXPECT_TRUE(page.contains("`E_INVARIANT`"));
}

TEST(ErrorText, QuotesHostileValues) {
    EXPECT_EQ(in_quotes("a\nb\x80"), "\"a\\x0ab\\x80\"");
    EXPECT_LT(in_quotes(std::string(5'000, 'x')).size(), 80U);
    EXPECT_EQ((Error{ErrorCode::book_level, "bad"}.text()), "E_BOOK_LEVEL: bad");
}

}  // namespace
}  // namespace virtuoso
