// The contract, and a page that shows it.
#include "api/embedded_files.hpp"
#include "api/resource.hpp"

#include <algorithm>
#include <array>

namespace virtuoso {

namespace {

HttpAnswer embedded(std::string_view name, std::string_view type) {
    const auto files = api_files();
    const auto found = std::ranges::find(files, name, &EmbeddedFile::name);
    return {.status = 200,
            .headers = {{"Content-Type", std::string(type)}},
            .body = std::string(found == files.end() ? std::string_view{} : found->bytes)};
}

HttpAnswer contract(const ApiContext&, std::string_view, const Query&) {
    return embedded("openapi.json", "application/json");
}

HttpAnswer page(const ApiContext&, std::string_view, const Query&) {
    HttpAnswer answer = embedded("docs/page.html", "text/html; charset=utf-8");
    answer.headers.push_back(
        {"Content-Security-Policy",
         "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
         "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"});
    return answer;
}

HttpAnswer style(const ApiContext&, std::string_view, const Query&) {
    return embedded("docs/page.css", "text/css; charset=utf-8");
}

HttpAnswer script(const ApiContext&, std::string_view, const Query&) {
    return embedded("docs/page.js", "text/javascript; charset=utf-8");
}

constexpr std::array resources{Resource{.path = "/api/v1/openapi.json", .get = contract},
                               Resource{.path = "/api/v1/docs", .get = page},
                               Resource{.path = "/api/v1/docs/page.css", .get = style},
                               Resource{.path = "/api/v1/docs/page.js", .get = script}};

}  // namespace

std::span<const Resource> docs_resources() noexcept {
    return resources;
}

}  // namespace virtuoso
