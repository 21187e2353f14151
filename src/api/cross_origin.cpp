#include "api/cross_origin.hpp"

#include <algorithm>
#include <utility>

namespace virtuoso {

std::string_view allowed_origin(const ServerRequest& request, std::span<const std::string> origins) {
    const std::string_view origin = header_named(request.headers, "Origin");
    return std::ranges::find(origins, origin) == origins.end() ? std::string_view{} : origin;
}

std::optional<HttpAnswer> preflight(const ServerRequest& request, std::span<const std::string> origins) {
    if (request.method != "OPTIONS" || allowed_origin(request, origins).empty() ||
        header_named(request.headers, "Access-Control-Request-Method").empty()) {
        return std::nullopt;
    }
    return HttpAnswer{
        .status = 204,
        .headers = {{"Access-Control-Allow-Methods", "GET, HEAD, POST"},
                    {"Access-Control-Allow-Headers", "Authorization, Content-Type, If-None-Match"},
                    {"Access-Control-Max-Age", "600"}},
        .body = {}};
}

HttpAnswer shared_with(HttpAnswer answer, std::string_view origin) {
    const auto vary = std::ranges::find(answer.headers, "Vary", &HttpHeader::name);
    if (vary == answer.headers.end()) {
        answer.headers.push_back({"Vary", "Origin"});
    } else {
        vary->value += ", Origin";
    }
    if (!origin.empty()) {
        answer.headers.push_back({"Access-Control-Allow-Origin", std::string(origin)});
        answer.headers.push_back({"Access-Control-Expose-Headers", "ETag, Retry-After"});
        answer.headers.push_back({"Cross-Origin-Resource-Policy", "cross-origin"});
    }
    return answer;
}

}  // namespace virtuoso
