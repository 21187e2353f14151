// From occurrences to messages: rules, cooldowns, digests, quiet hours, floods.
#pragma once

#include "alert/alert_message.hpp"
#include "alert/alert_rule.hpp"
#include "alert/sink_spec.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace virtuoso {

/// Since the beginning. What is matched once by a rule and goes to two sinks is one `matched` and two of what
/// follows.
struct DispatchCounts {
    std::uint64_t taken = 0;
    std::uint64_t unmatched = 0;  ///< occurrences that no rule wants
    std::uint64_t matched = 0;    ///< by rules
    std::uint64_t by_cooldown = 0;
    std::uint64_t by_sink = 0;      ///< below a sink's severity, or of a kind that it does not take
    std::uint64_t at_once = 0;      ///< told on its own
    std::uint64_t in_digests = 0;   ///< told together with others, or still to be told so
    std::uint64_t quiet_hours = 0;  ///< of those: because of quiet hours
    std::uint64_t floods = 0;       ///< of those: because of a sink's messages a minute
    std::uint64_t messages = 0;     ///< made, digests and others
    std::size_t waiting = 0;        ///< occurrences for digests that are not due
};

/// A function of the occurrences and times it was given, in their order. One thread. Nothing is dropped
/// unseen (reports are never held back): what a cooldown holds back is counted in the next message of its
/// kind, what a digest does not show in its total. What is more severe than what was told passes the cooldown
/// and begins it anew. Memory: at most `cooldowns_max` cooldowns and `shown_max` occurrences a rule and sink.
class AlertDispatcher {
  public:
    static constexpr std::size_t shown_max = 50;
    static constexpr std::size_t cooldowns_max = 16'384;

    /// Sinks that rules name and that are not among `sinks` are passed over.
    AlertDispatcher(std::vector<AlertRule> rules, std::vector<SinkSpec> sinks);

    /// What is to be told at once. O(rules × sinks).
    [[nodiscard]] std::vector<AlertMessage> take(const Occurrence& occurrence, LocalTime now);
    /// Digests whose time has come. O(rules × sinks).
    [[nodiscard]] std::vector<AlertMessage> due(LocalTime now);
    /// All digests, due or not: before the end.
    [[nodiscard]] std::vector<AlertMessage> flush(LocalTime now);
    [[nodiscard]] DispatchCounts counts() const;

  private:
    struct Cooldown {
        LocalTime told;
        AlertSeverity severity = AlertSeverity::info;
        std::uint64_t held = 0;
    };
    struct Digest {
        std::vector<Occurrence> shown;
        std::uint64_t total = 0;
        std::uint64_t held_back = 0;
        DigestCause cause = DigestCause::none;
        LocalTime due;
    };
    struct Lane {
        std::size_t rule = 0;
        std::size_t sink = 0;
        friend auto operator<=>(const Lane&, const Lane&) = default;
    };

    /// How many were held back before, or nullopt while it is to be held back itself.
    [[nodiscard]] std::optional<std::uint64_t> pass_cooldown(std::size_t rule, const Occurrence& occurrence,
                                                             LocalTime now);
    void make_room();
    void route(Lane lane, const Occurrence& occurrence, std::uint64_t held_back, LocalTime now,
               std::vector<AlertMessage>& messages);
    [[nodiscard]] AlertMessage alone(Lane lane, const Occurrence& occurrence, std::uint64_t held_back,
                                     LocalTime now);
    void put_off(Lane lane, const Occurrence& occurrence, std::uint64_t held_back, DigestCause cause,
                 LocalTime due);
    /// Until when the rule's quiet hours hold this back, if they do.
    [[nodiscard]] std::optional<LocalTime> quiet_until(const AlertRule& rule, AlertSeverity severity,
                                                       LocalTime now) const;
    /// When the sink takes another message, if not now.
    [[nodiscard]] std::optional<LocalTime> full_until(std::size_t sink, LocalTime now);
    [[nodiscard]] AlertMessage message_of(Lane lane, Digest digest, LocalTime now);

    std::vector<AlertRule> rules_;
    std::vector<SinkSpec> sinks_;
    std::vector<std::deque<LocalTime>> sent_;  ///< a sink: within the last minute
    std::map<std::string, Cooldown> cooldowns_;
    std::map<Lane, Digest> digests_;
    DispatchCounts counts_;
};

}  // namespace virtuoso
