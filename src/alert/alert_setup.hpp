// All sinks and rules of a configuration, fitting each other.
#pragma once

#include "alert/alert_rule.hpp"
#include "alert/sink_spec.hpp"

#include <string>
#include <vector>

namespace virtuoso {

struct AlertSetup {
    std::vector<SinkSpec> sinks;
    std::vector<AlertRule> rules;

    /// Names occur once, and rules name sinks that there are. Error: config.
    [[nodiscard]] static Result<AlertSetup> parse(const std::vector<std::string>& sinks,
                                                  const std::vector<std::string>& rules);

    /// Whether some sink would be given this occurrence. O(rules × sinks).
    [[nodiscard]] bool has_sink_for(const Occurrence& occurrence) const;
};

/// Reads the secrets of all. Errors: config, file_open.
[[nodiscard]] Result<std::vector<AlertSink>> resolve_sinks(const std::vector<SinkSpec>& sinks,
                                                           const Secret::Lookup& environment);

}  // namespace virtuoso
