// No more than one event of a symbol and kind within its cooldown, but for what gets worse.
#pragma once

#include "service/event_settings.hpp"
#include "service/notable_event.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace virtuoso {

/// Runs on the events' own times, so a replay holds back the same ones. A beginning and its end are one
/// event: the end passes when its beginning passed, and only then. What is more severe than all that was told
/// since the cooldown began passes at any time, and the cooldown begins anew. Times before the last one told
/// (a clock that was set) count by their distance. Memory: at most `entries_max` symbols and kinds; those
/// longest ago are forgotten first, half of them at once. O(log entries), amortised.
class EventCooldown {
  public:
    static constexpr std::size_t entries_max = 16'384;

    explicit EventCooldown(const EventSettings& settings) { set(settings); }

    /// New rules, from the next event on.
    void set(const EventSettings& settings);
    /// False: it is to be held back. It was counted, unless its kind is not wanted at all.
    [[nodiscard]] bool admits(const NotableEvent& event);

    [[nodiscard]] std::uint64_t held_back(EventKind kind) const noexcept {
        return held_back_[static_cast<std::size_t>(kind)];
    }
    [[nodiscard]] std::uint64_t held_back() const noexcept;
    [[nodiscard]] std::size_t entries() const noexcept { return told_.size(); }

  private:
    struct Told {
        ExchangeTime time;
        bool open = false;  ///< a beginning whose end did not come yet
        EventSeverity severity = EventSeverity::info;
    };
    struct Rule {
        bool enabled = true;
        std::int64_t cooldown_ms = 0;
    };
    using Key = std::pair<EventKind, std::string>;

    [[nodiscard]] bool passes(const NotableEvent& event, const Told* told) const noexcept;
    void note(const NotableEvent& event, Key key);
    void make_room();

    std::array<Rule, event_kinds> rules_;
    std::map<Key, Told> told_;
    std::array<std::uint64_t, event_kinds> held_back_{};
};

}  // namespace virtuoso
