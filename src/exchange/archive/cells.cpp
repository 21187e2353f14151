#include "exchange/archive/cells.hpp"

namespace virtuoso::archive {

namespace {

constexpr std::string_view blank = " \t\r\n";

}  // namespace

std::string_view trimmed(std::string_view text) noexcept {
    const auto first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

// A tab may stand at a line's end and divide.
Cells::Cells(std::string_view line, char delimiter) {
    while (count_ < cells_max) {
        std::size_t end = line.find_first_not_of(' ');
        const bool quoted = end != std::string_view::npos && line[end] == '"';
        const std::size_t closing = quoted ? line.find('"', end + 1) : std::string_view::npos;
        end = line.find(delimiter, closing == std::string_view::npos ? 0 : closing);
        std::string_view cell = trimmed(line.substr(0, end));
        if (cell.size() >= 2 && cell.front() == '"' && cell.back() == '"') {
            cell = trimmed(cell.substr(1, cell.size() - 2));
        }
        values_[count_++] = cell;
        if (end == std::string_view::npos) {
            return;
        }
        line.remove_prefix(end + 1);
    }
}

char delimiter_of(std::string_view line) noexcept {
    for (const char delimiter : {';', '\t', ','}) {
        if (line.contains(delimiter)) {
            return delimiter;
        }
    }
    return line.contains('|') ? '|' : ',';
}

}  // namespace virtuoso::archive
