// Alert rules over recordings, without sending anything.
#pragma once

#include "base/error.hpp"
#include "recording_arguments.hpp"
#include "service/config.hpp"

namespace virtuoso::app {

/// Prints every alert that the configuration's rules would have made, and a count. Signals and events of
/// symbols are found as the service finds them; what is of the service itself (feed, shards, memory, health)
/// and of the market as a whole does not occur. Errors: those of configuration and recordings.
[[nodiscard]] Result<void> try_alerts(const ServiceConfig& config, const RecordingArguments& recording);

}  // namespace virtuoso::app
