// Links between the pages lead to a file that is there, and to one of its headings.
#include "support/markdown_page.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <set>

namespace virtuoso {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> pages() {
    std::vector<fs::path> found;
    for (const std::string folder : {"", "docs", "web"}) {
        for (const auto& entry : fs::directory_iterator(test::source_path(folder))) {
            if (entry.path().extension() == ".md") {
                found.push_back(entry.path());
            }
        }
    }
    return found;
}

std::set<std::string> anchors_in(const fs::path& page) {
    std::set<std::string> anchors;
    for (const auto& line : test::lines_in(test::read_text(page.string()))) {
        const auto text = line.find_first_not_of('#');
        if (text != std::string::npos && text > 0 && line[text] == ' ') {
            anchors.insert(test::anchor_of(test::trimmed(line.substr(text))));
        }
    }
    return anchors;
}

TEST(Documentation, EveryLinkLeadsSomewhere) {
    static const std::regex form(R"(\]\(([^)#\s]*)(?:#([^)\s]*))?\))");
    std::size_t followed = 0;
    for (const auto& page : pages()) {
        const std::string text = test::read_text(page.string());
        for (std::sregex_iterator link(text.begin(), text.end(), form), end; link != end; ++link) {
            const std::string target = (*link)[1];
            const std::string anchor = (*link)[2];
            if (target.contains("://")) {
                continue;
            }
            ++followed;
            const fs::path leads_to = target.empty() ? page : page.parent_path() / target;
            EXPECT_TRUE(fs::exists(leads_to)) << page << ": " << target;
            EXPECT_TRUE(anchor.empty() || anchors_in(leads_to).contains(anchor))
                << page << ": " << target << '#' << anchor;
        }
    }
    EXPECT_GT(followed, 50U);
}

}  // namespace
}  // namespace virtuoso
