#include "api/resource.hpp"
#include "service/process_usage.hpp"
#include "service/start_up.hpp"

#include <array>

namespace virtuoso {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;

Json initialised_json(const StartUp* start_up) {
    Json parts = Json::array();
    if (start_up != nullptr) {
        for (const auto& part : start_up->parts()) {
            parts.push_back({{"name", part.name}, {"took_ms", part.ms}});
        }
    }
    return parts;
}

Json histories_json(const FetchSummary& fetched) {
    return {{"rounds", fetched.rounds},
            {"successful", fetched.all.successful},
            {"failed", fetched.all.failed},
            {"took_ms", static_cast<double>(fetched.all.total_ns) / 1e6}};
}

HttpAnswer process(const ApiContext& context, std::string_view, const Query&) {
    const ProcessUsage usage = process_usage();
    const Service& service = context.service;
    return json_answer(Json{{"schema", "virtuoso.process/1"},
                            {"id", usage.id},
                            {"version", context.settings.version},
                            {"exchange", context.settings.exchange},
                            {"started_ms", service.began().ns / ns_per_ms},
                            {"shards_replaced", context.service.shards().replaced()},
                            {"initialised", initialised_json(context.settings.start_up)},
                            {"histories", histories_json(context.service.hub().fetched())},
                            {"resident_bytes", usage.resident_bytes},
                            {"cpu_seconds", usage.cpu_seconds},
                            {"threads", usage.threads},
                            {"descriptors", usage.descriptors},
                            {"descriptors_max", usage.descriptors_max}});
}

constexpr std::array resources{Resource{.path = "/api/v1/process", .get = process}};

}  // namespace

std::span<const Resource> process_resources() noexcept {
    return resources;
}

}  // namespace virtuoso
