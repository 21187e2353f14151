#include "present/component_json.hpp"

#include "present/json_values.hpp"

namespace virtuoso {

namespace {

Json sub_json(const SubScore& sub) {
    Json raw = Json::object();
    for (std::size_t i = 0; i < sub.raw_count; ++i) {
        raw.set(sub.raw[i].name, sub.raw[i].value);
    }
    return {{"score", or_null(sub.score())},
            {"pulse", sub.pulse ? Json(50 * (1 + *sub.pulse)) : Json(nullptr)},
            {"weight", sub.weight},
            {"raw", std::move(raw)},
            {"samples", sub.samples},
            {"age_ms", sub.age_ms < 0 ? Json(nullptr) : Json(sub.age_ms)},
            {"reading", sub.lean ? Json(std::string(name_of(sub.reading))) : Json(nullptr)},
            {"timeframe", sub.timeframe ? Json(std::string(name_of(*sub.timeframe))) : Json(nullptr)},
            {"absent", sub.lean ? Json(nullptr) : Json(std::string(name_of(sub.absence)))}};
}

}  // namespace

Json component_json(const ComponentResult& component, const std::string& interpretation) {
    Json subs = Json::object();
    for (const auto& sub : component.sub_scores()) {
        subs.set(sub.name, sub_json(sub));
    }
    return {{"score", or_null(component.score)},
            {"pulse", or_null(component.pulse)},
            {"weight", component.weight},
            {"impact", component.score ? Json(component.impact()) : Json(nullptr)},
            {"coverage", component.coverage},
            {"divergence_adjustment", component.divergence_adjustment},
            {"interpretation", interpretation},
            {"sub", std::move(subs)}};
}

}  // namespace virtuoso
