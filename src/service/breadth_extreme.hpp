// When nearly the whole market stands on one side.
#pragma once

#include "service/event_settings.hpp"
#include "service/market_overview.hpp"
#include "service/notable_event.hpp"

#include <cstddef>
#include <optional>

namespace virtuoso {

/// Looks at one overview after the other. Tells when an extreme begins, when it becomes critical, and when it
/// is over: when its side has lost five points more than it had to have. O(1).
class BreadthExtreme {
  public:
    /// Below so many contracts a share says nothing.
    static constexpr std::size_t contracts_min = 20;
    static constexpr double hysteresis = 0.05;

    void set(const BreadthExtremeSettings& settings) { settings_ = settings; }
    [[nodiscard]] std::optional<NotableEvent> look(const MarketOverview& overview);

  private:
    BreadthExtremeSettings settings_;
    int side_ = 0;  ///< +1 while an extreme of gainers lasts, −1 of losers
    bool critical_ = false;
};

}  // namespace virtuoso
