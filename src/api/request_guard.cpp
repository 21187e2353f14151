#include "api/request_guard.hpp"

#include "api/foreign_request.hpp"
#include "api/problem.hpp"
#include "api/request_headers.hpp"
#include "net/url.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <algorithm>

namespace virtuoso {

namespace {

constexpr std::size_t token_bytes_min = 16;

HttpAnswer no_token(std::string_view where) {
    HttpAnswer answer =
        problem(401, "A token is demanded",
                fmt::format("{} has none, or another one than this service was given: send it "
                            "as Authorization: Bearer TOKEN",
                            where));
    answer.headers.push_back({"WWW-Authenticate", "Bearer realm=\"virtuoso\""});
    return answer;
}

}  // namespace

std::optional<HttpAnswer> RequestGuard::refused_host(const ServerRequest& request) const {
    const std::string_view named = header_named(request.headers, "Host");
    if (std::ranges::find(hosts_, host_without_port(named)) != hosts_.end()) {
        return std::nullopt;
    }
    return problem(403, "This host is not served",
                   fmt::format("Host {} is none of {}: a page of another site may have sent the request; "
                               "names of this machine are given by [api] hosts",
                               in_quotes(named), fmt::join(hosts_, ", ")));
}

// Its length is all that the time of a refusal tells.
bool RequestGuard::is_token(std::string_view given) const noexcept {
    const std::string_view own = token_.exposed();
    return given.size() == own.size() && CRYPTO_memcmp(given.data(), own.data(), own.size()) == 0;
}

std::optional<HttpAnswer> RequestGuard::refused_token(const ServerRequest& request) const {
    if (token_.empty() || is_token(bearer_token(header_named(request.headers, "Authorization")))) {
        return std::nullopt;
    }
    return no_token("Authorization");
}

std::optional<HttpAnswer> RequestGuard::refused_stream(const ServerRequest& request) const {
    if (auto refused = refused_host(request)) {
        return refused;
    }
    if (auto refused = foreign_page(request, origins_)) {
        return refused;
    }
    auto refused = refused_token(request);
    if (refused && is_token(bearer_subprotocol(header_named(request.headers, "Sec-WebSocket-Protocol")))) {
        return std::nullopt;
    }
    return refused;
}

std::optional<Error> unfit_token(const Secret& token) {
    const auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("-._~").contains(c);
    };
    if (token.exposed().size() < token_bytes_min || !std::ranges::all_of(token.exposed(), plain)) {
        return Error{
            ErrorCode::config,
            fmt::format("[api] token: what it refers to is shorter than {} letters or has others than "
                        "a-z, A-Z, 0-9, -, ., _ and ~: make one with openssl rand -hex 32",
                        token_bytes_min)};
    }
    return std::nullopt;
}

}  // namespace virtuoso
