#include "api/dashboard.hpp"

#include "api/embedded_files.hpp"

#include <array>
#include <map>
#include <string>
#include <utility>

namespace virtuoso {

namespace {

/// `style-src` names 'unsafe-inline' for attributes alone: the chart sets sizes with them.
constexpr std::string_view policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> types{
    {{".html", "text/html; charset=utf-8"},
     {".js", "text/javascript; charset=utf-8"},
     {".css", "text/css; charset=utf-8"},
     {".svg", "image/svg+xml"}}};

std::string_view type_of(std::string_view name) {
    for (const auto& [ending, type] : types) {
        if (name.ends_with(ending)) {
            return type;
        }
    }
    return "application/octet-stream";
}

const KeptBody& kept(const EmbeddedFile& file) {
    static const std::map<std::string_view, KeptBody> all = [] {
        std::map<std::string_view, KeptBody> made;
        for (const EmbeddedFile& each : dashboard_files()) {
            made.emplace(each.name, KeptBody::of(each.bytes));
        }
        return made;
    }();
    return all.at(file.name);
}

}  // namespace

std::optional<HttpAnswer> dashboard_page(std::string_view path, const AnswerWishes& wishes) {
    constexpr std::string_view folder = "/dist";
    const std::string wanted = std::string(folder) + std::string(path == "/" ? "/index.html" : path);
    for (const EmbeddedFile& file : dashboard_files()) {
        if (file.name.ends_with(wanted)) {
            HttpAnswer answer{.status = 200,
                              .headers = {{"Content-Type", std::string(type_of(file.name))},
                                          {"Content-Security-Policy", std::string(policy)},
                                          {"Cache-Control", "no-cache"}},
                              .body = std::string(file.bytes)};
            return finished_answer(std::move(answer), kept(file), wishes);
        }
    }
    return std::nullopt;
}

}  // namespace virtuoso
