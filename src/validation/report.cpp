#include "validation/report.hpp"

#include "present/json_view.hpp"
#include "present/mebibytes.hpp"
#include "validation/evidence.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace virtuoso::validation {

namespace {

constexpr double full_minutes = 12;

void add_rates(std::vector<Figure>& figures, const Observations& seen) {
    const Look* const first = first_with_metrics(seen);
    const Look* const last = last_with_metrics(seen);
    if (first == last || last->at_ms <= first->at_ms) {
        return;
    }
    const double seconds = static_cast<double>(last->at_ms - first->at_ms) / 1e3;
    const auto rate = [&](std::string_view name) {
        return (last->metrics->sum(name).value_or(0) - first->metrics->sum(name).value_or(0)) / seconds;
    };
    figures.push_back({"messages", rate("virtuoso_feed_frames_total"), "a second"});
    figures.push_back({"evaluations", rate("virtuoso_evaluations_total"), "a second"});
    const Look* const middle = middle_with_metrics(seen);  // a start waits for histories
    for (const auto& [name, title] : {std::pair("virtuoso_socket_to_state_seconds", "socket to state"),
                                      std::pair("virtuoso_socket_to_score_seconds", "socket to score"),
                                      std::pair("virtuoso_evaluation_seconds", "evaluation")}) {
        const auto before = middle->metrics->buckets(name);
        const auto after = last->metrics->buckets(name);
        for (const auto& [share, of] : {std::pair(0.5, "p50"), std::pair(0.99, "p99")}) {
            if (const auto value = quantile(before, after, share)) {
                figures.push_back({fmt::format("{}, {} at most", title, of), *value * 1e3, "ms", true});
            }
        }
    }
}

void add_process(std::vector<Figure>& figures, const Observations& seen) {
    if (!seen.process_last) {
        return;
    }
    const ProcessSeen& last = *seen.process_last;
    figures.push_back({"resident memory", mib_of(last.resident_bytes), "MiB", true});
    if (seen.process_first && seen.process_first->id == last.id && seen.ended_ms > seen.begun_ms) {
        figures.push_back({"CPU",
                           (last.cpu_seconds - seen.process_first->cpu_seconds) /
                               (static_cast<double>(seen.ended_ms - seen.begun_ms) / 1e3) * 100,
                           "% of a core", true});
    }
    figures.push_back({"threads", static_cast<double>(last.threads), "", true});
    figures.push_back({"open descriptors", static_cast<double>(last.descriptors), "", true});
    if (last.histories > 0) {
        figures.push_back(
            {"history fetch", last.histories_ms / static_cast<double>(last.histories), "ms a symbol", true});
    }
}

void add_api(std::vector<Figure>& figures, const Observations& seen) {
    if (seen.asked.empty()) {
        return;
    }
    const std::vector<double> times = answer_times(seen);
    figures.push_back({"API answer, p50", times[times.size() / 2], "ms", true});
    figures.push_back({"API answer, p99", p99_of(times), "ms", true});
}

std::string configured(const Observations& seen, const std::string& key) {
    const auto found = seen.config.find(key);
    return found == seen.config.end() ? std::string() : found->second;
}

/// "NAME: console …". Of what cannot be read nothing is known.
bool is_console(const JsonView& sink) {
    const std::string text = sink.text();
    const auto kind = text.find_first_not_of(' ', std::min(text.find(':'), text.size() - 1) + 1);
    return kind != std::string::npos && text.substr(kind, text.find(' ', kind) - kind) == "console";
}

bool tells_the_log_alone(const std::string& sinks) {
    const auto list = Json::parsed(sinks);
    return list && sinks.starts_with('[') && std::ranges::all_of(JsonView(*list).elements(), is_console);
}

// What is no fault today and may be one tomorrow.
std::vector<std::string> risks_of(const Observations& seen) {
    std::vector<std::string> risks;
    if (!may_have_store(seen)) {
        risks.emplace_back("Nothing is kept ([store] address is off): signals cannot be judged afterwards.");
    }
    if (tells_the_log_alone(configured(seen, "alerts.sinks"))) {
        risks.emplace_back(
            "No sink but the console is configured ([alerts] sinks): nobody is told of trouble but by the "
            "log.");
    }
    if (!seen.keeper.empty() && seen.keeper.back().limit_source == "machine") {
        risks.emplace_back(
            "Memory has no limit of its own (MemoryMax): a leak of another program on this machine is this "
            "one's too.");
    }
    const std::string exchange = configured(seen, "exchange.name");
    if (exchange == "\"sim\"" || !seen.config.contains("exchange.name")) {
        risks.emplace_back(
            "What was followed is the simulated exchange: limits, gaps and bans of a real one were not met.");
    }
    if (minutes_of(seen) < full_minutes) {
        risks.push_back(fmt::format(
            "It was watched for {:.1f} minutes: what takes longer to show was not seen.", minutes_of(seen)));
    }
    const auto log = seen.log.value_or(std::vector<LogLineSeen>());
    const auto errors = std::ranges::count_if(
        log, [&](const LogLineSeen& line) { return line.level == "error" && line.time_ms < seen.begun_ms; });
    if (errors > 0) {
        risks.push_back(fmt::format("The log kept {} errors of the time before the watch.", errors));
    }
    const auto warnings =
        std::ranges::count_if(log, [](const LogLineSeen& line) { return line.level == "warning"; });
    constexpr std::ptrdiff_t many = 100;
    if (warnings > many) {
        risks.push_back(
            fmt::format("The log kept {} warnings: see which of them come again and again.", warnings));
    }
    return risks;
}

}  // namespace

std::size_t Report::count(Judgement judgement) const noexcept {
    return static_cast<std::size_t>(std::ranges::count_if(
        findings, [judgement](const Finding& finding) { return finding.outcome.judgement == judgement; }));
}

Judgement Report::verdict() const noexcept {
    if (count(Judgement::fail) > 0) {
        return Judgement::fail;
    }
    return count(Judgement::not_seen) > 0 || findings.empty() ? Judgement::not_seen : Judgement::pass;
}

double Report::confidence() const noexcept {
    if (findings.empty()) {
        return 0;
    }
    const auto seen_share = static_cast<double>(findings.size() - count(Judgement::not_seen)) /
                            static_cast<double>(findings.size());
    return seen_share * std::min(1.0, minutes_of(*seen) / full_minutes);
}

Report make_report(const Observations& seen) {
    Report report{.seen = &seen, .findings = judge(seen), .figures = {}, .risks = risks_of(seen)};
    add_rates(report.figures, seen);
    add_process(report.figures, seen);
    add_api(report.figures, seen);
    return report;
}

}  // namespace virtuoso::validation
