// Where a server listens.
#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace virtuoso {

struct ListenAddress {
    std::string host;        ///< name or address, that of IPv6 without its brackets
    std::uint16_t port = 0;  ///< 0: any that is free

    /// "127.0.0.1:8080", "[::1]:8080", "localhost:0". Error: argument.
    [[nodiscard]] static Result<ListenAddress> parse(std::string_view text);
};

}  // namespace virtuoso
