#include "analysis/evaluation/score_log.hpp"

#include "base/deterministic_math.hpp"
#include "indicators/median.hpp"

#include <algorithm>
#include <limits>

namespace virtuoso {

namespace {
constexpr float absent = std::numeric_limits<float>::quiet_NaN();
}

ScoreLog::ScoreLog() {
    names_.emplace_back("whole");
    for (const auto& spec : all_components()) {
        names_.emplace_back(spec.name);
    }
    for (const auto& spec : all_components()) {
        for (const auto& sub : spec.sub_indicators) {
            names_.push_back(std::string(spec.name) + "." + std::string(sub.name));
        }
    }
    values_.resize(names_.size());
}

void ScoreLog::add(const Confluence& confluence) {
    if (!confluence.price.mid || !(*confluence.price.mid > 0)) {
        return;
    }
    times_.push_back(confluence.as_of.ms);
    prices_.push_back(*confluence.price.mid);
    const auto lean = [](const std::optional<double>& score) {
        return score ? static_cast<float>((*score - 50) / 50) : absent;
    };
    values_[0].push_back(lean(confluence.partial_score));
    std::size_t sub_column = 1 + component_count;
    for (std::size_t i = 0; i < component_count; ++i) {
        values_[1 + i].push_back(lean(confluence.components[i].score));
        for (const auto& sub : confluence.components[i].sub_scores()) {
            values_[sub_column++].push_back(sub.lean ? static_cast<float>(*sub.lean) : absent);
        }
    }
}

std::int64_t ScoreLog::step_ms() const {
    if (times_.size() < 2) {
        return 0;
    }
    std::vector<std::int64_t> steps;
    steps.reserve(times_.size() - 1);
    for (std::size_t i = 1; i < times_.size(); ++i) {
        steps.push_back(times_[i] - times_[i - 1]);
    }
    return median_of<std::int64_t>(steps);
}

std::vector<float> ScoreLog::forward_returns(std::int64_t horizon_ms) const {
    std::vector<float> result(times_.size(), absent);
    const std::int64_t tolerance = std::max(horizon_ms / 10, step_ms() * 3 / 2);
    std::size_t later = 0;
    for (std::size_t i = 0; i < times_.size(); ++i) {
        const std::int64_t due = times_[i] + horizon_ms;
        if (times_.back() < due) {
            break;
        }
        later = std::max(later, i);
        while (later + 1 < times_.size() && times_[later + 1] <= due) {
            ++later;
        }
        if (later > i && due - times_[later] <= tolerance) {
            result[i] = static_cast<float>(logarithm(prices_[later] / prices_[i]));
        }
    }
    return result;
}

}  // namespace virtuoso
