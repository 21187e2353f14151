#include "service/config_api_table.hpp"

#include "service/config_checks.hpp"
#include "service/config_field.hpp"

#include <array>

namespace virtuoso {

namespace {

constexpr double connections_most = 65'536;

constexpr std::array keys{
    ConfigKey{.section = "api",
              .name = "listen",
              .field = field<&ServiceConfig::api, &ApiConfig::listen>,
              .sentence = "Address of /health, /metrics and the API; port 0 takes any that is free.",
              .check = is_listen_address,
              .allowed = "HOST:PORT or [IPV6]:PORT with a port of 0 (any free one) to 65535",
              .example = "[::1]:9090",
              .flag = "--listen"},
    ConfigKey{.section = "api",
              .name = "token",
              .field = field<&ServiceConfig::api, &ApiConfig::token>,
              .sentence = "Where the token is that requests have to bring; empty: none is demanded, and only "
                          "loopback is listened on.",
              .check = is_token_reference,
              .allowed = "env:NAME, file:PATH (chmod 600), or empty",
              .example = "file:/etc/virtuoso/token",
              .guarded = true},
    ConfigKey{
        .section = "api",
        .name = "hosts",
        .field = field<&ServiceConfig::api, &ApiConfig::hosts>,
        .sentence = "Names and addresses, besides loopback and that of listen, by which it may be asked.",
        .check = is_host_name,
        .allowed = "names or addresses without a port, IPv6 in brackets",
        .example = "virtuoso.example"},
    ConfigKey{.section = "api",
              .name = "origins",
              .field = field<&ServiceConfig::api, &ApiConfig::origins>,
              .sentence = "Other sites whose pages may ask it (CORS).",
              .check = is_origin,
              .allowed = "https://HOST or http://HOST:PORT, in lower case, without a path",
              .example = "https://board.example"},
    ConfigKey{.section = "api",
              .name = "requests_per_s",
              .field = field<&ServiceConfig::api, &ApiConfig::requests_per_s>,
              .sentence = "Requests a second that one other machine's address may send; 0: any number.",
              .low = 0,
              .high = 1e6},
    ConfigKey{.section = "api",
              .name = "loopback_requests_per_s",
              .field = field<&ServiceConfig::api, &ApiConfig::loopback_requests_per_s>,
              .sentence = "The same of this machine's own addresses.",
              .low = 0,
              .high = 1e6},
    ConfigKey{.section = "api",
              .name = "connections",
              .field = field<&ServiceConfig::api, &ApiConfig::connections>,
              .sentence = "Connections at a time; more are closed at once.",
              .low = 1,
              .high = connections_most},
    ConfigKey{.section = "api",
              .name = "connections_per_address",
              .field = field<&ServiceConfig::api, &ApiConfig::connections_per_address>,
              .sentence = "The same of one address.",
              .low = 1,
              .high = connections_most},
    ConfigKey{.section = "api",
              .name = "header_bytes",
              .field = field<&ServiceConfig::api, &ApiConfig::header_bytes>,
              .sentence = "A request's line and headers have at most so many; more: 431.",
              .unit = "bytes",
              .low = 1'024,
              .high = 1'048'576},
    ConfigKey{.section = "api",
              .name = "body_bytes",
              .field = field<&ServiceConfig::api, &ApiConfig::body_bytes>,
              .sentence = "The same of its body; more: 413.",
              .unit = "bytes",
              .low = 1'024,
              .high = 16'777'216},
    ConfigKey{.section = "api",
              .name = "answer_bytes",
              .field = field<&ServiceConfig::api, &ApiConfig::answer_bytes>,
              .sentence = "An answer of a path has at most so many; more: 400.",
              .unit = "bytes",
              .low = 65'536,
              .high = 1'073'741'824}};

}  // namespace

std::span<const ConfigKey> config_api_keys() noexcept {
    return keys;
}

}  // namespace virtuoso
