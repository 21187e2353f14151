// Where the configuration's file is, and its bytes.
#pragma once

#include "service/config_loader.hpp"

#include <optional>
#include <string>

namespace virtuoso {

inline constexpr std::string_view system_config_file = "/etc/virtuoso/config.toml";

/// `$XDG_CONFIG_HOME/virtuoso/config.toml`, `~/.config/…` when it is unset; nullopt when neither is an
/// absolute path.
[[nodiscard]] std::optional<std::string> user_config_file(const EnvironmentLookup& environment);

/// The user's file if it is there, else `system_file` if that is, else none.
[[nodiscard]] std::optional<std::string> find_config_file(
    const EnvironmentLookup& environment, const std::string& system_file = std::string(system_config_file));

/// Only plain files are read (and /dev/null, which is an empty one). Errors: file_open when it cannot be
/// read, config when it is too large to be one.
[[nodiscard]] Result<ConfigFileText> read_config_file(const std::string& path);

/// Writes a new file that its owner alone may read, in a folder that is made where it is missing. Error:
/// file_write, also when there is something of that name.
[[nodiscard]] Result<void> write_new_config_file(const std::string& path, std::string_view text);

}  // namespace virtuoso
