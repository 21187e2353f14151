// The log of the service: one line a fact.
#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace virtuoso {

class RecentLog;

enum class LogLevel : std::uint8_t { debug, info, warning, error };
enum class LogFormat : std::uint8_t { text, json };

/// "debug", "info", "warning", "error"
[[nodiscard]] std::string_view name_of(LogLevel level) noexcept;

struct LogSettings {
    LogLevel level = LogLevel::info;
    LogFormat format = LogFormat::text;
    std::string file = {};                 ///< appended to; empty: the error stream
    std::size_t lines_a_minute_max = 600;  ///< of one kind, above debug
};

/// One fact. Texts may come from outside: what a terminal or a log reader would act on is escaped.
struct LogRecord {
    LogLevel level = LogLevel::info;
    std::string_view part;  ///< of the service: "feed", "keeper"
    std::string_view kind;  ///< lines of one part and kind are limited together
    std::string text;
    std::string_view symbol = {};
    std::vector<std::pair<std::string_view, std::string>> fields = {};
};

struct LogCounts {
    std::uint64_t written = 0;
    std::uint64_t held_back = 0;  ///< more of one kind than a minute allows
    std::uint64_t overrun = 0;    ///< the oldest of those that waited, when too many waited
    std::uint64_t failed = 0;     ///< the target did not take them: disk full, pipe closed or not read
};

/// Whoever writes never waits for the target: lines go through a bounded queue, whose oldest give way, to a
/// thread of its own, which leaves a target that takes nothing for 200 ms and tries the next line.
/// Thread-safe.
class ServiceLog {
  public:
    /// Error: file_open when the file cannot be opened.
    [[nodiscard]] static Result<std::unique_ptr<ServiceLog>> open(LogSettings settings);
    /// Writes what waits, for at most a second.
    ~ServiceLog();
    ServiceLog(const ServiceLog&) = delete;
    ServiceLog& operator=(const ServiceLog&) = delete;

    [[nodiscard]] bool enabled(LogLevel level) const noexcept;
    void write(const LogRecord& record);
    void info(std::string_view part, std::string_view kind, std::string text) {
        write({.level = LogLevel::info, .part = part, .kind = kind, .text = std::move(text)});
    }
    void warn(std::string_view part, std::string_view kind, std::string text) {
        write({.level = LogLevel::warning, .part = part, .kind = kind, .text = std::move(text)});
    }

    /// Level and lines a minute; format and file stay.
    void set(const LogSettings& settings);
    /// Opens the file anew, for whoever moved the old one away. Error: file_open; the old one is kept.
    [[nodiscard]] Result<void> reopen();
    [[nodiscard]] LogCounts counts() const noexcept;
    /// The newest warnings and errors, whatever the level of what is written.
    [[nodiscard]] const RecentLog& recent() const noexcept;

  private:
    struct Parts;
    explicit ServiceLog(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

/// A line without its end. Time: ms since the epoch.
[[nodiscard]] std::string log_text(const LogRecord& record, std::int64_t time_ms, LogFormat format);

}  // namespace virtuoso
