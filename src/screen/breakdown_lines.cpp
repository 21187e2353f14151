#include "present/breakdown_table.hpp"
#include "screen/breakdown.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace virtuoso::screen {

namespace {

constexpr std::size_t title_cells = 15;
constexpr std::size_t number_cells = 6;
constexpr std::size_t gauge_cells_max = 30;

/// The text as it grows.
class Text {
  public:
    explicit Text(std::size_t columns) noexcept : columns_(columns) {}

    [[nodiscard]] std::size_t columns() const noexcept { return columns_; }
    void add(std::string_view line, LineStyle style = LineStyle::plain) {
        lines_.push_back({cut(line, columns_), style});
    }
    void wrap(std::string_view text, std::size_t indent, LineStyle style = LineStyle::plain) {
        for (auto& line : wrapped(text, columns_, indent)) {
            lines_.push_back({std::move(line), style});
        }
    }
    void heading(std::string_view title) {
        add("");
        add(title, LineStyle::heading);
    }
    void list(std::string_view title, const std::vector<std::string>& texts) {
        if (texts.empty()) {
            return;
        }
        heading(title);
        for (const auto& text : texts) {
            wrap(fmt::format("· {}", text), 2);
        }
    }
    [[nodiscard]] std::vector<Line> take() && { return std::move(lines_); }

  private:
    std::size_t columns_;
    std::vector<Line> lines_;
};

std::string number_text(const std::optional<double>& value, int digits) {
    return value ? fmt::format("{:.{}f}", *value, digits) : "–";
}

void add_components(Text& text, const std::vector<const BreakdownComponent*>& order) {
    const std::size_t columns = text.columns();
    const bool with_impact = columns >= title_cells + 2 * (number_cells + 1);
    const std::size_t taken = title_cells + (number_cells + 1) * (with_impact ? 2 : 1) + 1;
    const std::size_t cells = columns > taken + 4 ? std::min(columns - taken, gauge_cells_max) : 0;
    const std::size_t title = columns >= title_cells + number_cells + 1
                                  ? title_cells
                                  : columns - std::min(columns, number_cells + 1);
    const auto row = [&](std::string_view name, std::string_view score, std::string_view impact) {
        std::string line =
            fmt::format("{} {}", fitted(name, title), fitted(score, number_cells, Align::right));
        return with_impact ? fmt::format("{} {}", line, fitted(impact, number_cells, Align::right)) : line;
    };
    text.heading(row("Component", "Score", "Impact"));
    for (const auto* const part : order) {
        std::string line = row(part->title, number_text(part->score, 2), number_text(part->impact, 1));
        if (cells > 0 && part->score) {
            line += fmt::format(" {}", gauge(*part->score, static_cast<int>(cells)));
        }
        text.add(line);
    }
}

void add_subs(Text& text, const BreakdownComponent& part) {
    constexpr std::size_t name_cells = 22;
    constexpr std::size_t reading_cells = 21;
    text.heading(part.title);
    for (const auto& sub : part.subs) {
        text.add(fmt::format("{} {}  {} {}", fitted(sub.name, name_cells),
                             fitted(number_text(sub.score, 2), number_cells, Align::right),
                             fitted(sub.reading, reading_cells), sub.values));
    }
}

}  // namespace

std::vector<Line> breakdown_lines(const Breakdown& breakdown, std::size_t columns) {
    Text text(columns);
    std::vector<const BreakdownComponent*> order;
    order.reserve(breakdown.components.size());
    for (const auto& part : breakdown.components) {
        order.push_back(&part);
    }
    std::ranges::stable_sort(order, std::greater{},
                             [](const auto* part) { return part->impact.value_or(-1); });
    text.wrap(fmt::format("{} · {} · {}", breakdown.symbol, breakdown.exchange, iso_text(breakdown.as_of)), 2,
              LineStyle::heading);
    text.wrap(breakdown.verdict, 2, LineStyle::heading);
    text.wrap(fmt::format("{}", fmt::join(breakdown.figures, " · ")), 2);
    text.list("What is missing", breakdown.concerns);
    add_components(text, order);
    text.heading("What it says");
    for (const auto* const part : order) {
        text.wrap(fmt::format("{}: {}", part->title, part->sentence), 2);
    }
    text.list("Across components", breakdown.insights);
    text.list("What would change it", breakdown.turning_points);
    for (const auto* const part : order) {
        add_subs(text, *part);
    }
    return std::move(text).take();
}

}  // namespace virtuoso::screen
