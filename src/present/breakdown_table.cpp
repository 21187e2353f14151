#include "present/breakdown_table.hpp"

#include "analysis/interpretation.hpp"
#include "analysis/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace virtuoso {

namespace {

constexpr int inner_width = 66;  // between the outer borders
constexpr std::size_t sentence_columns = 100;

std::string repeated(std::string_view glyph, int count) {
    std::string result;
    for (int i = 0; i < count; ++i) {
        result += glyph;
    }
    return result;
}

std::string rule(std::string_view left, std::string_view middle, std::string_view right) {
    return fmt::format("{}{}{}{}{}{}{}{}{}\n", left, repeated("═", 17), middle, repeated("═", 7), middle,
                       repeated("═", 8), middle, repeated("═", 32), right);
}

std::string wide_row(std::string_view text) {
    return fmt::format("║ {:<{}} ║\n", text, inner_width - 1);
}

// A row without a score: absent is not neutral.
std::string absent_row(std::string_view title, Absence why) {
    return fmt::format("║ {:<15} ║ {:>5} ║ {:>6} ║ {:<30} ║\n", title, "–", "–",
                       fmt::format("absent: {}", name_of(why)));
}

std::string age_text(std::int64_t age_ms) {
    if (age_ms < 0) {
        return "–";
    }
    if (age_ms < 10 * ms_per_minute) {
        return fmt::format("{:.1f}s", static_cast<double>(age_ms) / 1000);
    }
    return fmt::format("{:.1f}h", static_cast<double>(age_ms) / static_cast<double>(ms_per_hour));
}

std::string number_text(double value) {
    const double magnitude = value < 0 ? -value : value;
    if (magnitude >= 1000) {
        return fmt::format("{:.0f}", value);
    }
    return fmt::format("{:.4g}", value);
}

std::string sub_row(const SubScore& sub) {
    const auto score = sub.score();
    std::string row = fmt::format("  {:<22} {:>6} {:>6.2f} {:>8} {:>7}  ", sub.name,
                                  score ? fmt::format("{:.2f}", *score) : "–", sub.weight, sub.samples,
                                  age_text(sub.age_ms));
    row += score ? fmt::format("{:<21}", name_of(sub.reading))
                 : fmt::format("absent: {:<13}", name_of(sub.absence));
    for (std::size_t i = 0; i < sub.raw_count; ++i) {
        row += fmt::format(" {}={}", sub.raw[i].name, number_text(sub.raw[i].value));
    }
    while (row.ends_with(' ')) {
        row.pop_back();
    }
    return row + '\n';
}

std::string component_detail(const ComponentResult& component) {
    const auto& spec = spec_of(component.id);
    std::string text = fmt::format("\n{} {} · weight {:.2f} · coverage {:.2f}", spec.title,
                                   component.score ? fmt::format("{:.2f}", *component.score) : "–",
                                   component.weight, component.coverage);
    if (component.divergence_adjustment != 0) {
        text += fmt::format(" · Div {:+.2f}", component.divergence_adjustment);
    }
    text += fmt::format("\n  {:<22} {:>6} {:>6} {:>8} {:>7}  {:<21} {}\n", "sub-indicator", "score", "weight",
                        "samples", "age", "reading", "raw values");
    for (const auto& sub : component.sub_scores()) {
        text += sub_row(sub);
    }
    return text;
}

// Only what is lacking.
std::string lacking_rows(const Confluence& confluence) {
    const auto& thresholds = confluence.thresholds;
    std::string text;
    if (confluence.present < thresholds.components_min) {
        text += wide_row(fmt::format("insufficient data: {} of {} components ({} needed)", confluence.present,
                                     component_count, thresholds.components_min));
    }
    if (confluence.coverage < thresholds.coverage_min) {
        const auto [is, needed] = told_apart(confluence.coverage, thresholds.coverage_min, 2);
        text += wide_row(fmt::format("insufficient data: coverage {} ({} needed)", is, needed));
    }
    return text;
}

std::string verdict_rows(const Confluence& confluence) {
    std::string text;
    if (confluence.score) {
        text += wide_row(fmt::format("Confluence {:.2f} {} · raw {}", *confluence.score,
                                     name_of(*confluence.verdict), name_of(*confluence.raw_verdict)));
    } else {
        text += lacking_rows(confluence);
        if (confluence.partial_score) {
            text += wide_row(fmt::format("what is there stands at {:.2f}; this is not a score",
                                         *confluence.partial_score));
        }
    }
    text += wide_row(fmt::format("coverage {:.2f} · freshness {:.2f} · reliability {:.2f}",
                                 confluence.coverage, confluence.freshness, confluence.reliability));
    if (confluence.pulse) {
        text += wide_row(fmt::format("pulse of the book, seconds old {:.2f}", *confluence.pulse));
    }
    text += wide_row(fmt::format("consensus {:.2f} · disagreement {:.3f} · confidence {:.2f}",
                                 confluence.consensus, confluence.disagreement, confluence.confidence));
    return text;
}

/// Breaks text at spaces; further lines are indented.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
    std::string result;
    std::size_t column = indent;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        const auto word = text.substr(0, end);
        if (column > indent && column + word.size() + 1 > width) {
            result += '\n' + std::string(indent, ' ');
            column = indent;
        } else if (column > indent) {
            result += ' ';
            ++column;
        }
        result += word;
        column += word.size();
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return result + '\n';
}

std::string bullets(std::string_view title, const std::vector<std::string>& lines, std::size_t columns) {
    std::string text = lines.empty() ? std::string() : fmt::format("\n{}\n", title);
    for (const auto& line : lines) {
        text += "  · " + wrapped(line, 4, columns);
    }
    return text;
}

std::string sentences(std::string_view symbol, const Confluence& confluence,
                      const std::vector<const ComponentResult*>& order, std::size_t columns) {
    const auto interpretations = interpret(confluence, symbol);
    std::string text = "\nWhat it says\n";
    for (const auto* component : order) {
        text += fmt::format("  {:<16} ", spec_of(component->id).title) +
                wrapped(interpretations[static_cast<std::size_t>(component->id)], 19, columns);
    }
    return text + bullets("Across components", insights(confluence, symbol), columns) +
           bullets("What would change it", turning_points(confluence), columns);
}

}  // namespace

std::string gauge(double score, int cells) {
    const double share = std::isnan(score) ? 0.0 : std::clamp(score / 100.0, 0.0, 1.0);
    const int filled = static_cast<int>(share * cells);
    const std::string_view glyph = score >= 70 ? "█" : score >= 45 ? "▓" : "░";
    return repeated(glyph, filled) + repeated("·", cells - filled);
}

std::string component_row(std::string_view title, double score, double impact) {
    const auto score_text = score < 99.995 ? fmt::format("{:>5.2f}", score) : std::string("100.0");
    return fmt::format("║ {:<15} ║ {} ║ {:>6.1f} ║ {} ║\n", title, score_text, impact, gauge(score));
}

std::string breakdown_table(std::string_view exchange, std::string_view symbol, const Confluence& confluence,
                            std::size_t columns) {
    std::vector<const ComponentResult*> order;
    order.reserve(confluence.components.size());
    for (const auto& component : confluence.components) {
        order.push_back(&component);
    }
    std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
        return (a->score ? a->impact() : -1.0) > (b->score ? b->impact() : -1.0);
    });
    std::string text = fmt::format("{} · {} · {}\n", symbol, exchange, iso_text(confluence.as_of));
    text += rule("╔", "╦", "╗");
    text += fmt::format("║ {:<15} ║ {:<5} ║ {:<6} ║ {:<30} ║\n", "Component", "Score", "Impact", "Gauge");
    text += rule("╠", "╬", "╣");
    for (const auto* component : order) {
        const auto title = spec_of(component->id).title;
        text += component->score ? component_row(title, *component->score, component->impact())
                                 : absent_row(title, component->absence());
    }
    text += rule("╠", "╩", "╣");
    text += verdict_rows(confluence);
    text += fmt::format("╚{}╝\n", repeated("═", inner_width + 1));
    text += sentences(symbol, confluence, order, std::min(columns, sentence_columns));
    for (const auto* component : order) {
        text += component_detail(*component);
    }
    return text;
}

}  // namespace virtuoso
