// The key of an account, and the signature it makes.
#pragma once

#include "base/error.hpp"
#include "net/transport.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso::bybit {

/// A read-only key is enough. Neither part is ever printed, logged or recorded.
struct ApiKey {
    std::string key;
    std::string secret;
};

inline constexpr std::size_t key_length_max = 128;

/// Letters, digits and `-_=+/.`, at most `key_length_max`: what keys consist of and what cannot break a
/// header. `origin` names where the key comes from. Error: argument; never repeats the key.
[[nodiscard]] Result<void> check_api_key(const ApiKey& key, std::string_view origin);

/// `text` without the key, the secret, or what is left of them where a message was cut.
[[nodiscard]] std::string redacted(std::string text, const ApiKey& key);

/// Text of two lines, `key = …` and `secret = …`; `#` begins a comment. `origin` names it in errors, which
/// never repeat what the text holds. Error: file_format.
[[nodiscard]] Result<ApiKey> parse_api_key(std::string_view text, std::string_view origin);

/// Reads such a file. Refused when others than its owner may read it. Errors: file_open, file_format.
[[nodiscard]] Result<ApiKey> load_api_key(const std::string& path);

/// Lower-case hex of HMAC-SHA256(secret, text).
[[nodiscard]] std::string signature(std::string_view secret, std::string_view text);

/// X-BAPI-API-KEY, -TIMESTAMP, -RECV-WINDOW and -SIGN for a GET of `target`, path and query, at exchange
/// time `now_ms`. Source: https://bybit-exchange.github.io/docs/v5/guide#authentication
[[nodiscard]] std::vector<HttpHeader> signed_headers(const ApiKey& key, std::string_view target,
                                                     std::int64_t now_ms);

inline constexpr std::int64_t receive_window_ms = 5'000;

}  // namespace virtuoso::bybit
