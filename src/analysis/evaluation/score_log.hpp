// Scores over time, with the prices that followed.
#pragma once

#include "analysis/confluence.hpp"
#include "analysis/outcome.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace virtuoso {

/// One column per score: the whole (of what is present), the components, the sub-indicators. Values are
/// leans, NaN where absent. 4 bytes a value: a year of minutes takes about 110 MB.
class ScoreLog {
  public:
    ScoreLog();

    /// Samples without a price are left out. In order of time.
    void add(const Confluence& confluence);

    [[nodiscard]] std::size_t size() const noexcept { return times_.size(); }
    [[nodiscard]] std::size_t columns() const noexcept { return names_.size(); }
    /// "whole", "orderflow", …, "orderflow.cvd", …
    [[nodiscard]] const std::string& name(std::size_t column) const { return names_[column]; }
    [[nodiscard]] std::span<const float> column(std::size_t index) const { return values_[index]; }
    [[nodiscard]] std::span<const float> whole() const { return values_.front(); }
    [[nodiscard]] std::span<const float> component(ComponentId id) const {
        return values_[1 + static_cast<std::size_t>(id)];
    }
    [[nodiscard]] const std::vector<std::int64_t>& times_ms() const noexcept { return times_; }
    /// Typical time between samples: the median. 0 below two samples.
    [[nodiscard]] std::int64_t step_ms() const;

    /// Log return from each sample to the last one at most `horizon_ms` later; NaN when there is none within
    /// a tenth of the horizon (at least one and a half steps) before that time, or the log ends earlier.
    [[nodiscard]] std::vector<float> forward_returns(std::int64_t horizon_ms) const;

  private:
    std::vector<std::string> names_;
    std::vector<std::vector<float>> values_;
    std::vector<std::int64_t> times_;
    std::vector<double> prices_;
};

}  // namespace virtuoso
