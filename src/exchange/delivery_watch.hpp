// Whether a topic that was subscribed delivers.
#pragma once

#include "exchange/growing_pause.hpp"
#include "exchange/topic_watch.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace virtuoso {

/// Finds a topic silent that an exchange accepted and never delivers, or no longer: a steady one by its own
/// rate, any by what other topics show meanwhile, because a quiet contract is whole. It stays silent until
/// it delivers news again. Also finds a stream whose times are not the present's. O(1) a call.
class DeliveryWatch {
  public:
    struct Rule {
        bool steady = false;  ///< it has a rate of its own: books, tickers
        /// A steady one that never delivered; 0: it may take as long as the slowest.
        std::int64_t first_ms = 0;
        /// Silence that is too long once other topics show that there was something to deliver.
        std::int64_t trading_ms = 10'000;
    };
    static constexpr int signs_min = 3;              ///< that show trading
    static constexpr std::int64_t grace_ms = 3'000;  ///< topics overtake each other
    static constexpr std::int64_t step_back_ms = 3'000;
    static constexpr std::int64_t skew_ms = 10'000;  ///< from the exchange's clock
    static constexpr GrowingPause::Limits pauses{
        .first_ms = 15'000, .max_ms = 10 * ms_per_minute, .calm_ms = 10 * ms_per_minute};

    DeliveryWatch(Rule rule, std::uint64_t seed) : rule_(rule), pause_(pauses, seed) {}

    /// A message of the topic. `expected`: the exchange's time now; 0: its clock is not known.
    void note(ExchangeTime time, LocalTime now, ExchangeTime expected) {
        lag_ms_ = expected.ms > 0 ? time - expected : 0;
        if (expected.ms > 0 && rate_.newest() - expected > skew_ms) {
            rate_.forget_newest();  // it was of a time to come, and the clock was not known
        }
        back_ms_ = std::max<std::int64_t>(0, rate_.newest() - time);
        if (lag_ms_ > skew_ms) {
            return;  // of a time to come: the next true one would seem to step back
        }
        if (rate_.note(time, now)) {
            heard_ = now;
            signs_ = 0;
            silent_ = false;
        }
    }
    /// The exchange accepted the subscription.
    void subscribed(LocalTime now) {
        if (!live_) {
            live_ = true;
            since_ = now;
            signs_ = 0;
            rate_.restart(now);
        }
    }
    /// The connection is gone, or the topic is refused.
    void lost() { live_ = false; }
    /// Other topics show a trade at or after `at`.
    void sign(LocalTime at, int weight = 1) {
        if (at - std::max(heard_, since_) > grace_ms * ns_per_ms) {
            first_sign_ = signs_ == 0 ? at : first_sign_;
            signs_ = std::min(signs_ + weight, signs_min);
        }
    }

    /// True when it became silent just now.
    bool check(LocalTime now) {
        if (!live_ || silent_ || !too_quiet(now)) {
            return false;
        }
        silent_ = told_ = true;
        return true;
    }
    /// True when it delivers again after it was found silent, once.
    bool take_end() {
        const bool ended = told_ && !silent_;
        told_ = silent_;
        return ended;
    }
    /// True when it is to be asked for again, which is thereby noted.
    bool take_renewal(LocalTime now) {
        if (!silent_ || !live_ || !pause_.over(now)) {
            return false;
        }
        pause_.asked(now);
        return true;
    }

    [[nodiscard]] bool silent() const noexcept { return silent_; }
    /// Since the last news, else since the subscription.
    [[nodiscard]] std::int64_t quiet_ms(LocalTime now) const noexcept {
        return (now - std::max(heard_, since_)) / ns_per_ms;
    }
    [[nodiscard]] LocalTime heard() const noexcept { return heard_; }
    /// How far its times are from what they should be, when that is too far: negative when they are behind.
    [[nodiscard]] std::optional<std::int64_t> skewed_ms() const noexcept {
        if (lag_ms_ > skew_ms || lag_ms_ < -skew_ms) {
            return lag_ms_;
        }
        return back_ms_ > step_back_ms ? std::optional(-back_ms_) : std::nullopt;
    }

  private:
    static constexpr std::int64_t ns_per_ms = 1'000'000;

    [[nodiscard]] bool too_quiet(LocalTime now) const noexcept {
        const bool shown = signs_ >= signs_min && now - first_sign_ > rule_.trading_ms * ns_per_ms;
        const bool late = rule_.first_ms > 0 && heard_ < since_ && quiet_ms(now) > rule_.first_ms;
        return shown || late || (rule_.steady && rate_.stale(now));
    }

    Rule rule_;
    TopicWatch rate_;
    GrowingPause pause_;
    LocalTime heard_;       ///< the last news
    LocalTime since_;       ///< subscribed
    LocalTime first_sign_;  ///< of trading since then
    int signs_ = 0;
    std::int64_t lag_ms_ = 0;   ///< of the last message, from the exchange's clock
    std::int64_t back_ms_ = 0;  ///< of the last message, from the newest
    bool live_ = false;
    bool silent_ = false;
    bool told_ = false;  ///< that it is silent
};

}  // namespace virtuoso
