// The newest warnings and errors of the log, for whoever asks what it said.
#pragma once

#include "base/bounded_ring.hpp"
#include "service/service_log.hpp"

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace virtuoso {

/// A line as the log has it: what a terminal or a page would act on is escaped.
struct LogLine {
    std::uint64_t number = 0;  ///< 1 is the first since the start
    std::int64_t time_ms = 0;  ///< of this machine
    LogLevel level = LogLevel::warning;
    std::string part;
    std::string kind;
    std::string message;
    std::string symbol;  ///< empty: of none
    std::vector<std::pair<std::string, std::string>> fields;
};

/// Bounded: the oldest leave first. Thread-safe.
class RecentLog {
  public:
    static constexpr std::size_t lines_max = 500;

    void add(const LogRecord& record, std::int64_t time_ms);
    /// The newest first, at most `limit`, none below `least`. O(lines_max).
    [[nodiscard]] std::vector<LogLine> read(LogLevel least, std::size_t limit) const;
    /// Lines since the start.
    [[nodiscard]] std::uint64_t added() const;

  private:
    mutable std::mutex mutex_;
    BoundedRing<LogLine> lines_{lines_max};
};

}  // namespace virtuoso
