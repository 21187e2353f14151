// Every number of a confluence as text, with all digits.
#pragma once

#include "analysis/confluence.hpp"

#include <fmt/format.h>

#include <string>

namespace virtuoso::test {

inline std::string digest(const Confluence& confluence) {
    std::string text = fmt::format("as of {}\n", confluence.as_of.ms);
    for (const auto& component : confluence.components) {
        text += fmt::format("{} {} {}\n", spec_of(component.id).name, component.score.value_or(-1),
                            component.coverage);
        for (const auto& sub : component.sub_scores()) {
            text += fmt::format(" {} {} {} {} {}", sub.name, sub.lean.value_or(-9),
                                static_cast<int>(sub.reading), sub.samples, sub.age_ms);
            for (std::size_t i = 0; i < sub.raw_count; ++i) {
                text += fmt::format(" {}", sub.raw[i].value);
            }
            text += '\n';
        }
    }
    return text + fmt::format("{} {} {} {}\n", confluence.score.value_or(-1),
                              confluence.partial_score.value_or(-1), confluence.freshness,
                              confluence.price.mid.value_or(-1));
}

}  // namespace virtuoso::test
