#include "api/symbols_json.hpp"

#include "api/calibration_json.hpp"
#include "present/confluence_json.hpp"
#include "present/json.hpp"
#include "present/json_values.hpp"

namespace virtuoso {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;

Json verdict_or_null(const std::optional<Verdict>& verdict) {
    return verdict ? Json(name_of(*verdict)) : Json(nullptr);
}

Json row_json(const SymbolResult& result, LocalTime now) {
    const Confluence& confluence = result.confluence;
    Json components = Json::object();
    for (const auto& component : confluence.components) {
        components.set(spec_of(component.id).name, or_null(component.score));
    }
    return {{"symbol", result.symbol},
            {"exchange", result.exchange},
            {"last_price", or_null(result.last_price)},
            {"change_24h", or_null(result.change_24h)},
            {"turnover_24h", or_null(result.turnover_24h)},
            {"funding_rate", or_null(result.funding_rate)},
            {"open_interest", or_null(result.open_interest)},
            {"open_interest_change_1h", or_null(result.open_interest_change_1h)},
            {"score", or_null(confluence.score)},
            {"signal", verdict_or_null(confluence.verdict)},
            {"raw_signal", verdict_or_null(confluence.raw_verdict)},
            {"components", std::move(components)},
            {"coverage", confluence.coverage},
            {"reliability", confluence.reliability},
            {"deep", result.deep},
            {"as_of_ms", confluence.as_of.ms},
            {"age_ms", (now - result.evaluated) / ns_per_ms},
            {"concerns", result.concerns}};
}

}  // namespace

std::string symbols_json(const SymbolPage& page, LocalTime now) {
    Json rows = Json::array();
    for (const auto& result : page.rows) {
        rows.push_back(row_json(*result, now));
    }
    const Json whole = {{"schema", "virtuoso.symbols/1"},
                        {"total", page.total},
                        {"next_cursor", page.next.empty() ? Json(nullptr) : Json(page.next)},
                        {"symbols", std::move(rows)}};
    return whole.text() + "\n";
}

std::string symbol_json(const SymbolResult& result, LocalTime now) {
    const Confluence& confluence = result.confluence;
    Json whole = {{"schema", "virtuoso.symbol/1"}, {"row", row_json(result, now)}};
    whole.set("pulse", or_null(confluence.pulse));
    whole.set("consensus", confluence.consensus);
    whole.set("disagreement", confluence.disagreement);
    whole.set("confidence", confluence.confidence);
    whole.set("freshness", confluence.freshness);
    whole.set("components_present", confluence.present);
    whole.set("newest_ms", result.newest.ms);
    whole.set("history_given_up", result.history_given_up);
    return whole.text() + "\n";
}

std::string interpretations_json(const SymbolResult& result, LocalTime now) {
    const BreakdownWords words = words_of(result);
    Json components = Json::object();
    for (const auto& component : result.confluence.components) {
        components.set(spec_of(component.id).name,
                       {{"score", or_null(component.score)},
                        {"interpretation", words.interpretations[static_cast<std::size_t>(component.id)]}});
    }
    const Json whole = {
        {"schema", "virtuoso.interpretations/1"},    {"symbol", result.symbol},
        {"score", or_null(result.confluence.score)}, {"signal", verdict_or_null(result.confluence.verdict)},
        {"as_of_ms", result.confluence.as_of.ms},    {"age_ms", (now - result.evaluated) / ns_per_ms},
        {"components", std::move(components)},       {"insights", words.insights},
        {"turning_points", words.turning_points}};
    return whole.text() + "\n";
}

std::string result_json(const KeptResult& kept, const std::optional<CalibrationAnswer>& calibration,
                        LocalTime now) {
    const SymbolResult& result = *kept.result;
    Json whole = confluence_object(result.exchange, result.symbol, result.confluence);
    whole.set("calibration", calibration_json(calibration));
    whole.set("service", {{"evaluated_ms", result.evaluated.ns / ns_per_ms},
                          {"age_ms", (now - result.evaluated) / ns_per_ms},
                          {"evaluation_us", static_cast<double>(result.evaluation_ns) / 1e3},
                          {"number", result.number},
                          {"reads", kept.reads},
                          {"deep", result.deep},
                          {"shard", result.shard},
                          {"last_price", or_null(result.last_price)},
                          {"change_24h", or_null(result.change_24h)},
                          {"turnover_24h", or_null(result.turnover_24h)},
                          {"concerns", result.concerns}});
    return whole.text() + "\n";
}

}  // namespace virtuoso
