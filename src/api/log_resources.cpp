#include "api/problem.hpp"
#include "api/resource.hpp"
#include "service/recent_log.hpp"

#include <array>

namespace virtuoso {

namespace {

constexpr std::size_t lines_default = 100;
constexpr std::array<std::string_view, 2> levels{"warning", "error"};

Json line_json(const LogLine& line) {
    Json fields = Json::object();
    for (const auto& [name, value] : line.fields) {
        fields.set(name, value);
    }
    return {{"number", line.number},
            {"time_ms", line.time_ms},
            {"level", name_of(line.level)},
            {"part", line.part},
            {"kind", line.kind},
            {"message", line.message},
            {"symbol", line.symbol.empty() ? Json(nullptr) : Json(line.symbol)},
            {"fields", std::move(fields)}};
}

HttpAnswer log(const ApiContext& context, std::string_view, const Query& query) {
    const auto level = query.one_of("level", levels);
    const auto limit = query.number("limit", lines_default, 1, RecentLog::lines_max);
    if (!level) {
        return bad_parameter(level.error());
    }
    if (!limit) {
        return bad_parameter(limit.error());
    }
    const RecentLog& recent = context.service.log().recent();
    Json lines = Json::array();
    for (const auto& line : recent.read(*level == "error" ? LogLevel::error : LogLevel::warning, *limit)) {
        lines.push_back(line_json(line));
    }
    return json_answer(
        Json{{"schema", "virtuoso.log/1"}, {"newest", recent.added()}, {"lines", std::move(lines)}});
}

constexpr std::array<std::string_view, 2> log_parameters{"level", "limit"};
constexpr std::array resources{Resource{.path = "/api/v1/log", .parameters = log_parameters, .get = log}};

}  // namespace

std::span<const Resource> log_resources() noexcept {
    return resources;
}

}  // namespace virtuoso
