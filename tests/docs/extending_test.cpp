// docs/extending.md quotes tests/examples as they are, and names places that there are.
#include "support/markdown_page.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>

namespace virtuoso {
namespace {

std::string page() {
    return test::read_text(test::source_path("docs/extending.md"));
}

/// "basis.hpp basis" → what stands in that file between `// docs: basis` and `// docs: end`.
std::map<std::string, std::string> regions() {
    constexpr std::string_view mark = "// docs: ";
    std::map<std::string, std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(test::source_path("tests/examples"))) {
        std::string* open = nullptr;
        for (const auto& line : test::lines_in(test::read_text(entry.path().string()))) {
            if (!line.starts_with(mark)) {
                if (open != nullptr) {
                    *open += line + "\n";
                }
                continue;
            }
            const std::string name = line.substr(mark.size());
            open = name == "end" ? nullptr : &found[entry.path().filename().string() + " " + name];
        }
        EXPECT_EQ(open, nullptr) << entry.path() << ": a part has no end";
    }
    return found;
}

/// Lines that are indented by four, as far as they follow each other; empty ones within are part of it.
std::vector<std::string> code_blocks() {
    std::vector<std::string> blocks;
    std::string block;
    std::string empty;
    const auto finish = [&] {
        if (!block.empty()) {
            blocks.push_back(block);
        }
        block.clear();
        empty.clear();
    };
    for (const auto& line : test::lines_in(page())) {
        if (line.starts_with("    ")) {
            block += empty + line.substr(4) + "\n";
            empty.clear();
        } else if (line.empty()) {
            empty += block.empty() ? "" : "\n";
        } else {
            finish();
        }
    }
    finish();
    return blocks;
}

TEST(Extending, EveryBlockIsAPartOfAnExampleAndEveryPartIsThere) {
    auto parts = regions();
    const auto blocks = code_blocks();
    EXPECT_EQ(blocks.size(), parts.size());
    for (const auto& block : blocks) {
        const auto found =
            std::ranges::find_if(parts, [&](const auto& part) { return part.second == block; });
        EXPECT_NE(found, parts.end()) << "is no part of an example as it stands:\n" << block;
        if (found != parts.end()) {
            parts.erase(found);
        }
    }
    for (const auto& [name, text] : parts) {
        ADD_FAILURE() << name << " is not quoted as it stands";
    }
}

TEST(Extending, EveryPlaceThatIsNamedIsThere) {
    constexpr std::size_t columns = 3;  // file, beside, add
    std::size_t places = 0;
    for (const std::string heading : {"A sub-indicator", "An exchange", "An alert sink"}) {
        const auto rows = test::table_rows(test::section_of(page(), heading));
        EXPECT_GT(rows.size(), 5U) << heading;
        for (const auto& row : rows) {
            if (row.front() == "file") {
                continue;
            }
            ASSERT_TRUE(test::is_full(row, columns)) << row.front();
            const auto files = test::code_in(row.front());
            ASSERT_EQ(files.size(), 1U) << row.front();
            const std::string text = test::read_text(test::source_path(files.front()));
            EXPECT_FALSE(text.empty()) << files.front() << " is not there";
            const auto beside = test::code_in(row[1]);
            EXPECT_FALSE(beside.empty()) << row.front() << " names no place";
            for (const auto& place : beside) {
                EXPECT_TRUE(text.contains(place)) << files.front() << " has no " << place;
                ++places;
            }
        }
    }
    EXPECT_GT(places, 30U);
}

TEST(Extending, EveryOtherFileThatIsNamedIsThere) {
    std::size_t named = 0;
    for (const auto& span : test::code_in(page())) {
        if (span.starts_with("src/") || span.starts_with("tests/") || span.starts_with("scripts/")) {
            const bool is_made_up = span == "src/exchange/acme/";
            EXPECT_TRUE(is_made_up || std::filesystem::exists(test::source_path(span))) << span;
            ++named;
        }
    }
    EXPECT_GT(named, 20U);
}

}  // namespace
}  // namespace virtuoso
