#include "exchange/bybit/rest_rules.hpp"

#include "exchange/number_text.hpp"
#include "exchange/place_refusal.hpp"
#include "exchange/retry_after.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace virtuoso::bybit {

namespace {

constexpr std::int64_t address_pause_ms = 10 * ms_per_minute;
constexpr std::int64_t default_pause_ms = 1'000;
constexpr std::int64_t reset_ms_max = 60'000;

/// What Retry-After asks for, up to the longest time for which Bybit refuses an address.
std::int64_t asked_pause_ms(const HttpAnswer& answer, LocalTime now, std::int64_t absent_ms) {
    const auto asked = retry_after_ms(answer, now);
    return asked ? std::min(*asked, address_pause_ms) : absent_ms;
}

std::int64_t pause_until_reset(const HttpAnswer& answer, LocalTime now) {
    if (const std::int64_t asked = asked_pause_ms(answer, now, 0); asked > 0) {
        return asked;
    }
    if (const auto reset = integer_in(answer.header("X-Bapi-Limit-Reset-Timestamp"))) {
        const std::int64_t wait = *reset - now.ns / 1'000'000;
        // A reset far from our clock tells of the clocks, not of the limit.
        return wait > 0 && wait <= reset_ms_max ? wait : default_pause_ms;
    }
    return default_pause_ms;
}

/// The refusals of an address and of its rate.
std::optional<RestJudgement> judge_refusal(const HttpAnswer& answer, std::optional<std::int64_t> code,
                                           LocalTime now) {
    if (answer.status == 403) {
        const HttpRefusal refusal = refusal_of(answer.status, answer.body);
        const auto meaning = refusal.cause == RefusalCause::too_fast
                                 ? "too many requests came from this address: it is refused for"
                                 : "too many requests, or a place that is not served: asked again in";
        return RestJudgement{RestVerdict::retry, address_pause_ms,
                             fmt::format("HTTP 403 from Bybit{}; {} {} minutes", refusal.quoted(), meaning,
                                         address_pause_ms / ms_per_minute),
                             ErrorCode::rate_limit};
    }
    if (answer.status == 429 || answer.status == 418 || code == 10006) {
        const std::int64_t pause_ms = pause_until_reset(answer, now);
        return RestJudgement{RestVerdict::retry, pause_ms,
                             fmt::format("Bybit's rate limit is reached{}; nothing is asked for {} ms",
                                         refusal_of(answer.status, answer.body).quoted(), pause_ms),
                             ErrorCode::rate_limit};
    }
    return std::nullopt;
}

}  // namespace

std::string_view place_remedy(std::int64_t code) noexcept {
    switch (code) {
        case 10009:
            return "the exchange does not serve the region of this machine's address, or has banned it: use "
                   "an "
                   "address in a region that it serves, or the regional site of the account (--region)";
        case 10024:
            return "compliance rules: the product is not offered to this account where its owner lives, or "
                   "the "
                   "account's identity is not verified; only the exchange's own site can change that";
        default:
            return {};
    }
}

RestJudgement BybitRestRules::judge(const HttpAnswer& answer, LocalTime now) const {
    if (auto place = place_refusal("Bybit", answer)) {
        return *std::move(place);
    }
    const auto code = number_after(answer.body, "\"retCode\":");
    if (auto refusal = judge_refusal(answer, code, now)) {
        return *std::move(refusal);
    }
    if (const auto remedy = place_remedy(code.value_or(0)); !remedy.empty()) {
        return {RestVerdict::give_up, place_pause_ms,
                fmt::format("Bybit answered retCode {}{}; {}", *code,
                            refusal_of(answer.status, answer.body).quoted(), remedy),
                ErrorCode::restricted_place};
    }
    if (answer.status >= 500) {
        return {RestVerdict::retry, asked_pause_ms(answer, now, 0),
                fmt::format("HTTP {}{}", answer.status, refusal_of(answer.status, answer.body).quoted())};
    }
    if (answer.status != 200) {
        return {RestVerdict::accept, 0, {}};
    }
    if (!code) {
        return {RestVerdict::retry, 0,
                fmt::format("the answer is not one of Bybit's{}; a proxy or a login page may stand between",
                            refusal_of(answer.status, answer.body).quoted())};
    }
    if (code == 10000 || code == 10016 || code == 10002) {
        return {RestVerdict::retry, 0, fmt::format("retCode {}", *code)};
    }
    RestJudgement judgement;
    if (answer.header("X-Bapi-Limit-Status") == "0") {
        judgement.pause_ms = pause_until_reset(answer, now);
        judgement.reason = "rate limit used up";
    }
    return judgement;
}

}  // namespace virtuoso::bybit
