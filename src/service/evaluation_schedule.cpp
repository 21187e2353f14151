#include "service/evaluation_schedule.hpp"

#include <utility>

namespace virtuoso {

void EvaluationSchedule::add(std::size_t symbol, std::int64_t interval_ns, LocalTime now) {
    if (symbol >= entries_.size()) {
        entries_.resize(symbol + 1);
    }
    entries_[symbol] = {interval_ns, {now.ns - interval_ns}, {}};
}

void EvaluationSchedule::remove(std::size_t symbol) {
    if (symbol < entries_.size()) {
        entries_[symbol] = {};
    }
}

void EvaluationSchedule::set_interval(std::size_t symbol, std::int64_t interval_ns) {
    if (symbol < entries_.size() && entries_[symbol].interval_ns > 0) {
        entries_[symbol].interval_ns = interval_ns;
    }
}

bool EvaluationSchedule::due(const Entry& entry, LocalTime now) {
    if (entry.interval_ns == 0) {
        return false;
    }
    const std::int64_t since = now - entry.last;
    return since >= idle_ns || (entry.changed && since >= entry.interval_ns);
}

bool EvaluationSchedule::changed(std::size_t symbol, LocalTime received, LocalTime now) {
    if (symbol >= entries_.size()) {
        return false;
    }
    Entry& entry = entries_[symbol];
    if (!entry.changed) {
        entry.changed = received;
    }
    return due(entry, now);
}

std::optional<LocalTime> EvaluationSchedule::evaluated(std::size_t symbol, LocalTime now) {
    Entry& entry = entries_.at(symbol);
    entry.last = now;
    return std::exchange(entry.changed, std::nullopt);
}

std::optional<std::size_t> EvaluationSchedule::next_waiting(LocalTime now) {
    for (std::size_t looked = 0; looked < entries_.size(); ++looked) {
        const std::size_t at = next_ < entries_.size() ? next_ : 0;
        next_ = at + 1;
        if (due(entries_[at], now)) {
            return at;
        }
    }
    return std::nullopt;
}

}  // namespace virtuoso
