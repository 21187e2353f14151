// The report as headings, paragraphs and tables, whatever form they are to have.
#pragma once

#include "validation/report.hpp"

#include <string>
#include <variant>
#include <vector>

namespace virtuoso::validation {

struct Paragraph {
    std::string text;
};
/// As a log has them.
struct LogLines {
    std::vector<std::string> lines;
};
struct Table {
    std::vector<std::string> head;
    std::vector<std::vector<std::string>> rows;
};
using Block = std::variant<Paragraph, LogLines, Table>;

struct Section {
    std::string title;
    std::vector<Block> blocks;
};

/// Texts come from outside in part: whoever writes them out escapes them.
[[nodiscard]] std::vector<Section> sections_of(const Report& report);

}  // namespace virtuoso::validation
