// The configuration as text: a file to begin with, what is in effect, the page of the documentation.
#pragma once

#include "service/config_loader.hpp"

#include <string>

namespace virtuoso {

/// A file with every key at its default and a comment on each; `load_config` reads the defaults from it.
[[nodiscard]] std::string config_init_text();

/// A file that sets what is in effect, with the origin of each value behind it. Secrets are masked.
[[nodiscard]] std::string config_show_text(const LoadedConfig& loaded);

/// docs/configuration.md
[[nodiscard]] std::string config_page();

}  // namespace virtuoso
