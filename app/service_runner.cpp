#include "service_runner.hpp"

#include "alert/secret.hpp"
#include "api/api_server.hpp"
#include "api/config_in_force.hpp"
#include "command.hpp"
#include "engine/system_clock.hpp"
#include "output.hpp"
#include "service/alert_desk.hpp"
#include "service/config_changes.hpp"
#include "service/notify.hpp"
#include "service/start_up.hpp"
#include "service/state_folder.hpp"
#include "service_config_arguments.hpp"
#include "service_plan.hpp"
#include "signals.hpp"
#include "store_access.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <thread>

namespace virtuoso::app {

namespace {

constexpr auto watch_pause = std::chrono::milliseconds(100);
constexpr std::int64_t alert_patience_ms = 300;  ///< at the end

ApiLimits limits_of(const ApiConfig& config) {
    return {.requests = {.others = config.requests_per_s, .loopback = config.loopback_requests_per_s},
            .connections = static_cast<std::size_t>(config.connections),
            .connections_per_address = static_cast<std::size_t>(config.connections_per_address),
            .header_bytes = static_cast<std::uint32_t>(config.header_bytes),
            .body_bytes = static_cast<std::uint64_t>(config.body_bytes),
            .answer_bytes = static_cast<std::size_t>(config.answer_bytes)};
}

LogSettings log_settings(const LogConfig& config) {
    LogSettings settings{.level = LogLevel::info,
                         .format = config.format == "json" ? LogFormat::json : LogFormat::text,
                         .file = config.file,
                         .lines_a_minute_max = static_cast<std::size_t>(config.lines_per_minute)};
    for (const LogLevel level : {LogLevel::debug, LogLevel::info, LogLevel::warning, LogLevel::error}) {
        if (config.level == name_of(level)) {
            settings.level = level;
        }
    }
    return settings;
}

Result<std::unique_ptr<AlertDesk>> make_alert_desk(const AlertsConfig& config, ServiceLog& log,
                                                   const Clock& clock) {
    const auto setup = AlertSetup::parse(config.sinks, config.rules);
    if (!setup) {
        return std::unexpected(setup.error());
    }
    return AlertDesk::make(*setup, machine_lookup(), log, clock);
}

/// In the order in which they are needed; what is missing does not compile.
struct Running {
    SystemClock clock;
    StartUp start_up{clock};
    std::unique_ptr<ServiceLog> log;
    std::unique_ptr<StateFolder> folder;
    ServicePlan plan;
    std::unique_ptr<AlertDesk> alerts;
    std::unique_ptr<Service> service;
    std::unique_ptr<ConfigInForce> config;
    std::unique_ptr<ApiServer> api;
};

void greet(const ServiceConfig& config, const Running& running) {
    const std::string& url = running.api->url();
    print("Virtuoso {} follows {}; the {} most traded are evaluated every {} ms, the others every {} ms.\n",
          VIRTUOSO_VERSION, running.plan.exchange, config.universe.deep, config.engine.deep_interval_ms,
          config.engine.interval_ms);
    print("  open     {}/   in a browser: every symbol, and why   (as a table: ./run watch --url {})\n", url,
          url);
    print("  scores   {}/api/v1/symbols   one of them: {}/api/v1/symbols/BTCUSDT/confluence\n", url, url);
    print("  health   {}/api/v1/health   metrics: {}/metrics\n", url, url);
    print("  state    {}   log: {}\n", running.folder->path().string(),
          config.log.file.empty() ? "the lines below" : config.log.file);
    if (config.store.address != "off") {
        print("  kept     what it says: ./run export signals (or scores, events, overview)\n");
    }
    if (config.exchange.name == "sim") {
        print(
            "  The real exchange: ./run run --exchange bybit (or binance-usdm); every setting: ./run config "
            "init -\n");
    }
    print("Ctrl-C stops.\n");
    flush_output();
    if (output_is_broken()) {
        running.log->warn("service", "start", "The standard output cannot be written: it goes on without it");
        do_without_output();
    }
}

/// The configuration in force.
struct Configured {
    const LoadConfig& load;
    ServiceConfig config;
};

// What is wrong with a new configuration leaves the old one in force.
void reload(Running& running, Configured& configured) {
    ServiceLog& log = *running.log;
    if (const auto reopened = running.log->reopen(); !reopened) {
        log.warn("config", "reload", reopened.error().text());
    }
    const auto loaded = configured.load();
    if (!loaded) {
        for (const Error& error : loaded.error()) {
            log.write({.level = LogLevel::error, .part = "config", .kind = "reload", .text = error.text()});
        }
        log.warn("config", "reload", "The configuration was not reloaded: the one before stays in force");
        return;
    }
    const ConfigChanges changes = changes_between(configured.config, loaded->config);
    for (const auto& change : changes.live) {
        log.info("config", "reload", fmt::format("{} applies now", change.text()));
    }
    for (const auto& change : changes.restart) {
        log.warn("config", "reload", fmt::format("{} waits for the next start", change.text()));
    }
    configured.config = with_live_changes(std::move(configured.config), loaded->config);
    running.config->set({configured.config, loaded->origins, loaded->file});
    running.log->set(log_settings(configured.config.log));
    running.service->apply(live_settings(configured.config));
    log.info("config", "reload",
             fmt::format("Configuration reloaded: {} values apply now, {} at the next start",
                         changes.live.size(), changes.restart.size()));
}

/// systemd's, for whom a service lives as long as it says so.
class Heartbeat {
  public:
    Heartbeat(const Notifier& notifier, const Clock& clock) : notifier_(notifier), clock_(clock) {}

    void beat(const ServiceHealth& health) {
        constexpr std::int64_t ns_per_us = 1'000;
        if (health.ready && !std::exchange(ready_told_, true)) {
            notifier_.tell("READY=1");
        }
        const auto wanted = notifier_.watchdog();
        const LocalTime now = clock_.now();
        if (wanted && health.live && now - told_ > wanted->count() * ns_per_us / 3) {
            told_ = now;
            notifier_.tell("WATCHDOG=1");
        }
    }

  private:
    const Notifier& notifier_;
    const Clock& clock_;
    bool ready_told_ = false;
    LocalTime told_;
};

void work(Running& running, const Notifier& notifier, Configured configured) {
    constexpr int pauses_a_beat = 10;  // health is counted over all symbols
    Heartbeat heartbeat(notifier, running.clock);
    for (int pause = 0; !stop_asked(); ++pause) {
        std::this_thread::sleep_for(watch_pause);
        running.service->watch();
        if (pause % pauses_a_beat == 0) {
            heartbeat.beat(running.service->health(0));
        }
        if (take_reload_asked()) {
            reload(running, configured);
        }
    }
}

int end(Running& running, const Notifier& notifier) {
    notifier.tell("STOPPING=1");
    running.log->info("service", "stop", "Stopping: intake ends, what is on its way is taken");
    running.api.reset();
    running.alerts->stop(alert_patience_ms);  // while the store still takes what became of them
    const ServiceEnd end = running.service->stop();
    running.log->info("service", "stop",
                      fmt::format("Stopped in {:.0f} ms", static_cast<double>(end.took_ns) / 1e6));
    if (end.rows_unwritten > 0) {
        running.log->warn("store", "stop", fmt::format("{} rows were not written", end.rows_unwritten));
    }
    if (end.shards_left > 0 || end.store_left) {
        running.log->warn("service", "stop",
                          fmt::format("{} shards{} did not stop in time: they are left", end.shards_left,
                                      end.store_left ? " and the store" : ""));
        running.log.reset();
        ::_exit(exit_ok);  // their threads cannot be joined
    }
    return exit_ok;
}

/// The state folder, and the store that lies there unless it is told another place.
Result<StorePlan> open_place(const ServiceConfig& config, Running& running) {
    const auto place = state_folder_of(config);
    auto folder = place ? StateFolder::open(*place) : std::unexpected(place.error());
    if (!folder) {
        return std::unexpected(folder.error());
    }
    running.folder = std::move(*folder);
    running.start_up.made("state folder");
    auto store = plan_store(config, *running.log);
    running.start_up.made("store");
    return store;
}

/// How the exchange is reached, and what is kept.
Result<void> make_plan(const ServiceConfig& config, Running& running) {
    auto store = open_place(config, running);
    if (!store) {
        return std::unexpected(store.error());
    }
    auto plan = plan_service(config, running.folder->path(), running.clock);
    if (!plan) {
        return std::unexpected(plan.error());
    }
    running.plan = std::move(*plan);
    running.plan.settings.store = std::move(*store);
    if (const auto& account = running.plan.settings.account;
        account && !account->transport.rest.tls && config.exchange.name != "sim") {
        running.log->warn("account", "start",
                          "The exchange's address is not encrypted: others on the way can read what is asked "
                          "of the account");
    }
    running.start_up.made("exchange access");
    return {};
}

Result<void> make_api(const LoadedConfig& loaded, Running& running) {
    const ServiceConfig& config = loaded.config;
    running.config = std::make_unique<ConfigInForce>(loaded);
    auto token = config.api.token.empty() ? Result<Secret>()
                                          : Secret::read(config.api.token, "[api] token", machine_lookup());
    if (!token) {
        return std::unexpected(token.error());
    }
    auto api = ApiServer::start(config.api.listen, *running.service,
                                {.version = VIRTUOSO_VERSION,
                                 .exchange = config.exchange.name,
                                 .hosts = config.api.hosts,
                                 .origins = config.api.origins,
                                 .config = running.config.get(),
                                 .start_up = &running.start_up,
                                 .token = *std::move(token),
                                 .limits = limits_of(config.api)});
    if (!api) {
        return std::unexpected(api.error());
    }
    running.api = std::move(*api);
    return {};
}

/// Everything but the log, in the order in which it is needed; nothing of it is started.
Result<void> make_parts(const LoadedConfig& loaded, Running& running) {
    const ServiceConfig& config = loaded.config;
    if (auto planned = make_plan(config, running); !planned) {
        return planned;
    }
    auto alerts = make_alert_desk(config.alerts, *running.log, running.clock);
    if (!alerts) {
        return std::unexpected(alerts.error());
    }
    running.alerts = std::move(*alerts);
    running.start_up.made("alerts");
    running.service =
        std::make_unique<Service>(std::move(running.plan.settings), *running.log, running.clock);
    running.service->attach(*running.alerts);
    running.start_up.made("shards and hub");
    if (auto served = make_api(loaded, running); !served) {
        return served;
    }
    running.start_up.made("API");
    return {};
}

}  // namespace

int run_service(const LoadConfig& load) {
    watch_for_service_signals();
    const auto loaded = load();
    if (!loaded) {
        return report(loaded.error());
    }
    const ServiceConfig& config = loaded->config;
    Running running;
    const Notifier notifier(machine_lookup());
    auto log = ServiceLog::open(log_settings(config.log));
    if (!log) {
        return report(log.error());
    }
    running.log = std::move(*log);
    const auto refuse = [&](const Error& error) {
        if (!config.log.file.empty()) {
            running.log->write(
                {.level = LogLevel::error, .part = "service", .kind = "start", .text = error.text()});
        }
        return report(error);
    };
    running.start_up.made("log");
    if (const auto made = make_parts(*loaded, running); !made) {
        return refuse(made.error());
    }
    greet(config, running);
    running.log->info("service", "start", running.start_up.text());
    running.alerts->start();
    running.service->start();
    work(running, notifier, {load, config});
    return end(running, notifier);
}

}  // namespace virtuoso::app
