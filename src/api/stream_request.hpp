// What a client of /ws asks for.
#pragma once

#include "base/error.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

enum class StreamOp : std::uint8_t { subscribe, unsubscribe, list, ping };

/// {"op":"subscribe","channels":["overview"],"id":1}
struct StreamRequest {
    static constexpr std::size_t channels_max = 100;
    static constexpr std::size_t id_max = 64;  ///< bytes

    StreamOp op = StreamOp::ping;
    std::vector<std::string> channels = {};
    std::string id = "null";  ///< JSON: a text or a whole number, to be given back

    /// Errors: json_syntax, argument, naming the field, its value and what is allowed. O(size).
    [[nodiscard]] static Result<StreamRequest> parse(std::string_view text);
};

}  // namespace virtuoso
