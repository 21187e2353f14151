// Names of threads, as `top -H`, debuggers and /proc/PID/task show them.
#pragma once

#include <string>

namespace virtuoso {

/// Of the calling thread; at most 15 bytes of it are shown.
void name_thread(const std::string& name) noexcept;

}  // namespace virtuoso
