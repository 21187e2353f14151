#include "exchange/bybit/rest_rules.hpp"

#include "exchange/number_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace virtuoso::bybit {

namespace {

constexpr std::int64_t address_pause_ms = 10 * ms_per_minute;
constexpr std::int64_t default_pause_ms = 1'000;
constexpr std::int64_t pause_ms_max = 60'000;

std::int64_t pause_until_reset(const HttpAnswer& answer, LocalTime now) {
    if (const auto seconds = integer_in(answer.header("Retry-After"))) {
        return std::clamp<std::int64_t>(*seconds * 1'000, 1, pause_ms_max);
    }
    if (const auto reset = integer_in(answer.header("X-Bapi-Limit-Reset-Timestamp"))) {
        const std::int64_t wait = *reset - now.ns / 1'000'000;
        // A reset far from our clock tells of the clocks, not of the limit.
        return wait > 0 && wait <= pause_ms_max ? wait : default_pause_ms;
    }
    return default_pause_ms;
}

}  // namespace

RestJudgement BybitRestRules::judge(const HttpAnswer& answer, LocalTime now) const {
    if (answer.status == 403) {
        return {RestVerdict::retry, address_pause_ms,
                "HTTP 403: too many requests from this address; Bybit refuses it for ten minutes"};
    }
    const auto code = number_after(answer.body, "\"retCode\":");
    if (answer.status == 429 || code == 10006) {
        return {RestVerdict::retry, pause_until_reset(answer, now), "rate limit reached"};
    }
    if (answer.status >= 500) {
        return {RestVerdict::retry, 0, fmt::format("HTTP {}", answer.status)};
    }
    if (answer.status != 200) {
        return {RestVerdict::accept, 0, {}};
    }
    if (!code) {
        return {RestVerdict::retry, 0, "the answer is not one of Bybit's"};
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
