#include "analysis/held_side.hpp"

namespace virtuoso {

Verdict HeldSide::update(const Confluence& confluence) noexcept {
    if (confluence.as_of < last_) {
        return side_;
    }
    last_ = confluence.as_of;
    if (!confluence.score) {
        side_ = Verdict::neutral;  // what is not known cannot be held
        return side_;
    }
    const double score = *confluence.score;
    const bool stays =
        (side_ == Verdict::long_side && score >= thresholds_.long_from - thresholds_.hysteresis) ||
        (side_ == Verdict::short_side && score <= thresholds_.short_to + thresholds_.hysteresis);
    if (!stays) {
        side_ = confluence.reliability >= thresholds_.reliability_min ? thresholds_.verdict_of(score)
                                                                      : Verdict::neutral;
    }
    return side_;
}

}  // namespace virtuoso
