#include "exchange/bybit/api_key.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <utility>

namespace virtuoso::bybit {

namespace {

constexpr std::size_t file_bytes_max = 4'096;

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r");
    return first == std::string_view::npos ? std::string_view{}
                                           : text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

bool is_of_a_key(std::string_view text) {
    constexpr std::string_view marks = "-_=+/.";
    return !text.empty() && text.size() <= key_length_max && std::ranges::all_of(text, [&](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
               (letter >= '0' && letter <= '9') || marks.find(letter) != std::string_view::npos;
    });
}

/// Of a secret that is as long as keys are, its beginning gives it away.
constexpr std::size_t telling_length = 8;

void hide(std::string& text, std::string_view secret) {
    if (secret.empty()) {
        return;
    }
    const auto beginning = secret.substr(0, telling_length);
    for (auto at = text.find(beginning); at != std::string::npos; at = text.find(beginning, at + 1)) {
        std::size_t length = beginning.size();
        while (length < secret.size() && at + length < text.size() && text[at + length] == secret[length]) {
            ++length;
        }
        text.replace(at, length, "***");
    }
}

}  // namespace

Result<void> check_api_key(const ApiKey& key, std::string_view origin) {
    for (const auto& [name, value] : {std::pair{"key", &key.key}, std::pair{"secret", &key.secret}}) {
        if (!is_of_a_key(*value)) {
            return fail(
                ErrorCode::argument,
                fmt::format("{}: the {} is {} bytes long or has characters that keys do not have: it is "
                            "1 to {} letters, digits and -_=+/. without quotes or spaces",
                            origin, name, value->size(), key_length_max));
        }
    }
    return {};
}

std::string redacted(std::string text, const ApiKey& key) {
    hide(text, key.key);
    hide(text, key.secret);
    return text;
}

Result<ApiKey> parse_api_key(std::string_view text, std::string_view origin) {
    ApiKey result;
    int number = 0;
    while (!text.empty()) {
        ++number;
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty() || line.front() == '#') {
            continue;
        }
        const auto equals = line.find('=');
        const auto name = trimmed(line.substr(0, std::min(equals, line.size())));
        const auto value =
            equals == std::string_view::npos ? std::string_view{} : trimmed(line.substr(equals + 1));
        if ((name != "key" && name != "secret") || !is_of_a_key(value)) {
            return fail(ErrorCode::file_format,
                        fmt::format("{}, line {}: write two lines, key = … and secret = …, without quotes",
                                    origin, number));
        }
        (name == "key" ? result.key : result.secret) = value;
    }
    if (result.key.empty() || result.secret.empty()) {
        return fail(ErrorCode::file_format, fmt::format("{}: {} is missing; write two lines, key = … and "
                                                        "secret = …",
                                                        origin, result.key.empty() ? "key" : "secret"));
    }
    return result;
}

Result<ApiKey> load_api_key(const std::string& path) {
    struct stat status {};
    if (stat(path.c_str(), &status) != 0) {
        return fail(ErrorCode::file_open,
                    fmt::format("key file {}: {}", in_quotes(path), system_reason(errno)));
    }
    if (!S_ISREG(status.st_mode)) {
        return fail(ErrorCode::file_open, fmt::format("key file {} is no regular file", in_quotes(path)));
    }
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return fail(ErrorCode::file_open,
                    fmt::format("key file {} may be read by others (mode {:04o}): chmod 600 {}",
                                in_quotes(path), status.st_mode & 07777, path));
    }
    std::ifstream file(path, std::ios::binary);
    std::string text(file_bytes_max + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (file.bad() || file.gcount() == 0) {
        return fail(ErrorCode::file_open,
                    fmt::format("key file {} cannot be read or is empty", in_quotes(path)));
    }
    if (file.gcount() > static_cast<std::streamsize>(file_bytes_max)) {
        return fail(ErrorCode::file_format, fmt::format("key file {} is longer than {} bytes: it is not one",
                                                        in_quotes(path), file_bytes_max));
    }
    text.resize(static_cast<std::size_t>(file.gcount()));
    return parse_api_key(text, fmt::format("key file {}", in_quotes(path)));
}

std::string signature(std::string_view secret, std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &length);
    std::string hex;
    hex.reserve(std::size_t{2} * length);
    for (unsigned i = 0; i < length; ++i) {
        hex += fmt::format("{:02x}", digest[i]);
    }
    return hex;
}

std::vector<HttpHeader> signed_headers(const ApiKey& key, std::string_view target, std::int64_t now_ms) {
    const auto question = target.find('?');
    const auto query = question == std::string_view::npos ? std::string_view{} : target.substr(question + 1);
    const std::string text = fmt::format("{}{}{}{}", now_ms, key.key, receive_window_ms, query);
    return {{"X-BAPI-API-KEY", key.key},
            {"X-BAPI-TIMESTAMP", std::to_string(now_ms)},
            {"X-BAPI-RECV-WINDOW", std::to_string(receive_window_ms)},
            {"X-BAPI-SIGN", signature(key.secret, text)}};
}

}  // namespace virtuoso::bybit
