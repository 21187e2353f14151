#include "base/unicode.hpp"
#include "present/sections.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace virtuoso {

namespace {

std::size_t letters_of(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0U) != 0x80U; }));
}

struct Writer {
    std::string& out;

    void operator()(const Paragraph& paragraph) const { out += printable(paragraph.text) + "\n\n"; }
    void operator()(const LogLines& log) const {
        for (const auto& line : log.lines) {
            out += "  " + printable(line) + "\n";
        }
        out += "\n";
    }
    void operator()(const Chart&) const {}
    void operator()(const Table& table) const {
        std::vector<std::size_t> widths(table.head.size(), 0);
        const auto measure = [&](const std::vector<std::string>& cells) {
            for (std::size_t i = 0; i + 1 < cells.size() && i < widths.size(); ++i) {
                widths[i] = std::max(widths[i], letters_of(printable(cells[i])));
            }
        };
        measure(table.head);
        std::ranges::for_each(table.rows, measure);
        const auto write = [&](const std::vector<std::string>& cells) {
            std::string line = " ";
            for (std::size_t i = 0; i < cells.size(); ++i) {
                const std::string cell = printable(cells[i]);
                line += " " + cell;
                if (i + 1 < cells.size() && i < widths.size()) {
                    line.append(widths[i] - letters_of(cell) + 1, ' ');
                }
            }
            out += line + "\n";
        };
        write(table.head);
        std::ranges::for_each(table.rows, write);
        out += "\n";
    }
};

}  // namespace

std::string plain_text_of(const SectionedReport& report) {
    std::string out = printable(report.title) + "\n\n";
    for (const Section& section : report.sections) {
        out += printable(section.title) + "\n" + std::string(letters_of(section.title), '-') + "\n\n";
        for (const Block& block : section.blocks) {
            std::visit(Writer{out}, block);
        }
    }
    out.pop_back();
    return out;
}

}  // namespace virtuoso
