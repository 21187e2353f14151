// Every key: what it means, what it may be, who may set it.
#include "exchange/bybit/region.hpp"
#include "exchange/exchange_dialect.hpp"
#include "market/instrument.hpp"
#include "service/config_alert_table.hpp"
#include "service/config_api_table.hpp"
#include "service/config_checks.hpp"
#include "service/config_event_table.hpp"
#include "service/config_field.hpp"
#include "service/config_store_table.hpp"

#include <array>
#include <utility>

namespace virtuoso {

namespace {

constexpr double whole_max = 9'007'199'254'740'991;  // as large as a number can be and still be exact
constexpr double day_s = 86'400;
constexpr auto resume_s_max = static_cast<double>(ExchangeDialect::catch_up_ms_max) / ms_per_second;

constexpr std::array<std::string_view, 3> exchanges{"bybit", "binance-usdm", "sim"};
constexpr auto region_names = [] {
    std::array<std::string_view, bybit::regions.size()> names;
    for (std::size_t i = 0; i < names.size(); ++i) {
        names[i] = bybit::regions[i].name;
    }
    return names;
}();
constexpr std::array<std::string_view, 4> depths{"1", "50", "200", "1000"};
constexpr auto class_names = [] {
    std::array<std::string_view, asset_classes.size()> names;
    for (std::size_t i = 0; i < names.size(); ++i) {
        names[i] = name_of(asset_classes[i]);
    }
    return names;
}();
constexpr std::array<std::string_view, 4> log_levels{"debug", "info", "warning", "error"};
constexpr std::array<std::string_view, 2> log_formats{"text", "json"};

constexpr std::array sections{
    ConfigSection{"exchange", "Whom to listen to, and how to reach it."},
    ConfigSection{"universe", "Which contracts are followed, and how closely."},
    ConfigSection{"engine", "How they are evaluated."},
    ConfigSection{"state", "What is kept for the next start."},
    ConfigSection{"store", "What is kept for later, and for how long."},
    ConfigSection{"api", "What the service serves."},
    ConfigSection{"account", "The trading account that the service shows, read with a read-only key."},
    ConfigSection{"log", "What the service says of itself."},
    ConfigSection{"keeper", "How memory is kept flat."},
    ConfigSection{"watchdog", "When a part that stands still is started anew."},
    ConfigSection{"events", "From where on something is an event, and how often it is told."},
};

constexpr std::array exchange_keys{
    ConfigKey{.section = "exchange",
              .name = "name",
              .field = field<&ServiceConfig::exchange, &ExchangeConfig::name>,
              .sentence = "The exchange; sim is a simulated one inside this process.",
              .choices = exchanges,
              .flag = "--exchange"},
    ConfigKey{.section = "exchange",
              .name = "region",
              .field = field<&ServiceConfig::exchange, &ExchangeConfig::region>,
              .sentence = "Which of Bybit's sites; nl, eu, ae and bytick hear the streams of the global one.",
              .choices = region_names,
              .flag = "--region"},
    ConfigKey{.section = "exchange",
              .name = "rest_url",
              .field = field<&ServiceConfig::exchange, &ExchangeConfig::rest_url>,
              .sentence = "REST address instead of the exchange's own; needs stream_url.",
              .check = is_rest_url,
              .allowed = "https://HOST, http://HOST:PORT, or empty",
              .example = "https://127.0.0.1:8443",
              .flag = "--rest-url"},
    ConfigKey{.section = "exchange",
              .name = "stream_url",
              .field = field<&ServiceConfig::exchange, &ExchangeConfig::stream_url>,
              .sentence = "WebSocket address instead of the exchange's own, to which its routes are "
                          "appended; needs rest_url.",
              .check = is_stream_url,
              .allowed = "wss://HOST/PATH, ws://HOST:PORT/PATH, or empty",
              .example = "wss://127.0.0.1:8443/v5/public/linear",
              .flag = "--stream-url"},
    ConfigKey{.section = "exchange",
              .name = "ca_file",
              .field = field<&ServiceConfig::exchange, &ExchangeConfig::ca_file>,
              .sentence = "A certificate authority to trust besides the machine's (a PEM file).",
              .example = "/etc/ssl/own.pem",
              .flag = "--ca-file"},
    ConfigKey{.section = "exchange",
              .name = "connection_lifetime_s",
              .field = field<&ServiceConfig::exchange, &ExchangeConfig::connection_lifetime_s>,
              .sentence = "Connections are replaced after so long; 0: before the exchange ends them.",
              .unit = "s",
              .low = 0,
              .high = day_s,
              .flag = "--connection-lifetime"},
    ConfigKey{.section = "exchange",
              .name = "depth",
              .field = field<&ServiceConfig::exchange, &ExchangeConfig::depth>,
              .sentence = "Levels a side of the order books: those that exchanges offer live.",
              .choices = depths,
              .flag = "--depth"},
    ConfigKey{.section = "exchange",
              .name = "asset_classes",
              .field = field<&ServiceConfig::exchange, &ExchangeConfig::asset_classes>,
              .sentence = "What the contracts are about.",
              .choices = class_names,
              .flag = "--asset-class"},
    ConfigKey{.section = "exchange",
              .name = "sim_symbols",
              .field = field<&ServiceConfig::exchange, &ExchangeConfig::sim_symbols>,
              .sentence = "Contracts of the simulated exchange.",
              .low = 1,
              .high = 2'000,
              .flag = "--sim-symbols"},
    ConfigKey{.section = "exchange",
              .name = "sim_seed",
              .field = field<&ServiceConfig::exchange, &ExchangeConfig::sim_seed>,
              .sentence = "Seed of the simulated exchange: the same seed, the same market.",
              .low = 0,
              .high = whole_max,
              .flag = "--sim-seed"},
    ConfigKey{.section = "exchange",
              .name = "sim_faults",
              .field = field<&ServiceConfig::exchange, &ExchangeConfig::sim_faults>,
              .sentence = "Faults of the simulated exchange (docs/simulation.md).",
              .check = is_sim_fault,
              .allowed = R"(faults such as "drop:p=0.01,match=orderbook")",
              .example = "drop:p=0.01,match=orderbook",
              .flag = "--sim-fault",
              .separator = ';'},
};

constexpr std::array universe_keys{
    ConfigKey{.section = "universe",
              .name = "include",
              .field = field<&ServiceConfig::universe, &UniverseConfig::include>,
              .sentence = "Symbols that are among the deep ones whatever their turnover.",
              .check = is_symbol_text,
              .allowed = R"(symbols such as "BTCUSDT")",
              .example = "ETHUSDT"},
    ConfigKey{.section = "universe",
              .name = "exclude",
              .field = field<&ServiceConfig::universe, &UniverseConfig::exclude>,
              .sentence = "Symbols that are not followed.",
              .check = is_symbol_text,
              .allowed = R"(symbols such as "BTCUSDT")",
              .example = "USDCUSDT",
              .flag = "--exclude"},
    ConfigKey{.section = "universe",
              .name = "only",
              .field = field<&ServiceConfig::universe, &UniverseConfig::only>,
              .sentence = "Where it is not empty, nothing but these symbols is followed.",
              .check = is_symbol_text,
              .allowed = R"(symbols such as "BTCUSDT")",
              .example = "BTCUSDT",
              .flag = "--symbols"},
    ConfigKey{.section = "universe",
              .name = "deep",
              .field = field<&ServiceConfig::universe, &UniverseConfig::deep>,
              .sentence = "So many of the most traded symbols are the deep ones: evaluated most often, their "
                          "histories fetched first.",
              .low = 0,
              .high = 2'000,
              .flag = "--deep"},
    ConfigKey{.section = "universe",
              .name = "deep_only",
              .field = field<&ServiceConfig::universe, &UniverseConfig::deep_only>,
              .sentence = "Follow the deep symbols alone, not the rest of the exchange too.",
              .flag = "--deep-only"},
    ConfigKey{.section = "universe",
              .name = "minimum_turnover",
              .field = field<&ServiceConfig::universe, &UniverseConfig::minimum_turnover>,
              .sentence = "A symbol is deep only with so much turnover in 24 h.",
              .unit = "USDT",
              .low = 0,
              .high = 1e15,
              .live = true},
    ConfigKey{.section = "universe",
              .name = "rerank_s",
              .field = field<&ServiceConfig::universe, &UniverseConfig::rerank_s>,
              .sentence = "The deep symbols are chosen again so often.",
              .unit = "s",
              .low = 1,
              .high = day_s,
              .live = true},
    ConfigKey{.section = "universe",
              .name = "hysteresis",
              .field = field<&ServiceConfig::universe, &UniverseConfig::hysteresis>,
              .sentence = "A deep symbol leaves only for one with so much more turnover (0.1: a tenth).",
              .low = 0,
              .high = 1,
              .live = true},
};

constexpr std::array engine_keys{
    ConfigKey{.section = "engine",
              .name = "shards",
              .field = field<&ServiceConfig::engine, &EngineConfig::shards>,
              .sentence = "Threads that share the symbols; one is enough for a whole exchange.",
              .low = 1,
              .high = 64,
              .flag = "--shards"},
    ConfigKey{.section = "engine",
              .name = "deep_interval_ms",
              .field = field<&ServiceConfig::engine, &EngineConfig::deep_interval_ms>,
              .sentence = "A deep symbol is evaluated at most so often.",
              .unit = "ms",
              .low = 50,
              .high = 60'000},
    ConfigKey{.section = "engine",
              .name = "interval_ms",
              .field = field<&ServiceConfig::engine, &EngineConfig::interval_ms>,
              .sentence = "Every other symbol is evaluated at most so often.",
              .unit = "ms",
              .low = 50,
              .high = 60'000},
    ConfigKey{.section = "engine",
              .name = "history",
              .field = field<&ServiceConfig::engine, &EngineConfig::history>,
              .sentence = "Fetch histories over REST; without them most scores begin as absent."},
    ConfigKey{.section = "engine",
              .name = "weights",
              .field = field<&ServiceConfig::engine, &EngineConfig::weights>,
              .sentence = "File with weights of one's own (docs/methodology.md); empty: the standard ones.",
              .example = "/etc/virtuoso/weights.toml",
              .flag = "--weights"},
    ConfigKey{.section = "engine",
              .name = "thresholds",
              .field = field<&ServiceConfig::engine, &EngineConfig::thresholds>,
              .sentence = "From where on a score is LONG or SHORT: symmetric is 70/30, reference 70/35.",
              .check = is_thresholds,
              .allowed = "symmetric, reference, or two scores such as 72/28",
              .example = "72/28",
              .flag = "--thresholds"},
};

constexpr std::array state_keys{
    ConfigKey{.section = "state",
              .name = "folder",
              .field = field<&ServiceConfig::state, &StateConfig::folder>,
              .sentence = "Folder of one's own; empty: $STATE_DIRECTORY, else $XDG_STATE_HOME/virtuoso, else "
                          "~/.local/state/virtuoso.",
              .example = "/var/lib/virtuoso",
              .flag = "--state-dir"},
    ConfigKey{.section = "state",
              .name = "save_s",
              .field = field<&ServiceConfig::state, &StateConfig::save_s>,
              .sentence = "So often what is known of all symbols is saved for the next start; 0: at the end "
                          "alone. A simulated exchange of this process is never saved.",
              .unit = "s",
              .low = 0,
              .high = day_s},
    ConfigKey{.section = "state",
              .name = "resume_s",
              .field = field<&ServiceConfig::state, &StateConfig::resume_s>,
              .sentence = "A symbol goes on from what was saved if that is younger than this; 0: it always "
                          "begins with nothing.",
              .unit = "s",
              .low = 0,
              .high = resume_s_max},
};

constexpr std::array account_keys{
    ConfigKey{.section = "account",
              .name = "key_file",
              .field = field<&ServiceConfig::account, &AccountConfig::key_file>,
              .sentence =
                  "File (chmod 600) with two lines, key = … and secret = …, of Bybit; empty: the "
                  "variables VIRTUOSO_BYBIT_API_KEY and …_SECRET, and without them no account is shown.",
              .example = "/etc/virtuoso/bybit.key",
              .flag = "--key-file"},
    ConfigKey{.section = "account",
              .name = "refresh_s",
              .field = field<&ServiceConfig::account, &AccountConfig::refresh_s>,
              .sentence = "It is read again after so long.",
              .unit = "s",
              .low = 1,
              .high = day_s},
};

constexpr std::array service_keys{
    ConfigKey{.section = "log",
              .name = "level",
              .field = field<&ServiceConfig::log, &LogConfig::level>,
              .sentence = "The least important lines that are written.",
              .choices = log_levels,
              .flag = "--log-level",
              .live = true},
    ConfigKey{.section = "log",
              .name = "format",
              .field = field<&ServiceConfig::log, &LogConfig::format>,
              .sentence = "Lines for people, or one JSON object a line.",
              .choices = log_formats,
              .flag = "--log-format"},
    ConfigKey{.section = "log",
              .name = "file",
              .field = field<&ServiceConfig::log, &LogConfig::file>,
              .sentence = "File that lines are appended to; empty: the error stream.",
              .example = "/var/log/virtuoso.log",
              .flag = "--log-file"},
    ConfigKey{.section = "log",
              .name = "lines_per_minute",
              .field = field<&ServiceConfig::log, &LogConfig::lines_per_minute>,
              .sentence = "At most so many lines of one kind in a minute, the others are counted; 0: all.",
              .low = 0,
              .high = 1'000'000,
              .live = true},
    ConfigKey{.section = "keeper",
              .name = "interval_s",
              .field = field<&ServiceConfig::keeper, &KeeperConfig::interval_s>,
              .sentence = "The memory keeper runs so often.",
              .unit = "s",
              .low = 1,
              .high = day_s,
              .live = true},
    ConfigKey{.section = "keeper",
              .name = "interval_min_s",
              .field = field<&ServiceConfig::keeper, &KeeperConfig::interval_min_s>,
              .sentence = "Under pressure it runs more often in steps, down to this.",
              .unit = "s",
              .low = 1,
              .high = day_s,
              .live = true},
    ConfigKey{.section = "keeper",
              .name = "memory_soft",
              .field = field<&ServiceConfig::keeper, &KeeperConfig::memory_soft>,
              .sentence = "Share of the limit from which on memory is under pressure.",
              .low = 0.01,
              .high = 1,
              .live = true},
    ConfigKey{.section = "keeper",
              .name = "memory_hard",
              .field = field<&ServiceConfig::keeper, &KeeperConfig::memory_hard>,
              .sentence = "Share of the limit from which on histories are given up, those of the least "
                          "traded symbols that are not deep first.",
              .low = 0.01,
              .high = 1,
              .live = true},
    ConfigKey{
        .section = "keeper",
        .name = "memory_limit",
        .field = field<&ServiceConfig::keeper, &KeeperConfig::memory_limit>,
        .sentence = "The limit; 0: the control group's (systemd's MemoryMax), else the machine's memory.",
        .unit = "bytes",
        .low = 0,
        .high = whole_max,
        .live = true},
    ConfigKey{.section = "watchdog",
              .name = "stall_s",
              .field = field<&ServiceConfig::watchdog, &WatchdogConfig::stall_s>,
              .sentence = "A shard that makes no progress for so long is started anew.",
              .unit = "s",
              .low = 1,
              .high = 3'600,
              .live = true},
};

}  // namespace

std::span<const ConfigKey> config_keys() {
    static const std::vector<ConfigKey> keys = [] {
        std::vector<ConfigKey> all;
        for (const std::span<const ConfigKey> part :
             {std::span<const ConfigKey>(exchange_keys), std::span<const ConfigKey>(universe_keys),
              std::span<const ConfigKey>(engine_keys), std::span<const ConfigKey>(state_keys),
              config_store_keys(), config_api_keys(), std::span<const ConfigKey>(account_keys),
              std::span<const ConfigKey>(service_keys), config_event_keys(), config_alert_keys()}) {
            all.insert(all.end(), part.begin(), part.end());
        }
        return all;
    }();
    return keys;
}

std::span<const ConfigSection> config_sections() {
    static const std::vector<ConfigSection> all = [] {
        std::vector<ConfigSection> list(sections.begin(), sections.end());
        const auto events = config_event_sections();
        list.insert(list.end(), events.begin(), events.end());
        const auto alerts = config_alert_sections();
        list.insert(list.end(), alerts.begin(), alerts.end());
        return list;
    }();
    return all;
}

}  // namespace virtuoso
