// What Bybit's statuses, codes and headers mean for the requests that follow.
#pragma once

#include "exchange/rest_queue.hpp"

namespace virtuoso::bybit {

/// 600 requests per 5 s and address; stays below. Source: https://bybit-exchange.github.io/docs/v5/rate-limit
inline constexpr RestLimits rest_limits{.weight_per_second = 110, .burst = 100, .in_flight_max = 16};

/// What its owner can do about a code that refuses a region or an account's products; empty for others.
[[nodiscard]] std::string_view place_remedy(std::int64_t code) noexcept;

/// 451, 403 that names a place, 10009 and 10024: not served, final. Other 403: the address is refused for ten
/// minutes. 429, 418 and 10006: until Retry-After or the announced reset. 5xx, 10000, 10016 and 10002 (clock)
/// pass, 5xx not before Retry-After.
class BybitRestRules final : public RestRules {
  public:
    [[nodiscard]] RestJudgement judge(const HttpAnswer& answer, LocalTime now) const override;
};

}  // namespace virtuoso::bybit
