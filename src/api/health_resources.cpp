#include "api/health_json.hpp"
#include "api/metrics_text.hpp"
#include "api/resource.hpp"
#include "service/process_usage.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::size_t symbols_default = 100;
constexpr std::size_t symbols_most = 2'000;

HttpAnswer plain(int status, std::string body) {
    return {.status = status,
            .headers = {{"Content-Type", "text/plain; charset=utf-8"}},
            .body = std::move(body)};
}

HttpAnswer live(const ApiContext& context, std::string_view, const Query&) {
    return context.service.live() ? plain(200, "live\n")
                                  : plain(503, "a part makes no progress: see /api/v1/health\n");
}

HttpAnswer ready(const ApiContext& context, std::string_view, const Query&) {
    const ServiceHealth now = context.service.health(0);
    return now.ready ? plain(200, "ready\n") : plain(503, fmt::format("{}\n", now.why_not_ready));
}

HttpAnswer metrics(const ApiContext& context, std::string_view, const Query&) {
    Service& service = context.service;
    const ProcessUsage usage = process_usage();
    MetricSources sources{
        .version = context.settings.version,
        .exchange = context.settings.exchange,
        .health = service.health(0),
        .shards = service.hub().statuses(),
        .queues = service.hub().queues(),
        .log = service.log().counts(),
        .keeper = service.keeper().report(0),
        .events = service.desk().event_counts(),
        .saving = service.saving(),
        .store = service.store_status(),
        .outcomes = service.outcomes(),
        .alerts = service.alerts() == nullptr ? std::nullopt : std::optional(service.alerts()->counts()),
        .shards_replaced = service.shards().replaced(),
        .resident_bytes = usage.resident_bytes,
        .cpu_seconds = usage.cpu_seconds,
        .deep = {}};
    for (auto& result : service.results().all()) {
        if (result->deep) {
            sources.deep.push_back(std::move(result));
        }
    }
    return {.status = 200,
            .headers = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}},
            .body = metrics_text(sources)};
}

HttpAnswer health(const ApiContext& context, std::string_view, const Query& query) {
    const auto symbols = query.number("symbols", symbols_default, 0, symbols_most);
    if (!symbols) {
        return bad_parameter(symbols.error());
    }
    return json_answer(health_json(context.service.health(*symbols), context.service.hub().queues()));
}

constexpr std::array<std::string_view, 1> health_parameters{"symbols"};
constexpr std::array resources{
    Resource{.path = "/health/live", .get = live}, Resource{.path = "/health/ready", .get = ready},
    Resource{.path = "/metrics", .get = metrics},
    Resource{.path = "/api/v1/health", .parameters = health_parameters, .get = health}};

}  // namespace

std::span<const Resource> health_resources() noexcept {
    return resources;
}

}  // namespace virtuoso
