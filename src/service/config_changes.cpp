#include "service/config_changes.hpp"

#include "service/config_value.hpp"

#include <fmt/format.h>

namespace virtuoso {

std::string ConfigChange::text() const {
    return fmt::format("{}: {} → {}", title_of(*key), before, after);
}

ConfigChanges changes_between(const ServiceConfig& before, const ServiceConfig& after) {
    ConfigChanges changes;
    for (const auto& key : config_keys()) {
        const ConfigValue old_value = value_of(key, before);
        const ConfigValue new_value = value_of(key, after);
        if (old_value != new_value) {
            (key.live ? changes.live : changes.restart)
                .push_back({&key, shown_value(key, old_value), shown_value(key, new_value)});
        }
    }
    return changes;
}

ServiceConfig with_live_changes(ServiceConfig running, const ServiceConfig& loaded) {
    for (const auto& key : config_keys()) {
        if (key.live) {
            set_value(key, value_of(key, loaded), running);
        }
    }
    return running;
}

}  // namespace virtuoso
