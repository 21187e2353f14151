// What stands around every answer of Bybit's REST API.
#pragma once

#include "net/transport.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace virtuoso::sim {

/// 600 requests per five seconds and address.
inline constexpr std::int64_t address_limit = 600;

/// HTTP 200 with `result`, a JSON object, or with a refusal's code and message.
[[nodiscard]] inline HttpAnswer bybit_answer(int code, std::string_view message, std::string_view result,
                                             std::int64_t clock_ms) {
    return {.status = 200,
            .headers = {{"Content-Type", "application/json; charset=utf-8"},
                        {"X-Bapi-Limit", std::to_string(address_limit)},
                        {"X-Bapi-Limit-Status", std::to_string(address_limit - 1)},
                        {"X-Bapi-Limit-Reset-Timestamp", std::to_string(clock_ms + 5'000)}},
            .body = fmt::format(R"({{"retCode":{},"retMsg":"{}","result":{},"retExtInfo":{{}},"time":{}}})",
                                code, message, result.empty() ? "{}" : result, clock_ms)};
}

[[nodiscard]] inline HttpAnswer page_not_found() {
    return {.status = 404, .headers = {}, .body = "404 page not found"};
}

}  // namespace virtuoso::sim
