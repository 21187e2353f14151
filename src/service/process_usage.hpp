// What this process uses of the machine.
#pragma once

#include <cstddef>
#include <cstdint>

namespace virtuoso {

struct ProcessUsage {
    std::uint64_t resident_bytes = 0;
    double cpu_seconds = 0;  ///< user and system time
};

/// Zeros where the system does not tell.
[[nodiscard]] ProcessUsage process_usage();

}  // namespace virtuoso
