#include "exchange/archive/candle_sequence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace virtuoso::archive {

namespace {

bool same(const Candle& a, const Candle& b) noexcept {
    return a.open == b.open && a.high == b.high && a.low == b.low && a.close == b.close &&
           a.volume == b.volume;
}

// What an unfinished candle becomes.
bool continues(const Candle& later, const Candle& earlier) noexcept {
    return later.open == earlier.open && later.high >= earlier.high && later.low <= earlier.low &&
           later.volume >= earlier.volume;
}

}  // namespace

Result<std::optional<Candle>> CandleSequence::take(const Candle& candle) {
    if (candle.open_time.ms % interval_.ms != 0) {
        return fail(
            ErrorCode::candle_order,
            fmt::format("{} does not begin a {} candle: most rows do; give the file's own interval with "
                        "--timeframe if it is another",
                        iso_text(candle.open_time), name_of(interval_)));
    }
    if (newest_ && candle.open_time <= newest_->open_time) {
        return take_again(candle);
    }
    std::optional<Candle> certain = newest_;
    if (certain) {
        missing_ += (candle.open_time - certain->open_time) / interval_.ms - 1;
        before_.push_back(*certain);
        if (before_.size() > kept_max) {
            before_.pop_front();
        }
    }
    newest_ = candle;
    return certain;
}

Result<std::optional<Candle>> CandleSequence::take_again(const Candle& candle) {
    if (candle.open_time == newest_->open_time) {
        if (same(candle, *newest_)) {
            ++repeated_;
            return std::nullopt;
        }
        if (continues(candle, *newest_)) {
            ++replaced_;
            newest_ = candle;
            return std::nullopt;
        }
        return fail(ErrorCode::candle_order,
                    fmt::format("{} stands twice with different prices or volumes: remove one of the rows",
                                iso_text(candle.open_time)));
    }
    const auto known = std::ranges::lower_bound(before_, candle.open_time, {}, &Candle::open_time);
    if (known != before_.end() && known->open_time == candle.open_time) {
        if (same(candle, *known)) {
            ++repeated_;
            return std::nullopt;
        }
        return fail(ErrorCode::candle_order,
                    fmt::format("{} stands twice with different prices or volumes: remove one of the rows",
                                iso_text(candle.open_time)));
    }
    return fail(ErrorCode::candle_order,
                fmt::format("{} comes after {}: sort the file by time", iso_text(candle.open_time),
                            iso_text(newest_->open_time)));
}

std::optional<Candle> CandleSequence::finish() {
    return std::exchange(newest_, std::nullopt);
}

std::optional<CandleInterval> usual_interval(std::vector<std::int64_t> times_ms, std::int64_t& distance_ms) {
    std::ranges::sort(times_ms);
    std::map<std::int64_t, std::size_t> distances;
    for (std::size_t i = 1; i < times_ms.size(); ++i) {
        if (const std::int64_t distance = times_ms[i] - times_ms[i - 1]; distance > 0) {
            ++distances[distance];
        }
    }
    const auto most =
        std::ranges::max_element(distances, [](const auto& a, const auto& b) { return a.second < b.second; });
    distance_ms = most == distances.end() ? 0 : most->first;
    return candle_interval_of(distance_ms);
}

}  // namespace virtuoso::archive
