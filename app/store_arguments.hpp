// The options of commands that work on the service's store.
#pragma once

#include "service_config_arguments.hpp"
#include "store/store.hpp"
#include "subcommand.hpp"

#include <memory>
#include <string>

namespace virtuoso::app {

/// Has to live, at one place, until the subcommand has run.
class StoreArguments {
  public:
    /// --store, --state-dir and --config.
    void add_to(Subcommand& command);
    /// The store that they mean, else the service's. Errors: argument, config, state_folder.
    [[nodiscard]] Result<StoreAddress> address() const;
    /// The same, opened. Errors: those, and those of `open_store`.
    [[nodiscard]] Result<std::unique_ptr<Store>> open_to_read() const;

  private:
    std::string store_;
    std::string folder_;
    ServiceConfigArguments service_;
};

}  // namespace virtuoso::app
