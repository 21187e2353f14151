// What clients say on Bybit's WebSockets, and how they are answered.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso::sim {

struct BybitRequest {
    bool readable = false;  ///< a JSON object; else all is empty
    std::string operation;
    std::string id;
    std::vector<std::string> topics;

    /// Fields of another type than they should have count as not given.
    [[nodiscard]] static BybitRequest read(std::string_view text);
};

struct BybitReply {
    bool success = false;
    std::string_view message = {};
    std::uint64_t connection = 0;
    std::string_view request_id = {};
    std::string_view operation = {};

    [[nodiscard]] std::string text() const;
};

}  // namespace virtuoso::sim
