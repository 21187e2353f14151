// Something that happened and that somebody may want to be told of.
#pragma once

#include "base/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace virtuoso {

enum class EventKind : std::uint8_t {
    whale_trade,
    liquidation_cascade,
    funding_extreme,
    leverage_extreme,
    spread_widening,
    depth_collapse,
    volume_burst,
    signal_change,
    breadth_extreme,  ///< nearly all contracts moved to one side
    listed,
    delisted,
    feed_trouble,
    shard_trouble,  ///< a shard threw or made no progress
    keeper_trouble  ///< a run of the memory keeper failed, was late or took long, or memory runs out
};
inline constexpr std::size_t event_kinds = 14;

enum class EventSeverity : std::uint8_t { info, warning, critical };
inline constexpr std::array event_severity_list{EventSeverity::info, EventSeverity::warning,
                                                EventSeverity::critical};
inline constexpr std::size_t event_severities = event_severity_list.size();

/// What lasts has a beginning and, when it is over, an end.
enum class EventPhase : std::uint8_t { moment, begin, end };

/// "whale_trade", "info", "begin": as they stand in the configuration, in logs and answers.
[[nodiscard]] std::string_view name_of(EventKind kind) noexcept;
[[nodiscard]] std::string_view name_of(EventSeverity severity) noexcept;
[[nodiscard]] std::string_view name_of(EventPhase phase) noexcept;
[[nodiscard]] std::optional<EventKind> event_kind_from(std::string_view name) noexcept;
[[nodiscard]] std::optional<EventSeverity> event_severity_from(std::string_view name) noexcept;
/// All kinds, in the order of the enumeration.
[[nodiscard]] std::span<const EventKind> all_event_kinds() noexcept;

/// A number behind an event; its name carries the unit. Names are literals.
struct EventNumber {
    std::string_view name;
    double value = 0;
};

/// One type for everything. `sentence` is one line that can be shown and carries the numbers.
struct NotableEvent {
    static constexpr std::size_t numbers_max = 8;
    static constexpr std::size_t sentence_max = 400;  ///< bytes

    EventKind kind = EventKind::feed_trouble;
    EventSeverity severity = EventSeverity::info;
    EventPhase phase = EventPhase::moment;
    ExchangeTime time;
    std::string symbol;  ///< empty where it is of none
    std::array<EventNumber, numbers_max> numbers{};
    std::size_t number_count = 0;
    std::string sentence;

    [[nodiscard]] std::span<const EventNumber> all_numbers() const noexcept {
        return {numbers.data(), number_count};
    }
    /// nullopt when there is none of this name.
    [[nodiscard]] std::optional<double> number(std::string_view name) const noexcept;
    /// What is not finite, or more than there is room for, is left out.
    void add(std::string_view name, double value) noexcept;
    /// Makes it one line that can be shown, cut where it is too long.
    void say(std::string_view text);
};

// What is told by who sees it happen. Text from outside may be anything: it is made safe to show.

[[nodiscard]] NotableEvent listed_event(std::string_view symbol, ExchangeTime time);
[[nodiscard]] NotableEvent delisted_event(std::string_view symbol, ExchangeTime time);
/// `symbol` empty: of the whole feed.
[[nodiscard]] NotableEvent feed_trouble_event(std::string_view symbol, ExchangeTime time,
                                              std::string_view reason);
[[nodiscard]] NotableEvent feed_recovered_event(std::string_view symbol, ExchangeTime time, double seconds);
[[nodiscard]] NotableEvent shard_trouble_event(std::size_t shard, ExchangeTime time, std::string_view reason,
                                               std::size_t symbols);
[[nodiscard]] NotableEvent shard_recovered_event(std::size_t shard, ExchangeTime time, double seconds);
/// `nearly_out`: memory is above its hard mark.
[[nodiscard]] NotableEvent keeper_trouble_event(ExchangeTime time, std::string_view reason,
                                                bool nearly_out = false);

}  // namespace virtuoso
