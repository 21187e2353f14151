#include "service/result_log.hpp"

#include "service/latest_results.hpp"

#include <fmt/format.h>

namespace virtuoso {

namespace {

std::string absent_text(const Confluence& confluence) {
    std::string text;
    for (const auto& component : confluence.components) {
        if (!component.score) {
            text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", spec_of(component.id).name,
                                name_of(component.absence()));
        }
    }
    return text;
}

std::string score_text(const std::optional<double>& score) {
    return score ? fmt::format("{:.2f}", *score) : "none";
}

}  // namespace

std::string_view verdict_text(const Confluence& confluence) noexcept {
    return confluence.verdict ? name_of(*confluence.verdict) : "insufficient data";
}

// Before a symbol's histories are there it has no verdict. Hundreds that begin as NEUTRAL are no news.
void ResultLog::note(const SymbolResult& result, const SymbolResult* before) {
    const auto verdict_before = before == nullptr ? std::nullopt : before->confluence.verdict;
    const bool changed = verdict_before != result.confluence.verdict;
    const auto leans = [](const std::optional<Verdict>& verdict) {
        return verdict && *verdict != Verdict::neutral;
    };
    bool due = changed && (result.deep || leans(verdict_before) || leans(result.confluence.verdict));
    if (result.deep && result.confluence.verdict) {
        const auto [found, first] = told_.try_emplace(result.symbol, result.evaluated);
        if (first || changed || result.evaluated - found->second >= again_ns) {
            found->second = result.evaluated;
            due = true;
        }
    }
    if (due || log_.enabled(LogLevel::debug)) {
        tell(result, due ? LogLevel::info : LogLevel::debug);
    }
}

void ResultLog::tell(const SymbolResult& result, LogLevel level) {
    const Confluence& confluence = result.confluence;
    const auto line = [&](std::string_view kind, std::string text) {
        log_.write({.level = level, .part = "analysis", .kind = kind, .text = std::move(text)});
    };
    const std::string score = score_text(confluence.score);
    line("processing",
         fmt::format("Parallel indicator processing completed in {:.3f} ms: {}/{} successful, {} failed",
                     static_cast<double>(result.evaluation_ns) / 1e6, confluence.present, component_count,
                     component_count - confluence.present));
    if (!confluence.score) {
        line("incomplete",
             fmt::format("Confluence analysis incomplete for {}: {}/{} components ({})", result.symbol,
                         confluence.present, component_count, absent_text(confluence)));
        return;
    }
    line("complete", fmt::format("Confluence analysis complete for {}: Score={}", result.symbol, score));
    line("signal", fmt::format("Generated {} signal for {} with score {}", verdict_text(confluence),
                               result.symbol, score));
    line("cached", fmt::format("Cached confluence breakdown for {}: {} ({})", result.symbol, score,
                               verdict_text(confluence)));
    if (level == LogLevel::debug) {
        line("words", fmt::format("CACHED breakdown with {} interpretations for {}",
                                  words_of(result).interpretations.size(), result.symbol));
    }
}

}  // namespace virtuoso
