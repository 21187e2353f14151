#include "service/config_store_table.hpp"

#include "service/config_checks.hpp"
#include "service/config_field.hpp"

#include <array>

namespace virtuoso {

namespace {

constexpr double days_max = 36'500;

constexpr std::array keys{
    ConfigKey{
        .section = "store",
        .name = "address",
        .field = field<&ServiceConfig::store, &StoreConfig::address>,
        .sentence = "A file of SQLite, or a PostgreSQL server; empty: virtuoso.db in the state folder; off: "
                    "nothing is kept.",
        .check = is_store_address,
        .allowed = "off, a file, or postgresql://USER:PASSWORD@HOST:PORT/NAME (@ and / of a password as %40 "
                   "and %2F), or empty",
        .example = "postgresql://virtuoso@127.0.0.1:5432/virtuoso",
        .flag = "--store",
        .secret = true},
    ConfigKey{.section = "store",
              .name = "signals_days",
              .field = field<&ServiceConfig::store, &StoreConfig::signals_days>,
              .sentence = "Signals and their outcomes are kept for so long; 0: for ever.",
              .unit = "days",
              .low = 0,
              .high = days_max,
              .live = true},
    ConfigKey{.section = "store",
              .name = "scores_days",
              .field = field<&ServiceConfig::store, &StoreConfig::scores_days>,
              .sentence = "The same of the score of every symbol a minute.",
              .unit = "days",
              .low = 0,
              .high = days_max,
              .live = true},
    ConfigKey{.section = "store",
              .name = "events_days",
              .field = field<&ServiceConfig::store, &StoreConfig::events_days>,
              .sentence = "The same of notable events.",
              .unit = "days",
              .low = 0,
              .high = days_max,
              .live = true},
    ConfigKey{.section = "store",
              .name = "overview_days",
              .field = field<&ServiceConfig::store, &StoreConfig::overview_days>,
              .sentence = "The same of the market as a whole a minute.",
              .unit = "days",
              .low = 0,
              .high = days_max,
              .live = true},
    ConfigKey{.section = "store",
              .name = "keeper_days",
              .field = field<&ServiceConfig::store, &StoreConfig::keeper_days>,
              .sentence = "The same of runs of the memory keeper.",
              .unit = "days",
              .low = 0,
              .high = days_max,
              .live = true},
    ConfigKey{.section = "store",
              .name = "health_days",
              .field = field<&ServiceConfig::store, &StoreConfig::health_days>,
              .sentence = "The same of parts of the service that became good or bad.",
              .unit = "days",
              .low = 0,
              .high = days_max,
              .live = true},
    ConfigKey{.section = "store",
              .name = "alerts_days",
              .field = field<&ServiceConfig::store, &StoreConfig::alerts_days>,
              .sentence = "The same of deliveries of alerts.",
              .unit = "days",
              .low = 0,
              .high = days_max,
              .live = true},
};

}  // namespace

std::span<const ConfigKey> config_store_keys() noexcept {
    return keys;
}

}  // namespace virtuoso
