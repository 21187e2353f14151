#include "sim/http_faults.hpp"

#include <fmt/format.h>

#include <array>

namespace virtuoso::sim {

ServerAnswer answer_with_faults(FaultPlan& faults, const ServerRequest& request, std::int64_t now_ms,
                                const std::function<HttpAnswer(std::int64_t)>& rest) {
    if (request.method != "GET" && request.method != "HEAD") {
        return {not_allowed("GET, HEAD"), 0};
    }
    ServerAnswer answer;
    const auto strike = [&](FaultKind kind) {
        return faults.strike(std::array{kind}, request.target, now_ms);
    };
    const std::int64_t clock_ms = now_ms + faults.clock_skew_ms(now_ms);
    if (const auto slow = strike(FaultKind::slow_body)) {
        answer.delay_ms = slow->value;
    }
    const std::string reset = std::to_string(clock_ms + 1'000);
    if (strike(FaultKind::http_403)) {
        answer.http = {.status = 403, .headers = {}, .body = "403 Forbidden: access too frequent"};
    } else if (strike(FaultKind::http_429)) {
        answer.http = {.status = 429,
                       .headers = {{"Retry-After", "1"},
                                   {"X-Bapi-Limit", "600"},
                                   {"X-Bapi-Limit-Status", "0"},
                                   {"X-Bapi-Limit-Reset-Timestamp", reset}},
                       .body = "too many requests"};
    } else if (strike(FaultKind::http_500)) {
        answer.http = {.status = 500, .headers = {}, .body = "internal error"};
    } else if (strike(FaultKind::rate_code)) {
        answer.http = {.status = 200,
                       .headers = {{"X-Bapi-Limit-Reset-Timestamp", reset}},
                       .body = fmt::format(R"({{"retCode":10006,"retMsg":"Too many visits!","result":{{}},)"
                                           R"("retExtInfo":{{}},"time":{}}})",
                                           clock_ms)};
    } else {
        answer.http = rest(clock_ms);
        if (strike(FaultKind::broken_body) && !answer.http.body.empty()) {
            answer.http.body.resize(answer.http.body.size() / 2);
        }
    }
    return answer;
}

HttpAnswer plain_text(int status, const std::string& message) {
    return {.status = status, .headers = {{"Content-Type", "text/plain"}}, .body = message + "\n"};
}

HttpAnswer not_allowed(std::string_view methods) {
    HttpAnswer answer = plain_text(405, fmt::format("only {} is answered here", methods));
    answer.headers.push_back({"Allow", std::string(methods)});
    return answer;
}

}  // namespace virtuoso::sim
