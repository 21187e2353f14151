// The newest events, for whoever asks later.
#pragma once

#include "base/bounded_ring.hpp"
#include "service/notable_event.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace virtuoso {

/// An event with its number: 1 is the first one ever. Numbers rise by one, so a hole shows what was missed.
struct NumberedEvent {
    std::uint64_t number = 0;
    std::shared_ptr<const NotableEvent> event;
};

/// Bounded: the oldest leave first. What is read are whole values that stay as they are. Single-threaded.
class EventRing {
  public:
    struct Filter {
        std::vector<EventKind> kinds = {};  ///< empty: all
        std::string symbol = {};            ///< empty: all, and events of no symbol
        EventSeverity severity_min = EventSeverity::info;
        std::uint64_t after = 0;  ///< with a greater number than this
        std::optional<ExchangeTime> since = {};
        std::size_t limit = 100;  ///< the newest so many
    };
    struct Answer {
        std::vector<NumberedEvent> events;  ///< oldest first
        std::uint64_t newest = 0;           ///< number of the newest event of all: ask on after this one
        /// Events with a number greater than `after` that are gone, whatever the rest of the filter.
        std::uint64_t missed = 0;
        bool more = false;  ///< `limit` left out older ones that were asked for
    };

    explicit EventRing(std::size_t capacity) : events_(capacity) {}

    /// Its number. O(1) amortised.
    std::uint64_t push(NotableEvent event);
    /// O(events kept).
    [[nodiscard]] Answer read(const Filter& filter) const;

    [[nodiscard]] std::size_t size() const noexcept { return events_.size(); }
    /// Events ever pushed.
    [[nodiscard]] std::uint64_t pushed() const noexcept { return events_.pushed(); }
    /// Events that left because there was no more room.
    [[nodiscard]] std::uint64_t dropped() const noexcept { return events_.pushed() - events_.size(); }
    [[nodiscard]] std::size_t bytes() const noexcept { return events_.bytes() + held_bytes_; }

  private:
    [[nodiscard]] static std::size_t bytes_of(const NotableEvent& event) noexcept;

    BoundedRing<std::shared_ptr<const NotableEvent>> events_;
    std::size_t held_bytes_ = 0;
};

}  // namespace virtuoso
