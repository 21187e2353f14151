#include "service/evaluation_schedule.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace virtuoso {

namespace {

constexpr LocalTime never{std::numeric_limits<std::int64_t>::max()};

}  // namespace

void EvaluationSchedule::reckon(std::size_t symbol) {
    const Entry& entry = entries_[symbol];
    const std::int64_t pause = entry.changed ? std::min(entry.interval_ns, idle_ns) : idle_ns;
    due_[symbol] = entry.interval_ns == 0 ? never : LocalTime{entry.last.ns + pause};
}

void EvaluationSchedule::add(std::size_t symbol, std::int64_t interval_ns, LocalTime now) {
    if (symbol >= entries_.size()) {
        entries_.resize(symbol + 1);
        due_.resize(symbol + 1, never);
    }
    entries_[symbol] = {interval_ns, {now.ns - interval_ns}, {}};
    reckon(symbol);
}

void EvaluationSchedule::remove(std::size_t symbol) {
    if (symbol < entries_.size()) {
        entries_[symbol] = {};
        reckon(symbol);
    }
}

void EvaluationSchedule::set_interval(std::size_t symbol, std::int64_t interval_ns) {
    if (symbol < entries_.size() && entries_[symbol].interval_ns > 0) {
        entries_[symbol].interval_ns = interval_ns;
        reckon(symbol);
    }
}

bool EvaluationSchedule::changed(std::size_t symbol, LocalTime received, LocalTime now) {
    if (symbol >= entries_.size()) {
        return false;
    }
    Entry& entry = entries_[symbol];
    if (!entry.changed) {
        entry.changed = received;
        reckon(symbol);
    }
    return due_[symbol] <= now;
}

std::optional<LocalTime> EvaluationSchedule::evaluated(std::size_t symbol, LocalTime now) {
    Entry& entry = entries_.at(symbol);
    entry.last = now;
    const auto changed = std::exchange(entry.changed, std::nullopt);
    reckon(symbol);
    return changed;
}

std::optional<std::size_t> EvaluationSchedule::next_waiting(LocalTime now) {
    const auto first = due_.begin() + static_cast<std::ptrdiff_t>(next_ < due_.size() ? next_ : 0);
    const auto waits = [now](LocalTime due) { return due <= now; };
    auto found = std::find_if(first, due_.end(), waits);
    if (found == due_.end()) {
        found = std::find_if(due_.begin(), first, waits);
        if (found == first) {
            return std::nullopt;
        }
    }
    const auto number = static_cast<std::size_t>(found - due_.begin());
    next_ = number + 1;
    return number;
}

}  // namespace virtuoso
