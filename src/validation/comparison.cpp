#include "base/time.hpp"
#include "present/json_view.hpp"
#include "validation/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace virtuoso::validation {

namespace {

constexpr double worse_share = 0.25;

int rank_of(std::string_view judgement) noexcept {
    for (const Judgement each : {Judgement::fail, Judgement::not_seen, Judgement::pass}) {
        if (judgement == name_of(each)) {
            return each == Judgement::pass ? 2 : each == Judgement::not_seen ? 1 : 0;
        }
    }
    return -1;
}

void compare_findings(const Report& report, const JsonView& root, Comparison& comparison) {
    std::map<std::string, std::string> before;
    for (const auto& criterion : root["criteria"].elements()) {
        before.insert_or_assign(criterion["id"].text(), criterion["judgement"].text());
    }
    for (const Finding& finding : report.findings) {
        const auto found = before.find(std::string(finding.criterion->id));
        const int was = found == before.end() ? -1 : rank_of(found->second);
        const int is = rank_of(name_of(finding.outcome.judgement));
        const bool worse = was > is && (was == 2 || is == 0);
        const bool better = was >= 0 && is == 2 && was < 2;
        if (!worse && !better) {
            continue;  // also where a fault was not seen again: nobody knows
        }
        auto text =
            fmt::format("{} ({}): was {}, is {}: {}", finding.criterion->id, finding.criterion->wanted,
                        found->second, name_of(finding.outcome.judgement), finding.outcome.evidence.value);
        (worse ? comparison.regressions : comparison.improvements).push_back(std::move(text));
    }
}

void compare_figures(const Report& report, const JsonView& root, Comparison& comparison) {
    std::map<std::string, double> before;
    for (const auto& figure : root["performance"].elements()) {
        if (const auto value = figure["value"].number()) {
            before.insert_or_assign(figure["name"].text(), *value);
        }
    }
    for (const Figure& figure : report.figures) {
        const auto found = before.find(figure.name);
        if (found == before.end() || !figure.worse_when_higher) {
            continue;
        }
        auto text = fmt::format("{}: was {:.4g}, is {:.4g} {}", figure.name, found->second, figure.value,
                                figure.unit);
        if (figure.value > found->second * (1 + worse_share)) {
            comparison.regressions.push_back(std::move(text));
        } else if (figure.value * (1 + worse_share) < found->second) {
            comparison.improvements.push_back(std::move(text));
        }
    }
}

}  // namespace

Result<Comparison> compare(const Report& report, std::string_view previous) {
    const auto document = Json::parsed(previous);
    if (!document || JsonView(*document)["schema"].text() != "virtuoso.validation/1") {
        return fail(ErrorCode::file_format,
                    "it is no report of `virtuoso validate`: give the report.json of an earlier one");
    }
    const JsonView root(*document);
    Comparison comparison{.with = iso_text(ExchangeTime{root["begun_ms"].whole().value_or(0)}),
                          .regressions = {},
                          .improvements = {}};
    compare_findings(report, root, comparison);
    compare_figures(report, root, comparison);
    return comparison;
}

}  // namespace virtuoso::validation
