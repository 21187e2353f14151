// The contract, and a page that shows it.
#include "api/embedded_files.hpp"
#include "api/finished_answer.hpp"
#include "api/resource.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

namespace virtuoso {

namespace {

/// They never change: each is hashed and compressed once.
HttpAnswer embedded(const ApiContext& context, std::string_view name, std::vector<HttpHeader> headers) {
    static const auto forms = [] {
        std::map<std::string_view, KeptBody> made;
        for (const EmbeddedFile& file : api_files()) {
            made.emplace(file.name, KeptBody::of(file.bytes));
        }
        return made;
    }();
    const auto files = api_files();
    const auto found = std::ranges::find(files, name, &EmbeddedFile::name);
    HttpAnswer answer{.status = 200, .headers = std::move(headers), .body = std::string(found->bytes)};
    return finished_answer(std::move(answer), forms.at(name), context.wishes);
}

HttpAnswer contract(const ApiContext& context, std::string_view, const Query&) {
    return embedded(context, "openapi.json", {{"Content-Type", "application/json"}});
}

HttpAnswer page(const ApiContext& context, std::string_view, const Query&) {
    return embedded(
        context, "docs/page.html",
        {{"Content-Type", "text/html; charset=utf-8"},
         {"Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
          "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"}});
}

HttpAnswer style(const ApiContext& context, std::string_view, const Query&) {
    return embedded(context, "docs/page.css", {{"Content-Type", "text/css; charset=utf-8"}});
}

HttpAnswer script(const ApiContext& context, std::string_view, const Query&) {
    return embedded(context, "docs/page.js", {{"Content-Type", "text/javascript; charset=utf-8"}});
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
