#include "base/html_entity.hpp"
#include "base/unicode.hpp"
#include "present/sections.hpp"

namespace virtuoso {

namespace {

/// What Markdown, or the HTML in it, would act on is escaped.
std::string plain(std::string_view text) {
    std::string escaped;
    for (const char letter : printable(text)) {
        switch (letter) {
            case '<':
            case '&':
                escaped += html_entity_of(letter);
                break;
            case '\\':
            case '|':
            case '`':
            case '*':
            case '[':
            case ']':
                escaped += '\\';
                [[fallthrough]];
            default:
                escaped += letter;
        }
    }
    return escaped;
}

struct Writer {
    std::string& out;

    void operator()(const Paragraph& paragraph) const { out += plain(paragraph.text) + "\n\n"; }
    void operator()(const LogLines& log) const {
        for (const auto& line : log.lines) {
            out += "    " + printable(line) + "\n";
        }
        out += "\n";
    }
    void operator()(const Table& table) const {
        row(table.head);
        row(std::vector<std::string>(table.head.size(), "---"));
        for (const auto& cells : table.rows) {
            row(cells);
        }
        out += "\n";
    }
    void operator()(const Chart&) const {}
    void row(const std::vector<std::string>& cells) const {
        for (const auto& cell : cells) {
            out += "| " + plain(cell) + " ";
        }
        out += "|\n";
    }
};

}  // namespace

std::string markdown_of(const SectionedReport& report) {
    std::string out = "<!-- " + report.schema + " -->\n# " + plain(report.title) + "\n\n";
    for (const Section& section : report.sections) {
        out += "## " + plain(section.title) + "\n\n";
        for (const Block& block : section.blocks) {
            std::visit(Writer{out}, block);
        }
    }
    out.pop_back();
    return out;
}

}  // namespace virtuoso
