#include "analysis/evaluation/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace virtuoso {

namespace {

constexpr std::size_t one_hour = 2;
static_assert(outcome_horizons_ms[one_hour] == ms_per_hour);
constexpr std::size_t deciles = 10;
/// Groups and regimes are few; more would be a fault of the caller.
constexpr std::size_t cells_max = 4'096;

/// It and what it is a part of, the narrowest first.
std::vector<ScoreLikeness> wider_ones(const ScoreLikeness& like) {
    std::vector<ScoreLikeness> all{like};
    for (const bool keeps_group : {true, false}) {
        ScoreLikeness wider = like;
        wider.regime.reset();
        if (!keeps_group) {
            wider.group.reset();
        }
        if (std::ranges::find(all, wider) == all.end()) {
            all.push_back(std::move(wider));
        }
    }
    return all;
}

WhatFollowed together(const WhatFollowed& a, const WhatFollowed& b) {
    WhatFollowed both{.samples = a.samples + b.samples, .rose = a.rose + b.rose};
    if (both.samples > 0) {
        const double share = static_cast<double>(b.samples) / static_cast<double>(both.samples);
        both.mean_return = a.mean_return + (b.mean_return - a.mean_return) * share;
    }
    return both;
}

}  // namespace

std::size_t ScoreLikeness::decile_of(double score) noexcept {
    if (!(score > 0)) {
        return 0;
    }
    return score >= 100 ? deciles - 1 : static_cast<std::size_t>(score / deciles);
}

void Calibration::note(const ScoreLikeness& like, std::size_t horizon, double return_share) {
    if (horizon >= outcome_horizons_ms.size() || !std::isfinite(return_share)) {
        return;
    }
    for (const auto& wider : wider_ones(like)) {
        if (cells_.size() >= cells_max && !cells_.contains(wider)) {
            continue;
        }
        WhatFollowed& followed = cells_[wider].at(horizon);
        ++followed.samples;
        followed.rose += return_share > 0 ? 1U : 0U;
        followed.mean_return += (return_share - followed.mean_return) / static_cast<double>(followed.samples);
    }
}

void Calibration::add(const Calibration& other) {
    for (const auto& [like, cell] : other.cells_) {
        if (cells_.size() >= cells_max && !cells_.contains(like)) {
            continue;
        }
        Cell& mine = cells_[like];
        for (std::size_t i = 0; i < mine.size(); ++i) {
            mine.at(i) = together(mine.at(i), cell.at(i));
        }
    }
}

WhatFollowed Calibration::followed(const ScoreLikeness& like, std::size_t horizon) const {
    const auto cell = cells_.find(like);
    return cell == cells_.end() || horizon >= outcome_horizons_ms.size() ? WhatFollowed{}
                                                                         : cell->second.at(horizon);
}

std::optional<CalibrationAnswer> Calibration::answer(const ScoreLikeness& like) const {
    for (const auto& wider : wider_ones(like)) {
        const auto cell = cells_.find(wider);
        if (cell == cells_.end() || cell->second.at(one_hour).samples < samples_min) {
            continue;
        }
        CalibrationAnswer answer{.like = wider};
        for (std::size_t i = 0; i < answer.horizons.size(); ++i) {
            if (cell->second.at(i).samples >= samples_min) {
                answer.horizons.at(i) = cell->second.at(i);
            }
        }
        return answer;
    }
    return std::nullopt;
}

}  // namespace virtuoso
