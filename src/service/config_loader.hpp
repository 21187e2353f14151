// The configuration, put together from everything that may set it.
#pragma once

#include "base/error.hpp"
#include "service/config_key.hpp"
#include "service/environment.hpp"

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace virtuoso {

/// Who set a value.
struct ConfigOrigin {
    enum class Kind : std::uint8_t { built_in, file, environment, flag };
    Kind kind = Kind::built_in;
    std::string name;        ///< of the file, the variable or the flag
    std::uint32_t line = 0;  ///< of the file

    /// "default", "/etc/virtuoso/config.toml:3", "VIRTUOSO_API_LISTEN", "flag --listen"
    [[nodiscard]] std::string text() const;
};

struct ConfigFileText {
    std::string path;
    std::string text;
};

/// A flag of the command line that sets a key.
struct ConfigFlag {
    const ConfigKey* key = nullptr;
    ConfigValue value;  ///< of the key's type, or a text that is still to be read
};

/// Each over what stands before it; what none of them sets has its default.
struct ConfigSources {
    std::optional<ConfigFileText> file = {};
    std::span<const EnvironmentVariable> environment = {};  ///< all of it
    std::span<const ConfigFlag> flags = {};
};

struct LoadedConfig {
    ServiceConfig config;
    std::vector<ConfigOrigin> origins;  ///< in the order of `config_keys`
    std::string file;                   ///< empty: none

    /// Precondition: `key` is one of `config_keys`.
    [[nodiscard]] const ConfigOrigin& origin_of(const ConfigKey& key) const;
};

/// Never empty. All that is wrong with a configuration, in the order in which it was read.
using ConfigErrors = std::vector<Error>;

/// A configuration in which every value is allowed, by itself and beside the others; or everything that is
/// wrong. Variables that begin with VIRTUOSO_ have to name a key, but for account keys (VIRTUOSO_BYBIT_…,
/// VIRTUOSO_BINANCE_…) and what Kubernetes sets for a service that is called so. Errors: config, or
/// argument where a flag is to be mended.
[[nodiscard]] std::expected<LoadedConfig, ConfigErrors> load_config(const ConfigSources& sources);

}  // namespace virtuoso
