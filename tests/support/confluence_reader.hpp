// Reads all that a confluence says and counts what is not so.
#pragma once

#include "analysis/interpretation.hpp"
#include "analysis/sentences.hpp"
#include "analysis/wording.hpp"
#include "support/insight_checker.hpp"
#include "support/sentence_checker.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <string>

namespace virtuoso::test {

class ConfluenceReader {
  public:
    void read(const Confluence& confluence, std::string_view symbol) {
        const auto texts = interpret(confluence, symbol);
        for (std::size_t i = 0; i < component_count; ++i) {
            read_component(confluence.components[i], texts[i], quote_currency(symbol));
        }
        const auto list = insights(confluence, symbol);
        for (const auto& line : list) {
            printable(line);
            EXPECT_EQ(fault_of_insight(confluence, line, quote_currency(symbol)), "");
        }
        EXPECT_EQ(fault_of_silence(confluence, list), "");
        for (const auto& line : turning_points(confluence)) {
            printable(line);
            EXPECT_EQ(fault_of_turning_point(confluence, line), "");
        }
        sentences_ += list.size();
    }
    [[nodiscard]] std::size_t sentences() const noexcept { return sentences_; }
    [[nodiscard]] SentenceChecker& checker() noexcept { return checker_; }

  private:
    void printable(const std::string& text) {
        for (const auto* const part : {"nan", "inf ", " G", "  "}) {
            EXPECT_EQ(text.find(part), std::string::npos) << text;
        }
        static const std::regex minus_nothing("-0(\\.0*)?([^0-9.]|$)");
        EXPECT_FALSE(std::regex_search(text, minus_nothing)) << text;
    }
    void read_component(const ComponentResult& component, const std::string& text, std::string_view quote) {
        printable(text);
        double leading = 0;
        bool known = !component.score;
        for (const auto& sub : component.sub_scores()) {
            if (!sub.lean) {
                continue;
            }
            const auto said = sentence(component.id, sub, quote);
            EXPECT_EQ(checker_.fault_of(component.id, sub, said), "") << "lean " << *sub.lean;
            ++sentences_;
            if (text.starts_with(said + ".")) {
                known = true;
                leading = *sub.lean;
            }
        }
        EXPECT_TRUE(known) << text;
        if (component.score &&
            std::any_of(component.subs.begin(), component.subs.end(),
                        [&](const SubScore& sub) { return sub.lean && *sub.lean * component.lean() > 0; })) {
            EXPECT_GT(leading * component.lean(), 0) << *component.score << ": " << text;
        }
    }
    SentenceChecker checker_;
    std::size_t sentences_ = 0;
};

}  // namespace virtuoso::test
