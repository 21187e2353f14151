#include "api/calibration_json.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace virtuoso {

namespace {

Json text_or_null(const std::optional<std::string>& text) {
    return text ? Json(*text) : Json(nullptr);
}

std::string sentence_of(const WhatFollowed& followed, std::string_view horizon) {
    const Interval interval = followed.interval();
    return fmt::format("of {} scores like this, {:.0f} % [{:.0f}, {:.0f}] rose in {}", followed.samples,
                       followed.rose_share() * 100, interval.low * 100, interval.high * 100, horizon);
}

}  // namespace

Json calibration_json(const std::optional<CalibrationAnswer>& answer) {
    if (!answer) {
        return nullptr;
    }
    constexpr std::size_t one_hour = 2;
    constexpr std::size_t width = 10;
    Json horizons = Json::object();
    for (std::size_t i = 0; i < answer->horizons.size(); ++i) {
        if (const auto& followed = answer->horizons.at(i)) {
            const Interval interval = followed->interval();
            horizons.set(horizon_name(i), {{"samples", followed->samples},
                                           {"rose", followed->rose_share()},
                                           {"low", interval.low},
                                           {"high", interval.high},
                                           {"mean_return", followed->mean_return}});
        }
    }
    const ScoreLikeness& like = answer->like;
    const auto& hour = answer->horizons.at(one_hour);
    return {{"like",
             {{"score_from", like.decile * width},
              {"score_to", (like.decile + 1) * width},
              {"direction", std::string(name_of(like.direction))},
              {"group", text_or_null(like.group)},
              {"regime", text_or_null(like.regime)}}},
            {"horizons", std::move(horizons)},
            {"sentence", hour ? Json(sentence_of(*hour, "1 h")) : Json(nullptr)}};
}

}  // namespace virtuoso
