// What texts of the configuration have to be.
#pragma once

#include <string>

namespace virtuoso {

/// Empty, or an address with https:// or http://.
[[nodiscard]] bool is_rest_url(const std::string& text);
/// Empty, or an address with wss:// or ws://.
[[nodiscard]] bool is_stream_url(const std::string& text);
/// A fault of the simulated exchange.
[[nodiscard]] bool is_sim_fault(const std::string& text);
/// A contract as a user may write it (`meant_symbol`): 1 to 64 bytes, none of them a control character.
[[nodiscard]] bool is_symbol_text(const std::string& text);
[[nodiscard]] bool is_thresholds(const std::string& text);
/// Empty, "off", or an address of a store.
[[nodiscard]] bool is_store_address(const std::string& text);
[[nodiscard]] bool is_listen_address(const std::string& text);
/// Empty, or where a secret is (`is_secret_reference`).
[[nodiscard]] bool is_token_reference(const std::string& text);
/// What `Host` may have without its port: letters, digits, dots and hyphens, or IPv6 in brackets.
[[nodiscard]] bool is_host_name(const std::string& text);
/// As a browser says it: "https://board.example", "http://127.0.0.1:5173".
[[nodiscard]] bool is_origin(const std::string& text);

}  // namespace virtuoso
