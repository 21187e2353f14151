// Why one symbol's score is what it is, as the screen shows it.
#pragma once

#include "base/error.hpp"
#include "base/time.hpp"
#include "screen/cells.hpp"
#include "screen/frame.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso::screen {

struct BreakdownSub {
    std::string name;
    std::optional<double> score;
    std::string reading;  ///< or why it is absent
    std::string values;   ///< the raw ones: "name=1.5 other=2"
};

struct BreakdownComponent {
    std::string title;
    std::optional<double> score;
    std::optional<double> impact;
    std::string sentence;
    std::vector<BreakdownSub> subs;
};

/// Texts were `shown`.
struct Breakdown {
    std::string symbol;
    std::string exchange;
    ExchangeTime as_of;
    std::string verdict;               ///< one sentence: the score and the side, or that there is none
    std::vector<std::string> figures;  ///< "coverage 0.96"
    std::vector<BreakdownComponent> components;
    std::vector<std::string> insights;
    std::vector<std::string> turning_points;
    std::vector<std::string> concerns;  ///< what is missing of its data

    /// From a document of schema "virtuoso.confluence/1", a service's or our own. What it lacks is left out.
    /// Error: file_format when it is none. O(length).
    [[nodiscard]] static Result<Breakdown> read(std::string_view document, Glyphs glyphs);
};

/// Its text in lines of at most `columns` cells. Precondition: columns > 0. O(text).
[[nodiscard]] std::vector<Line> breakdown_lines(const Breakdown& breakdown, std::size_t columns);

}  // namespace virtuoso::screen
