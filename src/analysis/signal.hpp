// A signal: the moment a symbol's confluence becomes LONG or SHORT, with everything needed to audit it.
#pragma once

#include "analysis/held_side.hpp"
#include "analysis/trade_plan.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace virtuoso {

struct SignalRules {
    ConfluenceThresholds thresholds;
    std::int64_t cooldown_ms = ms_per_hour;  ///< one signal per direction within it
    PlanRules plan;
};

/// Never changed after it was made. The components' results hold weights, raw values and the inputs' ages,
/// so that every number can be worked out again.
struct Signal {
    std::string id;  ///< exchange, symbol, direction and time: the same signal has the same id
    std::string exchange;
    std::string symbol;
    /// When it could first be known: nothing in it is newer.
    ExchangeTime confirmed_at;
    TradePlan plan;
    Confluence confluence;
    std::array<std::string, component_count> interpretations;
    std::vector<std::string> insights;
    SignalRules rules;
};

/// Watches the scores of one symbol. A side is held until the score has left it by the hysteresis; it is
/// entered only with enough reliability; a signal is made when it is entered, unless one of the same
/// direction was made within the cooldown.
class SignalTracker {
  public:
    /// What is known of signals that somebody else made of the symbol before.
    struct Before {
        Verdict held = Verdict::neutral;
        std::optional<ExchangeTime> last_long = {};
        std::optional<ExchangeTime> last_short = {};
    };

    explicit SignalTracker(SignalRules rules = {}) : SignalTracker(rules, Before{}) {}
    /// Goes on from there: a side that was held is not entered anew.
    SignalTracker(SignalRules rules, const Before& before)
        : rules_(rules),
          side_(rules.thresholds, before.held),
          last_long_(before.last_long),
          last_short_(before.last_short) {}

    /// Call with every evaluation, in order of time. Returns the signal, if one begins.
    [[nodiscard]] std::unique_ptr<const Signal> update(const Confluence& confluence,
                                                       const std::string& exchange,
                                                       const std::string& symbol);
    /// The side being held.
    [[nodiscard]] Verdict held() const noexcept { return side_.side(); }

  private:
    SignalRules rules_;
    HeldSide side_;
    bool pending_ = false;  ///< a side was entered and could not be planned yet
    std::optional<ExchangeTime> last_long_;
    std::optional<ExchangeTime> last_short_;
};

}  // namespace virtuoso
