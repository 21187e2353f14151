#include "exchange/binance/rest_rules.hpp"

#include "exchange/number_text.hpp"
#include "exchange/place_refusal.hpp"
#include "exchange/retry_after.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace virtuoso::binance {

namespace {

constexpr std::int64_t weight_near_limit = 2'300;
constexpr std::int64_t ban_pause_ms = 2 * ms_per_minute;  ///< the shortest ban
constexpr std::int64_t ban_pause_ms_max = 3 * ms_per_day;

std::int64_t until_next_minute(LocalTime now) {
    return ms_per_minute - now.ns / 1'000'000 % ms_per_minute + 100;
}

std::int64_t asked_pause_ms(const HttpAnswer& answer, LocalTime now, std::int64_t absent_ms) {
    const auto asked = retry_after_ms(answer, now);
    return asked ? std::min(*asked, ban_pause_ms_max) : absent_ms;
}

bool passes(std::int64_t code) {
    return code == -1000 || code == -1001 || code == -1003 || code == -1007 || code == -1021;
}

/// The statuses by which Binance refuses an address.
std::optional<RestJudgement> judge_refusal(const HttpAnswer& answer, LocalTime now) {
    const auto refused = [&](std::int64_t pause_ms, std::string_view meaning) {
        return RestJudgement{
            RestVerdict::retry, pause_ms,
            fmt::format("HTTP {} from Binance{}; {} {} s", answer.status,
                        refusal_of(answer.status, answer.body).quoted(), meaning, pause_ms / 1'000),
            ErrorCode::rate_limit};
    };
    switch (answer.status) {
        case 418:
            return refused(asked_pause_ms(answer, now, ban_pause_ms),
                           "this address is banned because limits were ignored: nothing is asked for");
        case 429:
            return refused(asked_pause_ms(answer, now, until_next_minute(now)),
                           "requests came faster than its limits allow: nothing is asked for");
        case 403:
            return refused(ban_pause_ms, "its firewall refuses what this address sends: asked again in");
        default:
            return std::nullopt;
    }
}

}  // namespace

RestJudgement BinanceRestRules::judge(const HttpAnswer& answer, LocalTime now) const {
    if (auto place = place_refusal("Binance", answer)) {
        return *std::move(place);
    }
    if (auto refusal = judge_refusal(answer, now)) {
        return *std::move(refusal);
    }
    if (answer.status >= 500 || answer.status == 408) {
        return {RestVerdict::retry, asked_pause_ms(answer, now, 0),
                fmt::format("HTTP {}{}", answer.status, refusal_of(answer.status, answer.body).quoted())};
    }
    if (answer.body.empty() || (answer.body.front() != '{' && answer.body.front() != '[')) {
        return {RestVerdict::retry, 0,
                fmt::format("the answer is not one of Binance's{}; a proxy or a login page may stand between",
                            refusal_of(answer.status, answer.body).quoted())};
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
