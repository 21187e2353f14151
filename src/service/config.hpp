// What the service can be told, with the values that it has when it is told nothing.
#pragma once

#include "service/event_settings.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace virtuoso {

// A section's name is the member's in ServiceConfig; a key's name is the member's here. What a key means, its
// unit, its limits and who may set it stand in one table, service/config_key.hpp; docs/configuration.md is
// made of that. Names that end in _s are seconds, in _ms milliseconds.

struct ExchangeConfig {
    std::string name = "bybit";  ///< bybit, binance-usdm, sim
    std::string region = "global";
    std::string rest_url;
    std::string stream_url;
    std::string ca_file;
    double connection_lifetime_s = 0;  ///< 0: before the exchange ends them
    std::int64_t depth = 200;
    std::vector<std::string> asset_classes{"crypto"};
    std::int64_t sim_symbols = 560;
    std::int64_t sim_seed = 1;
    std::vector<std::string> sim_faults;
};

struct UniverseConfig {
    std::vector<std::string> include;
    std::vector<std::string> exclude;
    std::vector<std::string> only;
    std::int64_t deep = 50;
    bool deep_only = false;
    double minimum_turnover = 0;  ///< USDT in 24 h
    double rerank_s = 300;
    double hysteresis = 0.1;  ///< share of the turnover at the border
};

struct EngineConfig {
    std::int64_t shards = 1;
    std::int64_t deep_interval_ms = 250;
    std::int64_t interval_ms = 1'000;
    bool history = true;
    std::string weights;  ///< file; empty: the standard weights
    std::string thresholds = "symmetric";
};

struct StateConfig {
    std::string folder;  ///< empty: `default_state_folder`
    double save_s = 60;  ///< 0: at the end alone
    double resume_s = 43'200;
};

struct StoreConfig {
    std::string address;            ///< empty: virtuoso.db in the state folder; off: none
    std::int64_t signals_days = 0;  ///< with their outcomes; 0: for ever
    std::int64_t scores_days = 14;
    std::int64_t events_days = 90;
    std::int64_t overview_days = 365;
    std::int64_t keeper_days = 30;
    std::int64_t health_days = 90;
    std::int64_t alerts_days = 30;
};

struct ApiConfig {
    std::string listen = "127.0.0.1:8080";
    std::string token;  ///< "env:NAME" or "file:PATH"; empty: none is demanded
    std::vector<std::string> hosts;
    std::vector<std::string> origins;     ///< of other sites whose pages may ask
    std::int64_t requests_per_s = 1'000;  ///< of one address
    std::int64_t loopback_requests_per_s = 0;
    std::int64_t connections = 4'096;
    std::int64_t connections_per_address = 2'048;
    std::int64_t header_bytes = 16'384;
    std::int64_t body_bytes = 65'536;
    std::int64_t answer_bytes = 67'108'864;
};

struct AccountConfig {
    std::string key_file;  ///< empty: the variables of the environment
    double refresh_s = 10;
};

struct LogConfig {
    std::string level = "info";           ///< debug, info, warning, error
    std::string format = "text";          ///< text, json
    std::string file;                     ///< empty: the error stream
    std::int64_t lines_per_minute = 600;  ///< of one kind; 0: no limit
};

struct KeeperConfig {
    double interval_s = 600;
    double interval_min_s = 30;
    double memory_soft = 0.80;  ///< share of the limit
    double memory_hard = 0.92;
    std::int64_t memory_limit = 0;  ///< bytes; 0: found out
};

struct AlertsConfig {
    std::vector<std::string> sinks{"console: console"};
    std::vector<std::string> rules{"important: severity=warning cooldown=15m digest=1m to=console",
                                   "reports: kind=report to=console"};
    std::vector<std::string> reports;
};

struct WatchdogConfig {
    double stall_s = 10;
};

struct ServiceConfig {
    ExchangeConfig exchange;
    UniverseConfig universe;
    EngineConfig engine;
    StateConfig state;
    StoreConfig store;
    ApiConfig api;
    AccountConfig account;
    LogConfig log;
    KeeperConfig keeper;
    WatchdogConfig watchdog;
    AlertsConfig alerts;
    EventSettings events;
};

}  // namespace virtuoso
