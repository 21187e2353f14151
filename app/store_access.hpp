// Which store the configuration means, and how the service gets at it.
#pragma once

#include "service/config.hpp"
#include "service/service.hpp"

#include <filesystem>
#include <optional>

namespace virtuoso::app {

/// Error: state_folder when none is named and none can be found.
[[nodiscard]] Result<std::filesystem::path> state_folder_of(const ServiceConfig& config);

/// nullopt: nothing is kept. Errors: argument, state_folder.
[[nodiscard]] Result<std::optional<StoreAddress>> store_address_of(const ServiceConfig& config);

/// Opens the store. One that is locked or whose server is away is no error: it is said in the log, and the
/// service tries it again. Errors: argument, state_folder, store_open, store_schema, store_damaged.
[[nodiscard]] Result<StorePlan> plan_store(const ServiceConfig& config, ServiceLog& log);

}  // namespace virtuoso::app
