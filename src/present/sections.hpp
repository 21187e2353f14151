// A report as headings, paragraphs, tables and charts, and the forms that it is written in.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace virtuoso {

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
struct ChartSeries {
    std::string name;
    std::vector<std::optional<double>> values;  ///< as many as labels
};
/// Of pages alone: what it shows stands in a table or a paragraph, too.
struct Chart {
    enum class Kind { bar, line };
    std::string title;
    Kind kind = Kind::line;
    std::vector<std::string> labels;
    std::vector<ChartSeries> series;
};
using Block = std::variant<Paragraph, LogLines, Table, Chart>;

struct Section {
    std::string title;
    std::vector<Block> blocks;
};

/// Texts come from outside in part: they are escaped as each form demands.
struct SectionedReport {
    std::string schema;  ///< "virtuoso.validation/1": by it a file is known
    std::string title;
    std::vector<Section> sections;
};

/// For people at a terminal: columns stand one below the other.
[[nodiscard]] std::string plain_text_of(const SectionedReport& report);
[[nodiscard]] std::string markdown_of(const SectionedReport& report);
/// A page that needs nothing from elsewhere.
[[nodiscard]] std::string page_of(const SectionedReport& report);

}  // namespace virtuoso
