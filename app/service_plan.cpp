#include "service_plan.hpp"

#include "live_connection.hpp"
#include "pipeline_notes.hpp"

#include <fmt/format.h>

namespace virtuoso::app {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;

LiveArguments arguments_of(const ServiceConfig& config) {
    LiveArguments live;
    live.exchange = config.exchange.name;
    live.rest_url = config.exchange.rest_url;
    live.stream_url = config.exchange.stream_url;
    live.region = config.exchange.region;
    live.authority_file = config.exchange.ca_file;
    live.symbols = config.universe.only;
    live.excluded = config.universe.exclude;
    live.asset_classes = config.exchange.asset_classes;
    live.depth = static_cast<int>(config.exchange.depth);
    live.connection_lifetime_seconds = config.exchange.connection_lifetime_s;
    live.sim_symbols = static_cast<std::size_t>(config.exchange.sim_symbols);
    live.sim_seed = static_cast<std::uint64_t>(config.exchange.sim_seed);
    live.sim_faults = config.exchange.sim_faults;
    return live;
}

std::string words_for(const ServiceConfig& config) {
    if (config.exchange.name == "sim") {
        return fmt::format("the simulated exchange ({} perpetuals)", config.exchange.sim_symbols);
    }
    return config.exchange.name == "bybit" ? "Bybit" : "Binance USD-M futures";
}

}  // namespace

Result<ServicePlan> plan_service(const ServiceConfig& config, const Clock& clock) {
    ServicePlan plan;
    const LiveArguments live = arguments_of(config);
    ScoringArguments scoring;
    scoring.weights = config.engine.weights;
    scoring.thresholds = config.engine.thresholds;
    const auto pipeline = scoring.options();
    if (!pipeline) {
        return std::unexpected(pipeline.error());
    }
    auto transport = transport_options(live, plan.embedded);
    if (!transport) {
        return std::unexpected(transport.error());
    }
    plan.exchange = words_for(config);
    const auto shards = static_cast<std::uint32_t>(config.engine.shards);
    for (std::uint32_t shard = 0; shard < shards; ++shard) {
        FeedOptions feed = feed_options(live, static_cast<std::uint64_t>(clock.now().ns) + shard);
        feed.history = config.engine.history;
        ShardPlan made;
        made.settings.shard = shard;
        made.settings.feed = std::move(feed);
        made.settings.pipeline = *pipeline;
        made.settings.deep_interval_ns = config.engine.deep_interval_ms * ns_per_ms;
        made.settings.interval_ns = config.engine.interval_ms * ns_per_ms;
        made.transport = *transport;
        made.dialect = [name = live.exchange] { return dialect_of(name); };
        plan.settings.shards.push_back(std::move(made));
    }
    plan.settings.live = live_settings(config);
    return plan;
}

LiveSettings live_settings(const ServiceConfig& config) {
    return {.stall_ns = static_cast<std::int64_t>(config.watchdog.stall_s * 1e9)};
}

}  // namespace virtuoso::app
