#include "exchange/binance/rest_rules.hpp"

#include "exchange/number_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace virtuoso::binance {

namespace {

constexpr std::int64_t weight_near_limit = 2'300;
constexpr std::int64_t ban_pause_ms = 2 * ms_per_minute;  ///< the shortest ban
constexpr std::int64_t ban_pause_ms_max = 3 * ms_per_day;

std::int64_t until_next_minute(LocalTime now) {
    return ms_per_minute - now.ns / 1'000'000 % ms_per_minute + 100;
}

std::int64_t retry_after_ms(const HttpAnswer& answer, std::int64_t absent_ms) {
    const auto seconds = integer_in(answer.header("Retry-After"));
    return seconds ? std::clamp<std::int64_t>(*seconds, 1, ban_pause_ms_max / 1'000) * 1'000 : absent_ms;
}

bool passes(std::int64_t code) {
    return code == -1000 || code == -1001 || code == -1003 || code == -1007 || code == -1021;
}

}  // namespace

RestJudgement BinanceRestRules::judge(const HttpAnswer& answer, LocalTime now) const {
    if (answer.status == 418) {
        return {RestVerdict::retry, retry_after_ms(answer, ban_pause_ms),
                "HTTP 418: Binance refuses this address for a while because limits were ignored"};
    }
    if (answer.status == 403) {
        return {RestVerdict::retry, ban_pause_ms, "HTTP 403: Binance's firewall refuses this address"};
    }
    if (answer.status == 429) {
        return {RestVerdict::retry, retry_after_ms(answer, until_next_minute(now)), "rate limit reached"};
    }
    if (answer.status >= 500 || answer.status == 408) {
        return {RestVerdict::retry, 0, fmt::format("HTTP {}", answer.status)};
    }
    if (answer.body.empty() || (answer.body.front() != '{' && answer.body.front() != '[')) {
        return {RestVerdict::retry, 0, "the answer is not one of Binance's"};
    }
    const auto code = number_after(answer.body, "\"code\":");
    if (answer.status != 200 && code && passes(*code)) {
        return {RestVerdict::retry, 0, fmt::format("code {}", *code)};
    }
    RestJudgement judgement;
    if (integer_in(answer.header("X-MBX-USED-WEIGHT-1M")).value_or(0) >= weight_near_limit) {
        judgement.pause_ms = until_next_minute(now);
        judgement.reason = "rate limit used up";
    }
    return judgement;
}

}  // namespace virtuoso::binance
