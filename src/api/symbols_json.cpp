#include "api/symbols_json.hpp"

#include "api/calibration_json.hpp"
#include "present/confluence_json.hpp"
#include "present/json.hpp"

namespace virtuoso {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;

Json number_or_null(const std::optional<double>& value) {
    return value ? Json(*value) : Json(nullptr);
}
Json price_or_null(const std::optional<Price>& price) {
    return price ? Json(to_text(*price)) : Json(nullptr);
}
Json verdict_or_null(const std::optional<Verdict>& verdict) {
    return verdict ? Json(name_of(*verdict)) : Json(nullptr);
}

Json row_json(const SymbolResult& result, LocalTime now) {
    const Confluence& confluence = result.confluence;
    Json components = Json::object();
    for (const auto& component : confluence.components) {
        components.set(spec_of(component.id).name, number_or_null(component.score));
    }
    return {{"symbol", result.symbol},
            {"exchange", result.exchange},
            {"last_price", price_or_null(result.last_price)},
            {"change_24h", number_or_null(result.change_24h)},
            {"turnover_24h", number_or_null(result.turnover_24h)},
            {"funding_rate", number_or_null(result.funding_rate)},
            {"open_interest", number_or_null(result.open_interest)},
            {"score", number_or_null(confluence.score)},
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

std::string symbols_json(std::span<const ResultPointer> results, std::size_t total, LocalTime now) {
    Json rows = Json::array();
    for (const auto& result : results) {
        rows.push_back(row_json(*result, now));
    }
    const Json whole = {{"schema", "virtuoso.symbols/1"}, {"total", total}, {"symbols", std::move(rows)}};
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
                          {"last_price", price_or_null(result.last_price)},
                          {"change_24h", number_or_null(result.change_24h)},
                          {"turnover_24h", number_or_null(result.turnover_24h)},
                          {"concerns", result.concerns}});
    return whole.text() + "\n";
}

}  // namespace virtuoso
