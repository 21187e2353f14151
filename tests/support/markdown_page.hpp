// The pages of docs/, as far as tests hold them against the program.
#pragma once

#include "support/shared_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso::test {

using TableRow = std::vector<std::string>;

[[nodiscard]] inline std::string trimmed(std::string_view text) {
    const auto begin = std::min(text.find_first_not_of(' '), text.size());
    return std::string(text.substr(begin, text.find_last_not_of(' ') + 1 - begin));
}

[[nodiscard]] inline std::vector<std::string> lines_in(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

/// What stands below a heading of the second level, up to the next one.
[[nodiscard]] inline std::string section_of(const std::string& page, std::string_view heading) {
    const std::string line = fmt::format("\n## {}\n", heading);
    const auto begin = page.find(line);
    return begin == std::string::npos
               ? std::string()
               : page.substr(begin + line.size(),
                             page.find("\n## ", begin + line.size()) - begin - line.size());
}

/// What stands between backticks.
[[nodiscard]] inline std::vector<std::string> code_in(const std::string& text) {
    std::vector<std::string> spans;
    for (auto at = text.find('`'); at != std::string::npos;) {
        const auto end = text.find('`', at + 1);
        if (end == std::string::npos) {
            break;
        }
        spans.push_back(text.substr(at + 1, end - at - 1));
        at = text.find('`', end + 1);
    }
    return spans;
}

/// Rows of every table, without the lines under their heads. A bar within a cell stands behind a backslash.
[[nodiscard]] inline std::vector<TableRow> table_rows(const std::string& page) {
    std::vector<TableRow> rows;
    for (const auto& line : lines_in(page)) {
        if (!line.starts_with("| ") || !line.ends_with(" |")) {
            continue;
        }
        TableRow cells{""};
        for (std::size_t i = 1; i + 1 < line.size(); ++i) {
            if (line[i] == '|' && line[i - 1] != '\\') {
                cells.emplace_back();
            } else {
                cells.back() += line[i];
            }
        }
        std::ranges::transform(cells, cells.begin(), [](const auto& cell) { return trimmed(cell); });
        rows.push_back(std::move(cells));
    }
    return rows;
}

/// The rows whose first cell is this name, as code.
[[nodiscard]] inline std::vector<TableRow> rows_of(const std::vector<TableRow>& rows, std::string_view name) {
    const std::string first = fmt::format("`{}`", name);
    std::vector<TableRow> found;
    std::ranges::copy_if(rows, std::back_inserter(found),
                         [&](const TableRow& row) { return row.front() == first; });
    return found;
}

/// So many cells, none of them empty.
[[nodiscard]] inline bool is_full(const TableRow& row, std::size_t cells) {
    return row.size() == cells && std::ranges::none_of(row, &std::string::empty);
}

/// As GitHub makes it of a heading: "Parts of the log" → "parts-of-the-log".
[[nodiscard]] inline std::string anchor_of(std::string_view heading) {
    std::string anchor;
    for (const char letter : heading) {
        const auto byte = static_cast<unsigned char>(letter);
        if (letter == ' ') {
            anchor += '-';
        } else if (std::isalnum(byte) != 0 || letter == '-' || letter == '_' || byte >= 0x80) {
            anchor += static_cast<char>(std::tolower(byte));
        }
    }
    return anchor;
}

}  // namespace virtuoso::test
