#include "alert/delivery_judgement.hpp"

#include "base/unicode.hpp"
#include "net/http_refusal.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace virtuoso {

namespace {

using Json = nlohmann::json;
constexpr std::int64_t ns_per_ms = 1'000'000;

std::optional<std::int64_t> wait_in(const Json& object, const char* name) {
    const auto found = object.is_object() ? object.find(name) : object.end();
    if (!object.is_object() || found == object.end() || !found->is_number()) {
        return std::nullopt;
    }
    const double seconds = found->get<double>();
    constexpr double most_s = 86'400;
    if (!std::isfinite(seconds) || seconds < 0) {
        return std::nullopt;
    }
    return static_cast<std::int64_t>(
        std::ceil(std::min(seconds, most_s) * static_cast<double>(ms_per_second)));
}

/// Discord's stands in the answer, Telegram's in its "parameters".
std::optional<std::int64_t> asked_wait(SinkKind kind, const Json& json,
                                       std::optional<std::int64_t> retry_after_s) {
    std::optional<std::int64_t> of_body;
    if (kind == SinkKind::discord) {
        of_body = wait_in(json, "retry_after");
    } else if (kind == SinkKind::telegram && json.is_object() && json.contains("parameters")) {
        of_body = wait_in(json["parameters"], "retry_after");
    }
    constexpr std::int64_t most_s = 86'400;
    const auto of_header =
        retry_after_s ? std::optional(std::clamp<std::int64_t>(*retry_after_s, 0, most_s) * ms_per_second)
                      : std::nullopt;
    return of_body && of_header ? std::max(of_body, of_header) : of_body ? of_body : of_header;
}

std::string words_in(const Json& json, int status, std::string_view body) {
    if (json.is_object() && json.contains("description") && json["description"].is_string()) {
        return fmt::format(": {}", in_quotes(json["description"].get<std::string>()));
    }
    return refusal_of(status, body).quoted();
}

bool is_temporary(int status) {
    constexpr int timeout = 408;
    constexpr int conflict = 409;
    constexpr int too_early = 425;
    constexpr int too_many = 429;
    constexpr int of_server = 500;
    return status >= of_server || status == timeout || status == conflict || status == too_early ||
           status == too_many;
}

}  // namespace

DeliveryJudgement judge_http(SinkKind kind, int status, std::string_view body,
                             std::optional<std::int64_t> retry_after_s) {
    constexpr int success = 200;
    constexpr int redirect = 300;
    constexpr int refusal = 400;
    const Json json = Json::parse(body, nullptr, false);
    const bool says_ok = json.is_object() && json.contains("ok") && json["ok"] == true;
    const std::string words = words_in(json, status, body);
    if (status >= success && status < redirect) {
        if (kind != SinkKind::telegram || says_ok) {
            return {.verdict = DeliveryVerdict::delivered,
                    .reason = fmt::format("HTTP {}", status),
                    .wait_ms = {}};
        }
        return {.verdict = DeliveryVerdict::later,
                .reason = fmt::format("HTTP {}, but the answer does not say ok{}", status, words),
                .wait_ms = asked_wait(kind, json, retry_after_s)};
    }
    if (status < refusal && status >= redirect) {
        return {
            .verdict = DeliveryVerdict::never,
            .reason = fmt::format("HTTP {}: it redirects, and alerts do not follow: give the address that it "
                                  "leads to",
                                  status),
            .wait_ms = {}};
    }
    return {
        .verdict = is_temporary(status) || status < success ? DeliveryVerdict::later : DeliveryVerdict::never,
        .reason = fmt::format("HTTP {}{}", status, words),
        .wait_ms = asked_wait(kind, json, retry_after_s)};
}

DeliveryJudgement judge_mail(int reply, std::string_view words) {
    constexpr int permanent = 500;
    return {.verdict = reply >= permanent ? DeliveryVerdict::never : DeliveryVerdict::later,
            .reason = printable(reply > 0 ? fmt::format("SMTP {}: {}", reply, words) : std::string(words)),
            .wait_ms = {}};
}

std::optional<LocalTime> next_try(LocalTime made, LocalTime now, std::uint32_t attempts,
                                  std::optional<std::int64_t> wait_ms) {
    constexpr std::uint32_t doublings_max = 9;
    constexpr std::int64_t pause_max = 300 * ms_per_second;
    const std::int64_t doubled = ms_per_second << std::min(attempts > 0 ? attempts - 1 : 0, doublings_max);
    const std::int64_t pause = std::max(std::min(doubled, pause_max), wait_ms.value_or(0));
    const LocalTime next{now.ns + pause * ns_per_ms};
    return next - made > delivery_patience_ms * ns_per_ms ? std::nullopt : std::optional(next);
}

}  // namespace virtuoso
