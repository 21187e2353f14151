#include "store/store_table.hpp"

#include "support/shared_file.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

namespace virtuoso {
namespace {

TEST(StoreTables, AreWellFormedAndFoundByName) {
    for (const auto& spec : all_store_tables()) {
        EXPECT_EQ(&spec_of(spec.table), &spec);
        EXPECT_EQ(store_table_from(spec.name), spec.table);
        EXPECT_EQ(spec.time().type, ColumnType::whole);
        EXPECT_FALSE(spec.time().nullable);
        EXPECT_GT(spec.key_columns, 0U);
        std::set<std::string_view> names;
        for (std::size_t i = 0; i < spec.columns.size(); ++i) {
            EXPECT_TRUE(names.insert(spec.columns[i].name).second) << spec.columns[i].name;
            EXPECT_FALSE(i < spec.key_columns && spec.columns[i].nullable) << spec.columns[i].name;
            EXPECT_EQ(spec.column(spec.columns[i].name), i);
        }
        EXPECT_EQ(spec.column("nonsense"), std::nullopt);
    }
    EXPECT_EQ(store_table_from("sqlite_master"), std::nullopt);
}

TEST(StoreTables, AreExplainedInTheDocumentation) {
    const std::string page = test::read_text(test::source_path("docs/schema.md"));
    for (const auto& spec : all_store_tables()) {
        const auto begin = page.find(fmt::format("\n| `{}` |", spec.name));
        ASSERT_NE(begin, std::string::npos) << spec.name;
        const std::string line = page.substr(begin, page.find('\n', begin + 1) - begin);
        for (const auto& column : spec.columns) {
            const std::string named = fmt::format("`{}`{}", column.name, column.nullable ? "*" : "");
            EXPECT_NE(line.find(named), std::string::npos) << spec.name << ": " << named;
        }
    }
}

}  // namespace
}  // namespace virtuoso
