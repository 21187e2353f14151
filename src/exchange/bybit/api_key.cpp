#include "exchange/bybit/api_key.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/stat.h>

#include <array>
#include <fstream>
#include <iterator>

namespace virtuoso::bybit {

namespace {

constexpr std::size_t file_bytes_max = 4'096;

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r");
    return first == std::string_view::npos ? std::string_view{}
                                           : text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// What can stand in a header and in a signature.
bool is_printable(std::string_view text) {
    for (const char letter : text) {
        if (letter <= ' ' || letter > '~') {
            return false;
        }
    }
    return !text.empty();
}

}  // namespace

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
        if ((name != "key" && name != "secret") || !is_printable(value)) {
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
