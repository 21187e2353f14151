// What a reload changes.
#pragma once

#include "service/config_key.hpp"

#include <string>
#include <vector>

namespace virtuoso {

struct ConfigChange {
    const ConfigKey* key = nullptr;
    std::string before;  ///< as `shown_value` gives it
    std::string after;

    /// "[log] level: "info" → "debug""
    [[nodiscard]] std::string text() const;
};

struct ConfigChanges {
    std::vector<ConfigChange> live;     ///< apply now
    std::vector<ConfigChange> restart;  ///< wait for the next start

    [[nodiscard]] bool empty() const noexcept { return live.empty() && restart.empty(); }
};

[[nodiscard]] ConfigChanges changes_between(const ServiceConfig& before, const ServiceConfig& after);

/// `running` with what applies live of `loaded`: what the service runs with after a reload.
[[nodiscard]] ServiceConfig with_live_changes(ServiceConfig running, const ServiceConfig& loaded);

}  // namespace virtuoso
