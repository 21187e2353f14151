// What Binance's statuses, codes and headers mean for the requests that follow.
#pragma once

#include "exchange/rest_queue.hpp"

namespace virtuoso::binance {

/// 2400 of weight a minute and address; stays below.
/// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/general-info#limits
inline constexpr RestLimits rest_limits{.weight_per_second = 34, .burst = 240, .in_flight_max = 16};

/// 451, and what names a place: not served, final. 418: the address is banned until Retry-After. 429, and a
/// used weight near the limit: until the next minute. 5xx, 408 (not before Retry-After) and the
/// codes −1000, −1001, −1003, −1007 and −1021 (clock) pass.
class BinanceRestRules final : public RestRules {
  public:
    [[nodiscard]] RestJudgement judge(const HttpAnswer& answer, LocalTime now) const override;
};

}  // namespace virtuoso::binance
