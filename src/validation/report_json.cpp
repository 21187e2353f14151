#include "present/json.hpp"
#include "validation/report.hpp"

namespace virtuoso::validation {

namespace {

Json criterion_json(const Finding& finding) {
    const Criterion& criterion = *finding.criterion;
    const auto& [value, at_ms, source] = finding.outcome.evidence;
    return {
        {"id", criterion.id},
        {"chapter", name_of(criterion.chapter)},
        {"wanted", criterion.wanted},
        {"test", criterion.test},
        {"judgement", name_of(finding.outcome.judgement)},
        {"evidence",
         {{"value", value},
          {"at_ms", at_ms > 0 ? Json(at_ms) : Json(nullptr)},
          {"source", source.empty() ? Json(nullptr) : Json(source)}}},
        {"remedy", finding.outcome.judgement == Judgement::pass ? Json(nullptr) : Json(criterion.remedy)}};
}

Json comparison_json(const std::optional<Comparison>& comparison) {
    if (!comparison) {
        return nullptr;
    }
    return {{"with", comparison->with},
            {"regressions", comparison->regressions},
            {"improvements", comparison->improvements}};
}

}  // namespace

std::string report_json(const Report& report) {
    const Observations& seen = *report.seen;
    Json criteria = Json::array();
    for (const Finding& finding : report.findings) {
        criteria.push_back(criterion_json(finding));
    }
    Json performance = Json::array();
    for (const Figure& figure : report.figures) {
        performance.push_back({{"name", figure.name}, {"value", figure.value}, {"unit", figure.unit}});
    }
    const Json whole = {{"schema", "virtuoso.validation/1"},
                        {"url", seen.url},
                        {"version", seen.process_last ? Json(seen.process_last->version) : Json(nullptr)},
                        {"exchange", seen.process_last ? Json(seen.process_last->exchange) : Json(nullptr)},
                        {"begun_ms", seen.begun_ms},
                        {"ended_ms", seen.ended_ms},
                        {"verdict", name_of(report.verdict())},
                        {"confidence", report.confidence()},
                        {"counts",
                         {{"passed", report.count(Judgement::pass)},
                          {"failed", report.count(Judgement::fail)},
                          {"not_seen", report.count(Judgement::not_seen)}}},
                        {"criteria", std::move(criteria)},
                        {"performance", std::move(performance)},
                        {"risks", report.risks},
                        {"comparison", comparison_json(report.comparison)}};
    return whole.text(2) + "\n";
}

}  // namespace virtuoso::validation
