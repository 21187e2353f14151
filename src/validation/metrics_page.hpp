// What /metrics told at one moment: the text format of Prometheus, version 0.0.4.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace virtuoso::validation {

class MetricsPage {
  public:
    /// Lines that are none are passed over. O(length).
    [[nodiscard]] static MetricsPage read(std::string_view text);

    /// All series of the name that have this label together, with any label when it is empty; nullopt where
    /// there is none. `label`: `class="book"`. O(series).
    [[nodiscard]] std::optional<double> sum(std::string_view name, std::string_view label = {}) const;
    /// Counts of a histogram's buckets by their upper bounds, which ascend, of all series together.
    /// O(series).
    [[nodiscard]] std::vector<std::pair<double, double>> buckets(std::string_view name) const;
    [[nodiscard]] bool empty() const noexcept { return series_.empty(); }
    /// Forgets series whose names begin with none of these.
    void keep(std::span<const std::string_view> names);

  private:
    struct Series {
        std::string name;
        std::string labels;  ///< as they are written, without braces
        double value = 0;
    };
    std::vector<Series> series_;
};

/// Of what came between two moments: the upper bound of the bucket in which the share lies, in the unit of
/// the bounds; infinite beyond the last one. nullopt where nothing came.
[[nodiscard]] std::optional<double> quantile(const std::vector<std::pair<double, double>>& before,
                                             const std::vector<std::pair<double, double>>& after,
                                             double share);

}  // namespace virtuoso::validation
