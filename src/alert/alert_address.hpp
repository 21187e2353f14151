// Addresses that alerts may be sent to.
#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <string_view>

namespace virtuoso {

enum class PlainText : std::uint8_t { anywhere, loopback };  ///< where an address may do without TLS

/// https://…, and http://… where `plain` allows it. The error names `field`, and not the address, which may
/// be a secret. Error: config.
[[nodiscard]] Result<void> check_http_address(std::string_view url, std::string_view field, PlainText plain);
/// smtp://HOST:PORT or smtps://HOST:PORT. Error: config.
[[nodiscard]] Result<void> check_mail_server(std::string_view url, std::string_view field);
/// localhost, 127.… or [::1] of an address that was checked.
[[nodiscard]] bool is_loopback(std::string_view url);
/// NAME@HOST of printable ASCII, at most 254 bytes, nothing that a header or an SMTP command acts on.
[[nodiscard]] bool is_mail_address(std::string_view text);

}  // namespace virtuoso
