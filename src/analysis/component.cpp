#include "analysis/component.hpp"

#include "base/assert.hpp"
#include "base/deterministic_math.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace virtuoso {

std::string_view name_of(Absence absence) noexcept {
    switch (absence) {
        case Absence::none:
            return "present";
        case Absence::no_data:
            return "no_data";
        case Absence::warming_up:
            return "warming_up";
        case Absence::flat:
            return "flat";
        case Absence::book_invalid:
            return "book_invalid";
        case Absence::book_stale:
            return "book_stale";
        case Absence::trades_stale:
            return "trades_stale";
    }
    return "unknown";
}

void SubScore::add_raw(std::string_view raw_name, double value) {
    VIRTUOSO_ASSERT(raw_count < raw_max, "a sub-indicator has a bounded number of raw values");
    VIRTUOSO_ASSERT(std::isfinite(value), "raw values are finite");
    raw[raw_count++] = {raw_name, value};
}

void SubScore::set_strength(double strength) {
    set_lean(hyperbolic_tangent(strength));
}

void SubScore::set_lean(double value) {
    VIRTUOSO_ASSERT(std::isfinite(value), "a lean is finite");
    lean = std::clamp(value, -1.0, 1.0);
    absence = Absence::none;
}

void SubScore::set_absent(Absence why) {
    lean.reset();
    absence = why;
}

void Component::update(const AnalysisInputs&, const StateChange&) {}

std::optional<double> SubScore::raw_value(std::string_view raw_name) const noexcept {
    for (std::size_t i = 0; i < raw_count; ++i) {
        if (raw[i].name == raw_name) {
            return raw[i].value;
        }
    }
    return std::nullopt;
}

ComponentResult::ComponentResult(ComponentId component, const Weights& weights)
    : id(component), weight(weights.component[static_cast<std::size_t>(component)]) {
    const auto& sub_weights = weights.sub[static_cast<std::size_t>(component)];
    for (const auto& spec : spec_of(component).sub_indicators) {
        subs[sub_count].name = spec.name;
        subs[sub_count].weight = sub_weights[sub_count];
        ++sub_count;
    }
}

const SubScore& ComponentResult::sub(std::string_view name) const {
    for (std::size_t i = 0; i < sub_count; ++i) {
        if (subs[i].name == name) {
            return subs[i];
        }
    }
    VIRTUOSO_ASSERT(false, "sub-indicators are named as in the component's list");
    return subs[0];
}

SubScore& ComponentResult::sub(std::string_view name) {
    return const_cast<SubScore&>(std::as_const(*this).sub(name));
}

Absence ComponentResult::absence() const noexcept {
    for (const auto& entry : sub_scores()) {
        if (!entry.lean && entry.absence != Absence::no_data) {
            return entry.absence;
        }
    }
    return score ? Absence::none : Absence::no_data;
}

void ComponentResult::set_all_absent(Absence why) {
    pulse.reset();
    for (std::size_t i = 0; i < sub_count; ++i) {
        subs[i].pulse.reset();
        subs[i].set_absent(why);
    }
}

void ComponentResult::combine() {
    double total = 0;
    double present = 0;
    double sum = 0;
    double pulsing = 0;
    double pulse_sum = 0;
    for (const auto& entry : sub_scores()) {
        total += entry.weight;
        if (entry.pulse) {
            pulsing += entry.weight;
            pulse_sum += entry.weight * *entry.pulse;
        }
        if (entry.lean) {
            present += entry.weight;
            sum += entry.weight * *entry.lean;
        }
    }
    coverage = present / total;
    pulse = pulsing > 0 ? std::optional(50.0 * (1.0 + pulse_sum / pulsing)) : std::nullopt;
    if (present > 0) {
        score = std::clamp(50.0 * (1.0 + sum / present) + divergence_adjustment, 0.0, 100.0);
    }
}

}  // namespace virtuoso
