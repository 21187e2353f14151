// What `validate` does to a service on request: an exchange that falls silent, a restart.
#pragma once

#include "service_client.hpp"
#include "service_observer.hpp"

#include <string>

namespace virtuoso::app {

/// Has the simulated exchange send nothing for some seconds, and asks the keeper for a run meanwhile.
[[nodiscard]] validation::SilenceTrial try_silence(ServiceObserver& observer, ServiceClient& service,
                                                   ServiceClient& exchange);

/// Runs the command, which is to end the service and to start it again, and watches until it is as whole as
/// it was. `is_local`: its process is one of this machine.
[[nodiscard]] validation::RestartTrial try_restart(ServiceObserver& observer, const std::string& command,
                                                   bool is_local);

}  // namespace virtuoso::app
