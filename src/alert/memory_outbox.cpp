#include "alert/alert_outbox.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace virtuoso {

std::string_view name_of(OutboxState state) noexcept {
    constexpr std::array<std::string_view, 3> names{"waiting", "delivered", "dead"};
    return names[static_cast<std::size_t>(state)];
}

void MemoryOutbox::listen(Heard heard) {
    const std::lock_guard lock(mutex_);
    heard_ = std::move(heard);
}

void MemoryOutbox::tell(const OutboxChange& change) const {
    if (heard_) {
        heard_(change);
    }
}

bool MemoryOutbox::add(OutboxEntry entry, LocalTime now) {
    if (orders_.contains(entry.message.key) || done_.contains(entry.message.key)) {
        ++counts_.known;
        return false;
    }
    if (waiting_.size() >= waiting_max) {
        bury(std::string(waiting_.begin()->second.message.key), now,
             "too many alerts waited, and this one was the oldest");
    }
    ++counts_.put;
    const std::uint64_t order = next_order_++;
    orders_.emplace(entry.message.key, order);
    waiting_.emplace(order, std::move(entry));
    return true;
}

bool MemoryOutbox::put(AlertMessage message, LocalTime now) {
    const std::lock_guard lock(mutex_);
    const std::string key = message.key;
    if (!add({.message = std::move(message), .attempts = 0, .next_try = now}, now)) {
        return false;
    }
    tell({.entry = waiting_.at(orders_.at(key)), .state = OutboxState::waiting, .at = now, .reason = {}});
    return true;
}

bool MemoryOutbox::restore(OutboxEntry entry) {
    const std::lock_guard lock(mutex_);
    const LocalTime next = entry.next_try;
    return add(std::move(entry), next);
}

void MemoryOutbox::restore_done(const std::string& key) {
    const std::lock_guard lock(mutex_);
    if (!orders_.contains(key) && !done_.contains(key)) {
        note_done(key);
    }
}

std::optional<OutboxEntry> MemoryOutbox::due(std::string_view sink, LocalTime now) const {
    const std::lock_guard lock(mutex_);
    for (const auto& [order, entry] : waiting_) {
        if (entry.message.sink == sink && entry.next_try <= now) {
            return entry;
        }
    }
    return std::nullopt;
}

std::optional<LocalTime> MemoryOutbox::next_due(std::string_view sink) const {
    const std::lock_guard lock(mutex_);
    std::optional<LocalTime> next;
    for (const auto& [order, entry] : waiting_) {
        if (entry.message.sink == sink && (!next || entry.next_try < *next)) {
            next = entry.next_try;
        }
    }
    return next;
}

void MemoryOutbox::forget(const std::string& key) {
    const auto order = orders_.find(key);
    if (order == orders_.end()) {
        return;
    }
    waiting_.erase(order->second);
    orders_.erase(order);
    note_done(key);
}

void MemoryOutbox::note_done(const std::string& key) {
    const std::uint64_t mark = next_order_++;
    done_.emplace(key, mark);
    done_in_order_.emplace(mark, key);
    if (done_.size() > keys_max) {
        done_.erase(done_in_order_.begin()->second);
        done_in_order_.erase(done_in_order_.begin());
    }
}

void MemoryOutbox::delivered(const std::string& key, LocalTime now) {
    const std::lock_guard lock(mutex_);
    const auto order = orders_.find(key);
    if (order != orders_.end()) {
        ++counts_.delivered;
        tell({.entry = waiting_.at(order->second), .state = OutboxState::delivered, .at = now, .reason = {}});
        forget(key);
    }
}

void MemoryOutbox::failed(const std::string& key, LocalTime next_try, const std::string& reason) {
    const std::lock_guard lock(mutex_);
    const auto order = orders_.find(key);
    if (order != orders_.end()) {
        OutboxEntry& entry = waiting_.at(order->second);
        ++entry.attempts;
        entry.next_try = next_try;
        ++counts_.failed;
        tell({.entry = entry, .state = OutboxState::waiting, .at = next_try, .reason = reason});
    }
}

void MemoryOutbox::dead(const std::string& key, LocalTime now, const std::string& reason) {
    const std::lock_guard lock(mutex_);
    bury(key, now, reason);
}

void MemoryOutbox::bury(const std::string& key, LocalTime now, const std::string& reason) {
    const auto order = orders_.find(key);
    if (order == orders_.end()) {
        return;
    }
    if (dead_.size() >= dead_shown_max) {
        dead_.erase(dead_.begin());
    }
    dead_.push_back(
        {.key = key, .sink = waiting_.at(order->second).message.sink, .reason = reason, .at = now});
    ++counts_.dead;
    tell({.entry = waiting_.at(order->second), .state = OutboxState::dead, .at = now, .reason = reason});
    forget(key);
}

OutboxCounts MemoryOutbox::counts() const {
    const std::lock_guard lock(mutex_);
    OutboxCounts counts = counts_;
    counts.waiting = waiting_.size();
    return counts;
}

std::vector<DeadAlert> MemoryOutbox::dead_ones() const {
    const std::lock_guard lock(mutex_);
    return dead_;
}

}  // namespace virtuoso
