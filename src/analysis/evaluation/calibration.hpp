// What followed scores: how often the price rose.
#pragma once

#include "analysis/confluence.hpp"
#include "analysis/evaluation/rank_correlation.hpp"
#include "analysis/outcome.hpp"

#include <array>
#include <compare>
#include <cstddef>
#include <map>
#include <optional>
#include <string>

namespace virtuoso {

/// Which scores are alike. What is not named is any.
struct ScoreLikeness {
    std::size_t decile = 0;  ///< a tenth of 0…100: 7 is 70 up to 80; 9 includes 100
    Verdict direction = Verdict::neutral;
    std::optional<std::string> group = {};   ///< of symbols
    std::optional<std::string> regime = {};  ///< of the market

    friend auto operator<=>(const ScoreLikeness&, const ScoreLikeness&) = default;
    friend bool operator==(const ScoreLikeness&, const ScoreLikeness&) = default;

    /// 0 for scores below 0 and for NaN, 9 for scores above 100.
    [[nodiscard]] static std::size_t decile_of(double score) noexcept;
};

/// Of one horizon.
struct WhatFollowed {
    std::size_t samples = 0;
    std::size_t rose = 0;
    double mean_return = 0;  ///< of the price, a share

    [[nodiscard]] double rose_share() const noexcept {
        return samples == 0 ? 0 : static_cast<double>(rose) / static_cast<double>(samples);
    }
    /// Wilson, 95 %, as if the samples were independent.
    [[nodiscard]] Interval interval() const noexcept {
        return wilson_interval(rose_share(), static_cast<double>(samples));
    }
};

struct CalibrationAnswer {
    ScoreLikeness like;  ///< as far as it could be kept
    /// Those with enough samples.
    std::array<std::optional<WhatFollowed>, outcome_horizons_ms.size()> horizons{};
};

/// Tables by tenth of the score, direction, symbol group and regime, a value. Nothing in it depends on the
/// order of what was noted but the last bits of means. O(log cells).
class Calibration {
  public:
    static constexpr std::size_t samples_min = 30;

    /// `return_share` of the price (not in the signal's favour) by the horizon of that number. What is not
    /// finite, and horizons that there are not, are passed over.
    void note(const ScoreLikeness& like, std::size_t horizon, double return_share);
    /// As if all that the other was told had been noted here. O(its cells).
    void add(const Calibration& other);
    /// Of the narrowest table that has enough samples of one hour: all four, else without the regime, else
    /// without the group too. nullopt when none has.
    [[nodiscard]] std::optional<CalibrationAnswer> answer(const ScoreLikeness& like) const;
    /// All that was noted of exactly these: `like` without a group is of all groups.
    [[nodiscard]] WhatFollowed followed(const ScoreLikeness& like, std::size_t horizon) const;
    [[nodiscard]] std::size_t cells() const noexcept { return cells_.size(); }

  private:
    using Cell = std::array<WhatFollowed, outcome_horizons_ms.size()>;
    std::map<ScoreLikeness, Cell> cells_;
};

}  // namespace virtuoso
