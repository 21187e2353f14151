#include "alert/alert_dispatcher.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace virtuoso {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr std::int64_t minute_ns = ms_per_minute * ns_per_ms;

LocalTime later(LocalTime time, std::int64_t ms) {
    return {time.ns + ms * ns_per_ms};
}

std::string cooldown_key(std::size_t rule, const Occurrence& occurrence) {
    return fmt::format("{}\n{}\n{}\n{}\n{}", rule, occurrence.kind, occurrence.symbol,
                       occurrence.word("side"), occurrence.word("phase"));
}

}  // namespace

AlertDispatcher::AlertDispatcher(std::vector<AlertRule> rules, std::vector<SinkSpec> sinks)
    : rules_(std::move(rules)), sinks_(std::move(sinks)), sent_(sinks_.size()) {}

std::optional<std::uint64_t> AlertDispatcher::pass_cooldown(std::size_t rule, const Occurrence& occurrence,
                                                            LocalTime now) {
    const std::int64_t cooldown_ms = rules_[rule].cooldown_ms;
    if (cooldown_ms == 0 || occurrence.comes_at_its_time()) {
        return 0;
    }
    make_room();
    const auto [found, first] = cooldowns_.try_emplace(cooldown_key(rule, occurrence));
    Cooldown& cooldown = found->second;
    const bool is_worse = occurrence.severity > cooldown.severity;
    if (!first && !is_worse && now < later(cooldown.told, cooldown_ms)) {
        ++cooldown.held;
        return std::nullopt;
    }
    const std::uint64_t held = cooldown.held;
    cooldown = {.told = now, .severity = occurrence.severity, .held = 0};
    return held;
}

// Those longest ago are forgotten, half of them at once.
void AlertDispatcher::make_room() {
    if (cooldowns_.size() < cooldowns_max) {
        return;
    }
    std::vector<std::int64_t> times;
    times.reserve(cooldowns_.size());
    for (const auto& [key, cooldown] : cooldowns_) {
        times.push_back(cooldown.told.ns);
    }
    const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
    std::ranges::nth_element(times, middle);
    std::erase_if(cooldowns_, [limit = *middle](const auto& entry) { return entry.second.told.ns <= limit; });
}

std::vector<AlertMessage> AlertDispatcher::take(const Occurrence& occurrence, LocalTime now) {
    std::vector<AlertMessage> messages = due(now);
    ++counts_.taken;
    bool matched = false;
    for (std::size_t rule = 0; rule < rules_.size(); ++rule) {
        if (!rules_[rule].matches(occurrence)) {
            continue;
        }
        matched = true;
        ++counts_.matched;
        const auto held_back = pass_cooldown(rule, occurrence, now);
        if (!held_back) {
            ++counts_.by_cooldown;
            continue;
        }
        for (std::size_t sink = 0; sink < sinks_.size(); ++sink) {
            if (rules_[rule].goes_to(sinks_[sink].name)) {
                route({rule, sink}, occurrence, *held_back, now, messages);
            }
        }
    }
    counts_.unmatched += matched ? 0 : 1;
    return messages;
}

void AlertDispatcher::route(Lane lane, const Occurrence& occurrence, std::uint64_t held_back, LocalTime now,
                            std::vector<AlertMessage>& messages) {
    const AlertRule& rule = rules_[lane.rule];
    if (!sinks_[lane.sink].accepts(occurrence)) {
        ++counts_.by_sink;
        return;
    }
    if (occurrence.comes_at_its_time()) {
        messages.push_back(alone(lane, occurrence, held_back, now));
        return;
    }
    if (const auto until = quiet_until(rule, occurrence.severity, now)) {
        ++counts_.quiet_hours;
        put_off(lane, occurrence, held_back, DigestCause::quiet_hours, *until);
    } else if (rule.digest_ms > 0) {
        put_off(lane, occurrence, held_back, DigestCause::window, later(now, rule.digest_ms));
    } else if (const auto full = full_until(lane.sink, now)) {
        ++counts_.floods;
        put_off(lane, occurrence, held_back, DigestCause::flood, *full);
    } else {
        messages.push_back(alone(lane, occurrence, held_back, now));
    }
}

AlertMessage AlertDispatcher::alone(Lane lane, const Occurrence& occurrence, std::uint64_t held_back,
                                    LocalTime now) {
    ++counts_.at_once;
    return message_of(
        lane,
        {.shown = {occurrence}, .total = 1, .held_back = held_back, .cause = DigestCause::none, .due = now},
        now);
}

// The first one says when: later ones join it.
void AlertDispatcher::put_off(Lane lane, const Occurrence& occurrence, std::uint64_t held_back,
                              DigestCause cause, LocalTime due) {
    ++counts_.in_digests;
    Digest& digest = digests_[lane];
    if (digest.total == 0) {
        digest.cause = cause;
        digest.due = due;
    }
    ++digest.total;
    digest.held_back += held_back;
    if (digest.shown.size() < shown_max) {
        digest.shown.push_back(occurrence);
    }
}

std::optional<LocalTime> AlertDispatcher::quiet_until(const AlertRule& rule, AlertSeverity severity,
                                                      LocalTime now) const {
    if (!rule.quiet || !rule.quiet->hold(now) || (rule.wake && severity >= *rule.wake)) {
        return std::nullopt;
    }
    return rule.quiet->end_after(now);
}

std::optional<LocalTime> AlertDispatcher::full_until(std::size_t sink, LocalTime now) {
    auto& sent = sent_[sink];
    while (!sent.empty() && now - sent.front() >= minute_ns) {
        sent.pop_front();
    }
    const auto most = static_cast<std::size_t>(sinks_[sink].per_minute);
    return sent.size() < most ? std::nullopt : std::optional(LocalTime{sent.front().ns + minute_ns});
}

AlertMessage AlertDispatcher::message_of(Lane lane, Digest digest, LocalTime now) {
    ++counts_.messages;
    sent_[lane.sink].push_back(now);
    AlertMessage message{.key = {},
                         .sink = sinks_[lane.sink].name,
                         .rule = rules_[lane.rule].name,
                         .made = now,
                         .cause = digest.cause,
                         .occurrences = std::move(digest.shown),
                         .total = digest.total,
                         .held_back = digest.held_back};
    message.key = alert_key(message.sink, message.rule, message.occurrences);
    return message;
}

std::vector<AlertMessage> AlertDispatcher::due(LocalTime now) {
    std::vector<AlertMessage> messages;
    for (auto at = digests_.begin(); at != digests_.end();) {
        Digest& digest = at->second;
        if (now < digest.due) {
            ++at;
            continue;
        }
        AlertSeverity gravest = AlertSeverity::info;
        for (const auto& occurrence : digest.shown) {
            gravest = std::max(gravest, occurrence.severity);
        }
        if (const auto quiet = quiet_until(rules_[at->first.rule], gravest, now)) {
            digest.due = *quiet;
            digest.cause = DigestCause::quiet_hours;
            ++at;
        } else if (const auto full = full_until(at->first.sink, now)) {
            digest.due = *full;
            ++at;
        } else {
            messages.push_back(message_of(at->first, std::move(digest), now));
            at = digests_.erase(at);
        }
    }
    return messages;
}

std::vector<AlertMessage> AlertDispatcher::flush(LocalTime now) {
    std::vector<AlertMessage> messages;
    messages.reserve(digests_.size());
    for (auto& [lane, digest] : digests_) {
        messages.push_back(message_of(lane, std::move(digest), now));
    }
    digests_.clear();
    return messages;
}

DispatchCounts AlertDispatcher::counts() const {
    DispatchCounts counts = counts_;
    for (const auto& [lane, digest] : digests_) {
        counts.waiting += digest.total;
    }
    return counts;
}

}  // namespace virtuoso
