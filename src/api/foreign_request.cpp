#include "api/foreign_request.hpp"

#include "api/cross_origin.hpp"
#include "api/problem.hpp"
#include "exchange/symbol_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace virtuoso {

namespace {

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

bool has(std::span<const HttpHeader> headers, std::string_view name) {
    return std::ranges::any_of(headers,
                               [&](const HttpHeader& header) { return lower(header.name) == lower(name); });
}

/// "application/json; charset=utf-8" is one.
bool is_json(std::string_view content_type) {
    std::string type = lower(content_type.substr(0, content_type.find(';')));
    type.erase(type.find_last_not_of(" \t") + 1);
    return type == "application/json";
}

HttpAnswer foreign(std::string_view header, std::string_view value) {
    return problem(403, "This request comes from another site",
                   fmt::format("{} {} is not of the address that was asked: what changes something is "
                               "answered to programs, own pages and those of [api] origins alone",
                               header, in_quotes(value)));
}

}  // namespace

std::optional<HttpAnswer> foreign_page(const ServerRequest& request, std::span<const std::string> origins) {
    if (!allowed_origin(request, origins).empty()) {
        return std::nullopt;
    }
    const std::string_view origin = header_named(request.headers, "Origin");
    const std::string own = lower(fmt::format("://{}", header_named(request.headers, "Host")));
    // https: of a proxy before the service.
    if (has(request.headers, "Origin") && lower(origin) != "http" + own && lower(origin) != "https" + own) {
        return foreign("Origin", origin);
    }
    const std::string_view site = header_named(request.headers, "Sec-Fetch-Site");
    if (!site.empty() && site != "same-origin" && site != "none") {
        return foreign("Sec-Fetch-Site", site);
    }
    return std::nullopt;
}

std::optional<HttpAnswer> foreign_request(const ServerRequest& request,
                                          std::span<const std::string> origins) {
    if (auto foreign_site = foreign_page(request, origins)) {
        return foreign_site;
    }
    const std::string_view type = header_named(request.headers, "Content-Type");
    if (!is_json(type)) {
        return problem(415, "This content type is not taken",
                       fmt::format("Content-Type {} is not application/json: send it with the body {{}}",
                                   in_quotes(type)));
    }
    return std::nullopt;
}

}  // namespace virtuoso
