// What became of a period's signals, all together.
#pragma once

#include "report/period_report.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace virtuoso::report {

struct SignalResults {
    std::vector<const SignalFate*> over;  ///< whose plan ran to its end, the best first
    std::size_t longs = 0;
    std::size_t shorts = 0;
    std::size_t open = 0;
    std::size_t holes = 0;  ///< nobody saw what became of them
    std::size_t won = 0;    ///< of those that are over, after costs
    Spread net;             ///< R after costs
};

/// Points into `period`. O(signals × log signals).
[[nodiscard]] SignalResults results_of(const PeriodReport& period);

/// "41 signals, 22 LONG and 19 SHORT; 33 ran to the end of the plan, 8 still open."
[[nodiscard]] std::string count_sentence(const SignalResults& results);
/// "Won: 18 of 33, 55 % (95 % interval: 38 to 70 %). Expectation …": one line. Precondition: something is
/// over.
[[nodiscard]] std::string record_sentence(const SignalResults& results);

}  // namespace virtuoso::report
