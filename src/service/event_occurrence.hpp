// What alerts are told of: events, the market's regime, the service's health.
#pragma once

#include "alert/occurrence.hpp"
#include "service/health.hpp"
#include "service/market_overview.hpp"
#include "service/notable_event.hpp"

#include <optional>

namespace virtuoso {

/// A change of a signal is of kind "signal" and has the word "side": long, short or neutral. All have the
/// word "phase".
[[nodiscard]] Occurrence occurrence_of(const NotableEvent& event);

/// Tells of the regime when it becomes another one.
class RegimeWatch {
  public:
    [[nodiscard]] std::optional<Occurrence> look(const MarketOverview& overview);

  private:
    std::optional<MarketRegime> regime_;
};

/// Tells when the service stops making progress, when it has not been ready for five seconds after it was,
/// and when that is over.
class HealthWatch {
  public:
    [[nodiscard]] std::optional<Occurrence> look(const ServiceHealth& health, LocalTime now);

  private:
    bool was_ready_ = false;
    bool told_ = false;
    std::optional<LocalTime> bad_since_;
};

}  // namespace virtuoso
