// The validation of a running service: what was found, what it stands on, what to do.
#pragma once

#include "base/error.hpp"
#include "validation/criterion.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso::validation {

/// A measurement that two reports can be compared by.
struct Figure {
    std::string name;  ///< "socket to score, p99"
    double value = 0;
    std::string unit;
    bool worse_when_higher = false;  ///< false: it depends on the market
};

/// What became worse since another report.
struct Comparison {
    std::string with;  ///< the time of the other one
    std::vector<std::string> regressions;
    std::vector<std::string> improvements;
};

struct Report {
    const Observations* seen = nullptr;  ///< outlives it
    std::vector<Finding> findings;
    std::vector<Figure> figures;
    std::vector<std::string> risks;
    std::optional<Comparison> comparison = {};

    [[nodiscard]] std::size_t count(Judgement judgement) const noexcept;
    /// FAIL when anything failed, PASS when all passed, else NOT SEEN.
    [[nodiscard]] Judgement verdict() const noexcept;
    /// The share of the criteria that were seen, less where it was watched for less than twelve minutes. 0…1.
    [[nodiscard]] double confidence() const noexcept;
};

/// O(looks × symbols).
[[nodiscard]] Report make_report(const Observations& seen);

/// Holds the report against an earlier one's JSON. A figure is worse when it is a quarter worse. Error:
/// file_format.
[[nodiscard]] Result<Comparison> compare(const Report& report, std::string_view previous);

/// Schema "virtuoso.validation/1".
[[nodiscard]] std::string report_json(const Report& report);
[[nodiscard]] std::string report_markdown(const Report& report);
/// A page that needs nothing from elsewhere.
[[nodiscard]] std::string report_html(const Report& report);

}  // namespace virtuoso::validation
