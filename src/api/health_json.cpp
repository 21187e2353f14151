#include "api/health_json.hpp"

#include "present/json.hpp"

namespace virtuoso {

namespace {

Json part_json(const PartHealth& part) {
    return {{"name", part.name}, {"good", part.good}, {"detail", part.detail}};
}

Json symbol_json(const SymbolHealth& symbol) {
    return {{"symbol", symbol.symbol},
            {"deep", symbol.deep},
            {"whole", symbol.whole},
            {"scored", symbol.scored},
            {"evaluated_ago_ms", symbol.evaluated_ago_ms},
            {"newest_ago_ms", symbol.newest_ago_ms},
            {"memory_bytes", symbol.bytes},
            {"concerns", symbol.concerns}};
}

Json queue_json(const QueueStatus& queue) {
    return {{"name", "shard " + std::to_string(queue.shard) + " to hub"},
            {"waiting", queue.waiting},
            {"capacity", queue.capacity},
            {"dropped", queue.dropped},
            {"policy", "the newest is refused; each symbol tells anew within its interval"}};
}

}  // namespace

std::string health_json(const ServiceHealth& health, std::span<const QueueStatus> queues) {
    Json parts = Json::array();
    for (const auto& part : health.parts) {
        parts.push_back(part_json(part));
    }
    Json symbols = Json::array();
    for (const auto& symbol : health.worst) {
        symbols.push_back(symbol_json(symbol));
    }
    Json waiting = Json::array();
    for (const auto& queue : queues) {
        waiting.push_back(queue_json(queue));
    }
    const Json whole = {{"schema", "virtuoso.health/1"},
                        {"live", health.live},
                        {"ready", health.ready},
                        {"why_not_ready", health.ready ? Json(nullptr) : Json(health.why_not_ready)},
                        {"uptime_ms", health.uptime_ms},
                        {"symbols", health.symbols},
                        {"whole", health.whole},
                        {"deep", health.deep},
                        {"deep_whole", health.deep_whole},
                        {"parts", std::move(parts)},
                        {"queues", std::move(waiting)},
                        {"worst_symbols", std::move(symbols)}};
    return whole.text() + "\n";
}

}  // namespace virtuoso
