#include "validation/report_text.hpp"

#include "base/time.hpp"
#include "present/mebibytes.hpp"
#include "validation/evidence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <set>
#include <utility>

namespace virtuoso::validation {

namespace {

std::string time_of(std::int64_t ms) {
    return ms > 0 ? iso_text(ExchangeTime{ms}) : std::string();
}

std::string score_of(const std::optional<double>& score) {
    return score ? fmt::format("{:.2f}", *score) : "absent";
}

Table findings_of(const Report& report, Chapter chapter) {
    Table table{.head = {"", "wanted", "seen", "verdict"}, .rows = {}};
    for (const auto& [criterion, outcome] : report.findings) {
        if (criterion->chapter == chapter) {
            table.rows.push_back({std::string(criterion->id), std::string(criterion->wanted),
                                  outcome.evidence.value, std::string(name_of(outcome.judgement))});
        }
    }
    return table;
}

Section summary(const Report& report) {
    const Observations& seen = *report.seen;
    Section section{"Summary", {}};
    section.blocks.emplace_back(Paragraph{
        fmt::format("Verdict: {}. {} criteria passed, {} failed, {} were not seen. Confidence {:.0f} %: the "
                    "share of the criteria that were "
                    "seen, less where it was watched for less than 12 minutes.",
                    name_of(report.verdict()), report.count(Judgement::pass), report.count(Judgement::fail),
                    report.count(Judgement::not_seen), report.confidence() * 100)});
    Table troubles{.head = {"", "wanted", "seen", "verdict"}, .rows = {}};
    for (const auto& [criterion, outcome] : report.findings) {
        if (outcome.judgement != Judgement::pass) {
            troubles.rows.push_back({std::string(criterion->id), std::string(criterion->wanted),
                                     outcome.evidence.value, std::string(name_of(outcome.judgement))});
        }
    }
    if (!troubles.rows.empty()) {
        section.blocks.emplace_back(std::move(troubles));
    }
    section.blocks.emplace_back(Paragraph{
        fmt::format("Watched from {} to {}, {:.1f} minutes, {} looks, {} requests.", time_of(seen.begun_ms),
                    time_of(seen.ended_ms), minutes_of(seen), seen.looks.size(), seen.asked.size())});
    return section;
}

Section environment(const Observations& seen) {
    Table table{.head = {"what", "value"}, .rows = {{"service", seen.url}}};
    if (const auto& process = seen.process_last) {
        table.rows.push_back({"version", process->version});
        table.rows.push_back({"exchange", process->exchange});
        table.rows.push_back(
            {"process", fmt::format("{}, since {}", process->id, time_of(process->started_ms))});
    }
    if (!seen.keeper.empty() && seen.keeper.back().limit_bytes > 0) {
        table.rows.push_back(
            {"memory limit", fmt::format("{:.0f} MiB, of the {}", mib_of(seen.keeper.back().limit_bytes),
                                         seen.keeper.back().limit_source)});
    }
    for (const std::string_view key :
         {"universe.deep", "universe.deep_only", "engine.shards", "exchange.depth", "exchange.rest_url",
          "store.address", "keeper.interval_s"}) {
        if (const auto found = seen.config.find(std::string(key)); found != seen.config.end()) {
            table.rows.push_back({std::string(key), found->second});
        }
    }
    return {"Environment", {std::move(table)}};
}

Section initialisation(const Report& report) {
    Section section{"Initialisation", {findings_of(report, Chapter::initialisation)}};
    if (const auto& process = report.seen->process_last) {
        Table parts{.head = {"part", "made in, ms"}, .rows = {}};
        for (const auto& [name, ms] : process->initialised) {
            parts.rows.push_back({name, fmt::format("{:.2f}", ms)});
        }
        section.blocks.emplace_back(std::move(parts));
    }
    return section;
}

Section keeper(const Report& report) {
    constexpr std::size_t runs_max = 12;
    Section section{std::string(name_of(Chapter::keeper)), {findings_of(report, Chapter::keeper)}};
    if (report.seen->keeper.empty()) {
        return section;
    }
    const auto& runs = report.seen->keeper.back().runs;
    Table table{.head = {"run", "begun", "late, ms", "took, ms", "what it did"}, .rows = {}};
    for (const KeeperRunSeen& run :
         runs | std::views::drop(runs.size() > runs_max ? runs.size() - runs_max : 0)) {
        table.rows.push_back({fmt::format("{}{}", run.number, run.asked_for ? ", asked for" : ""),
                              time_of(run.started_ms), fmt::format("{}", run.late_ms),
                              fmt::format("{}", run.duration_ms), run.error.empty() ? run.line : run.error});
    }
    section.blocks.emplace_back(std::move(table));
    return section;
}

/// A row a minute, of the first look in it.
Table minutes(const Observations& seen) {
    Table table{.head = {"minute", "resident, MiB", "messages a second", "evaluations a second",
                         "deep symbols whole"},
                .rows = {}};
    const Look* before = nullptr;
    std::int64_t next_ms = seen.begun_ms;
    for (const Look& look : seen.looks) {
        if (!look.metrics || !look.health || look.at_ms < next_ms) {
            continue;
        }
        next_ms = look.at_ms + 60'000 - seen.every_ms / 2;
        const auto rate = [&](std::string_view name) {
            if (before == nullptr) {
                return std::string();
            }
            const double gained =
                look.metrics->sum(name).value_or(0) - before->metrics->sum(name).value_or(0);
            return fmt::format("{:.0f}", gained / (static_cast<double>(look.at_ms - before->at_ms) / 1e3));
        };
        table.rows.push_back(
            {fmt::format("{:.0f}", static_cast<double>(look.at_ms - seen.begun_ms) / 60e3),
             fmt::format("{:.1f}", mib_of(look.metrics->sum("process_resident_memory_bytes").value_or(0))),
             rate("virtuoso_feed_frames_total"), rate("virtuoso_evaluations_total"),
             fmt::format("{} of {}", look.health->deep_whole, look.health->deep)});
        before = &look;
    }
    return table;
}

Section health(const Report& report) {
    Section section{std::string(name_of(Chapter::health)), {findings_of(report, Chapter::health)}};
    section.blocks.emplace_back(minutes(*report.seen));
    if (const Look* const look = last_with_health(*report.seen)) {
        Table parts{.head = {"part", "good", "in figures"}, .rows = {}};
        for (const PartSeen& part : look->health->parts) {
            parts.rows.push_back({part.name, part.good ? "yes" : "no", part.detail});
        }
        section.blocks.emplace_back(std::move(parts));
    }
    return section;
}

void add_breakdown(Section& section, const BreakdownSeen& breakdown) {
    section.blocks.emplace_back(
        Paragraph{fmt::format("{} at {}: {} {}, coverage {:.0f} %, reliability {:.0f} %, evaluated in {:.3f} "
                              "ms, {} ms old, read {} times.",
                              breakdown.symbol, time_of(breakdown.at_ms), score_of(breakdown.score),
                              breakdown.signal, breakdown.coverage * 100, breakdown.reliability * 100,
                              breakdown.evaluation_us / 1e3, breakdown.age_ms, breakdown.reads)});
    Table table{.head = {"component", "score", "weight", "impact", "coverage", "interpretation", "absent"},
                .rows = {}};
    for (const ComponentSeen& component : breakdown.components) {
        std::string absent;
        for (const auto& sub : component.absent) {
            absent += (absent.empty() ? "" : ", ") + sub;
        }
        table.rows.push_back(
            {component.name, score_of(component.score), fmt::format("{:.2f}", component.weight),
             fmt::format("{:.2f}", component.impact), fmt::format("{:.0f} %", component.coverage * 100),
             component.interpretation, absent});
    }
    section.blocks.emplace_back(std::move(table));
}

Section confluence(const Report& report) {
    constexpr std::size_t samples = 3;
    Section section{std::string(name_of(Chapter::confluence)), {findings_of(report, Chapter::confluence)}};
    std::set<std::string> told;
    for (const BreakdownSeen& breakdown : std::views::reverse(report.seen->breakdowns)) {
        if (told.size() < samples && told.insert(breakdown.symbol).second) {
            add_breakdown(section, breakdown);
        }
    }
    return section;
}

Section signals(const Report& report) {
    constexpr std::size_t shown = 10;
    Section section{std::string(name_of(Chapter::signals)), {findings_of(report, Chapter::signals)}};
    Table table{.head = {"time", "symbol", "direction", "score"}, .rows = {}};
    for (const SignalSeen& signal : report.seen->signals | std::views::take(shown)) {
        table.rows.push_back(
            {time_of(signal.time_ms), signal.symbol, signal.direction, fmt::format("{:.2f}", signal.score)});
    }
    if (!table.rows.empty()) {
        section.blocks.emplace_back(std::move(table));
    }
    return section;
}

Section regression(const Report& report) {
    constexpr std::size_t shown = 15;
    Section section{std::string(name_of(Chapter::regression)), {findings_of(report, Chapter::regression)}};
    LogLines lines;
    const auto log = report.seen->log.value_or(std::vector<LogLineSeen>());
    for (const LogLineSeen& line : log | std::views::drop(log.size() > shown ? log.size() - shown : 0)) {
        lines.lines.push_back(
            fmt::format("{} {:7} {:8} {}", time_of(line.time_ms), line.level, line.part, line.message));
    }
    if (!lines.lines.empty()) {
        section.blocks.emplace_back(Paragraph{"The newest warnings and errors of the log:"});
        section.blocks.emplace_back(std::move(lines));
    }
    return section;
}

Section matrix(const Report& report) {
    Table table{.head = {"criterion", "test", "evidence", "time", "source", "verdict"}, .rows = {}};
    for (const auto& [criterion, outcome] : report.findings) {
        table.rows.push_back({fmt::format("{} {}", criterion->id, criterion->wanted),
                              std::string(criterion->test), outcome.evidence.value,
                              time_of(outcome.evidence.at_ms), outcome.evidence.source,
                              std::string(name_of(outcome.judgement))});
    }
    return {"Traceability matrix", {std::move(table)}};
}

Section risks(const Report& report) {
    Section section{"Risks", {}};
    for (const auto& risk : report.risks) {
        section.blocks.emplace_back(Paragraph{risk});
    }
    if (report.risks.empty()) {
        section.blocks.emplace_back(Paragraph{"None was found."});
    }
    return section;
}

Section performance(const Report& report) {
    Table table{.head = {"what", "value", "unit"}, .rows = {}};
    for (const Figure& figure : report.figures) {
        table.rows.push_back({figure.name, fmt::format("{:.4g}", figure.value), figure.unit});
    }
    return {"Performance metrics", {findings_of(report, Chapter::performance), std::move(table)}};
}

Section comparison(const Comparison& comparison) {
    Section section{fmt::format("Since {}", comparison.with), {}};
    for (const auto& [title, texts] : {std::pair("Regressions", &comparison.regressions),
                                       std::pair("Improvements", &comparison.improvements)}) {
        Table table{.head = {title}, .rows = {}};
        for (const auto& text : *texts) {
            table.rows.push_back({text});
        }
        if (texts->empty()) {
            table.rows.push_back({"none"});
        }
        section.blocks.emplace_back(std::move(table));
    }
    return section;
}

Section follow_up(const Report& report) {
    Table table{.head = {"criterion", "what to do"}, .rows = {}};
    for (const auto& [criterion, outcome] : report.findings) {
        if (outcome.judgement != Judgement::pass) {
            table.rows.push_back({fmt::format("{}, {}", criterion->id, name_of(outcome.judgement)),
                                  std::string(criterion->remedy)});
        }
    }
    Section section{"Follow-up", {}};
    if (table.rows.empty()) {
        section.blocks.emplace_back(Paragraph{"Nothing: every criterion passed."});
    } else {
        section.blocks.emplace_back(std::move(table));
    }
    return section;
}

}  // namespace

SectionedReport text_of(const Report& report) {
    std::vector<Section> sections{
        summary(report), environment(*report.seen), initialisation(report), keeper(report),
        health(report),  confluence(report),        signals(report),        regression(report)};
    if (report.seen->restart) {
        sections.push_back({std::string(name_of(Chapter::restart)), {findings_of(report, Chapter::restart)}});
    }
    sections.push_back(matrix(report));
    sections.push_back(risks(report));
    sections.push_back(performance(report));
    if (report.comparison) {
        sections.push_back(comparison(*report.comparison));
    }
    sections.push_back(follow_up(report));
    return {.schema = "virtuoso.validation/1",
            .title = fmt::format("Validation of {}, {}", report.seen->url, time_of(report.seen->begun_ms)),
            .sections = std::move(sections)};
}

std::string report_markdown(const Report& report) {
    return markdown_of(text_of(report));
}

std::string report_html(const Report& report) {
    return page_of(text_of(report));
}

}  // namespace virtuoso::validation
