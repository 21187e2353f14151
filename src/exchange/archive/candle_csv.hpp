// Candle files: one header line, then one candle a line.
#pragma once

#include "base/error.hpp"
#include "market/candle.hpp"
#include "market/timeframe.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace virtuoso::archive {

/// Reads lines of a CSV with the columns time, open, high, low, close and volume in any order. The time
/// column may be called timestamp, open_time, time, time_ms or date and hold milliseconds or ISO 8601.
/// Every error names the line. Rows have to ascend on the grid of the timeframe; missing rows are
/// counted, not refused.
class CandleCsv {
  public:
    explicit CandleCsv(Timeframe timeframe) : timeframe_(timeframe) {}
    /// For rows without a header, in the order time, open, high, low, close, volume.
    [[nodiscard]] static CandleCsv headerless(Timeframe timeframe) {
        CandleCsv csv(timeframe);
        csv.has_header_ = true;
        return csv;
    }

    /// Feeds the next line without its end of line. nullopt for the header and blank lines.
    [[nodiscard]] Result<std::optional<Candle>> line(std::string_view text);

    /// Intervals without a candle between the first and the last row.
    [[nodiscard]] std::int64_t missing() const noexcept { return missing_; }

  private:
    enum Column : int { time, open, high, low, close, volume, column_count };

    [[nodiscard]] Result<void> header(std::string_view text);
    [[nodiscard]] Result<Candle> row(std::string_view text) const;
    [[nodiscard]] Result<void> check_order(const Candle& candle);
    [[nodiscard]] std::unexpected<Error> at_line(Error error) const;

    Timeframe timeframe_;
    std::int64_t line_number_ = 0;
    std::int64_t missing_ = 0;
    bool has_header_ = false;
    int position_[column_count] = {0, 1, 2, 3, 4, 5};  ///< column index of each value
    std::optional<ExchangeTime> last_;
};

/// True when the line is a header this reader understands.
[[nodiscard]] bool is_candle_header(std::string_view line);

}  // namespace virtuoso::archive
