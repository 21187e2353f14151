// When each symbol is evaluated.
#pragma once

#include "base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace virtuoso {

/// A symbol is due when something of it changed and its interval is over since its last evaluation; one that
/// nothing is heard of is due every `idle_ns`, so that its age shows. What changes when the interval is over
/// is evaluated at once, by whoever changed it: so evaluations are spread as the traffic is. What changed
/// before waits for `next_waiting`. O(1) for a change, O(symbols) at most for `next_waiting`.
class EvaluationSchedule {
  public:
    static constexpr std::int64_t idle_ns = 5'000'000'000;

    /// Symbols are numbered by their owner, densely.
    void add(std::size_t symbol, std::int64_t interval_ns, LocalTime now);
    void remove(std::size_t symbol);
    void set_interval(std::size_t symbol, std::int64_t interval_ns);

    /// Something of it changed, heard of at `received`. True when it is due now.
    [[nodiscard]] bool changed(std::size_t symbol, LocalTime received, LocalTime now);
    /// It was evaluated. Gives when the oldest change was heard that this evaluation is the first to know of.
    std::optional<LocalTime> evaluated(std::size_t symbol, LocalTime now);
    /// One that waits and is due; each is given before any is given again. nullopt when there is none.
    [[nodiscard]] std::optional<std::size_t> next_waiting(LocalTime now);

  private:
    struct Entry {
        std::int64_t interval_ns = 0;  ///< 0: not followed
        LocalTime last;
        std::optional<LocalTime> changed;  ///< the oldest change since the last evaluation
    };
    void reckon(std::size_t symbol);

    std::vector<Entry> entries_;
    std::vector<LocalTime> due_;  ///< of each, beside each other: they are looked through many times a second
    std::size_t next_ = 0;        ///< where `next_waiting` goes on
};

}  // namespace virtuoso
