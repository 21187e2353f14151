#include "service/recent_log.hpp"

#include "base/unicode.hpp"

#include <string_view>

namespace virtuoso {

namespace {

/// A text from outside is cut: what is kept stays bounded.
constexpr std::size_t text_max = 2'000;

std::string shown(std::string_view text) {
    return printable(text.substr(0, text_max));
}

}  // namespace

void RecentLog::add(const LogRecord& record, std::int64_t time_ms) {
    LogLine line{.time_ms = time_ms,
                 .level = record.level,
                 .part = std::string(record.part),
                 .kind = std::string(record.kind),
                 .message = shown(record.text),
                 .symbol = shown(record.symbol),
                 .fields = {}};
    for (const auto& [name, value] : record.fields) {
        line.fields.emplace_back(name, shown(value));
    }
    const std::lock_guard lock(mutex_);
    line.number = lines_.pushed() + 1;
    lines_.push(line);
}

std::vector<LogLine> RecentLog::read(LogLevel least, std::size_t limit) const {
    std::vector<LogLine> newest;
    const std::lock_guard lock(mutex_);
    for (std::size_t i = lines_.size(); i > 0 && newest.size() < limit; --i) {
        if (lines_[i - 1].level >= least) {
            newest.push_back(lines_[i - 1]);
        }
    }
    return newest;
}

std::uint64_t RecentLog::added() const {
    const std::lock_guard lock(mutex_);
    return lines_.pushed();
}

}  // namespace virtuoso
