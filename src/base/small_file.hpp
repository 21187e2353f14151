// Files that are read as a whole.
#pragma once

#include "base/error.hpp"

#include <cstddef>
#include <string>

namespace virtuoso {

/// All of a file or pipe that is no longer than `bytes_max`. Whoever writes to a pipe has five seconds to
/// begin and to go on. Error: file_open, also when it is longer, a folder or a device.
[[nodiscard]] Result<std::string> read_small_file(const std::string& path, std::size_t bytes_max);

}  // namespace virtuoso
