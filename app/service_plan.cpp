#include "service_plan.hpp"

#include "account_key.hpp"
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

/// A simulated exchange of this process begins anew with it: what was known of it is of no use.
std::optional<SavingSettings> saving_of(const ServiceConfig& config, const std::filesystem::path& state) {
    if (config.exchange.name == "sim") {
        return std::nullopt;
    }
    const auto ms_of = [](double seconds) { return static_cast<std::int64_t>(seconds * ms_per_second); };
    return SavingSettings{.target = {.folder = state,
                                     .source = fmt::format("{} {} {}", config.exchange.name,
                                                           config.exchange.region, config.exchange.rest_url)},
                          .every_ns = ms_of(config.state.save_s) * ns_per_ms,
                          .age_ms_max = ms_of(config.state.resume_s)};
}

Result<std::optional<AccountWatch::Settings>> account_settings(const ServiceConfig& config,
                                                               const TransportOptions& transport) {
    if (config.exchange.name == "binance-usdm") {
        if (config.account.key_file.empty()) {
            return std::nullopt;
        }
        return fail(ErrorCode::argument,
                    "[account] key_file: accounts are read at Bybit alone, and [exchange] name is "
                    "binance-usdm: leave it empty");
    }
    auto key = account_key(config.account.key_file, config.exchange.name);
    if (!key) {
        return std::unexpected(key.error());
    }
    if (!*key) {
        return std::nullopt;
    }
    keep_memory_private();
    return AccountWatch::Settings{
        .transport = transport,
        .key = **std::move(key),
        .every_ms = static_cast<std::int64_t>(config.account.refresh_s * ms_per_second)};
}

}  // namespace

Result<ServicePlan> plan_service(const ServiceConfig& config, const std::filesystem::path& state,
                                 const Clock& clock) {
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
        feed.partition = {.index = shard, .count = shards};
        if (config.universe.deep_only) {
            feed.symbols_max = static_cast<std::size_t>(config.universe.deep);
            feed.included = config.universe.include;
            feed.turnover_min = config.universe.minimum_turnover;
            feed.rerank_every_ms = static_cast<std::int64_t>(config.universe.rerank_s * ms_per_second);
            feed.rank_hysteresis = config.universe.hysteresis;
        }
        ShardPlan made;
        made.settings.shard = shard;
        made.settings.feed = std::move(feed);
        made.settings.pipeline = *pipeline;
        made.settings.events = config.events;
        made.settings.deep_interval_ns = config.engine.deep_interval_ms * ns_per_ms;
        made.settings.interval_ns = config.engine.interval_ms * ns_per_ms;
        made.transport = *transport;
        made.dialect = [name = live.exchange] { return dialect_of(name); };
        plan.settings.shards.push_back(std::move(made));
    }
    plan.settings.live = live_settings(config);
    auto account = account_settings(config, *transport);
    if (!account) {
        return std::unexpected(account.error());
    }
    plan.settings.account = std::move(*account);
    plan.settings.saving = saving_of(config, state);
    for (const auto& text : config.alerts.reports) {
        auto time = ReportTime::parse(text);
        if (!time) {
            return std::unexpected(std::move(time.error()));
        }
        plan.settings.reports.push_back(*std::move(time));
    }
    return plan;
}

LiveSettings live_settings(const ServiceConfig& config) {
    const auto ms_of = [](double seconds) { return static_cast<std::int64_t>(seconds * ms_per_second); };
    LiveSettings settings;
    settings.stall_ns = ms_of(config.watchdog.stall_s) * ns_per_ms;
    settings.ranking = {.options = {.count = static_cast<std::size_t>(config.universe.deep),
                                    .turnover_min = config.universe.minimum_turnover,
                                    .hysteresis = config.universe.hysteresis,
                                    .included = config.universe.include,
                                    .excluded = config.universe.exclude},
                        .again_ns = ms_of(config.universe.rerank_s) * ns_per_ms};
    settings.keeper = {
        .schedule = {.interval_ms = ms_of(config.keeper.interval_s),
                     .interval_min_ms = ms_of(config.keeper.interval_min_s),
                     .marks = {.soft = config.keeper.memory_soft, .hard = config.keeper.memory_hard}},
        .memory_limit = static_cast<std::uint64_t>(config.keeper.memory_limit)};
    settings.events = config.events;
    const auto keep = [&](StoreTable table, std::int64_t days) {
        settings.retention.days[static_cast<std::size_t>(table)] = days;
    };
    keep(StoreTable::signals, config.store.signals_days);
    keep(StoreTable::outcomes, config.store.signals_days);
    keep(StoreTable::scores, config.store.scores_days);
    keep(StoreTable::events, config.store.events_days);
    keep(StoreTable::overview, config.store.overview_days);
    keep(StoreTable::keeper_runs, config.store.keeper_days);
    keep(StoreTable::health_transitions, config.store.health_days);
    keep(StoreTable::alerts, config.store.alerts_days);
    return settings;
}

}  // namespace virtuoso::app
