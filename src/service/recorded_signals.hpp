// What a process finds in the store of the signals before it.
#pragma once

#include "analysis/signal.hpp"
#include "service/followed_signal.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace virtuoso {

/// Of one symbol, as its last rows tell.
struct RecordedSide {
    std::optional<double> score = {};  ///< of the last minute that was sampled
    double reliability = 0;
    ExchangeTime sampled;             ///< that minute's beginning
    Verdict last = Verdict::neutral;  ///< direction of the newest signal
    std::optional<ExchangeTime> last_long = {};
    std::optional<ExchangeTime> last_short = {};

    /// The side that was held: the newest signal's while the score has not left it by the hysteresis, or the
    /// one that the score had entered.
    [[nodiscard]] SignalTracker::Before before(const ConfluenceThresholds& thresholds) const;
};

using RecordedSides = std::map<std::string, RecordedSide, std::less<>>;

struct RecordedSignals {
    std::vector<FollowedSignal> open;  ///< younger than a day, with outcomes that are not over
    RecordedSides sides;               ///< where the last sample is not older than `held_ms_max`
};

/// Longer without a score, nobody knows what was held.
inline constexpr std::int64_t held_ms_max = ms_per_hour;

/// `now_ms`: this machine's. Errors: those of `Store::select`.
[[nodiscard]] Result<RecordedSignals> read_recorded_signals(Store& store, const std::string& exchange,
                                                            std::int64_t now_ms);

}  // namespace virtuoso
