// What this process uses of the machine.
#pragma once

#include <cstddef>
#include <cstdint>

namespace virtuoso {

struct ProcessUsage {
    std::int64_t id = 0;
    std::uint64_t resident_bytes = 0;
    double cpu_seconds = 0;  ///< user and system time
    std::uint64_t threads = 0;
    std::uint64_t descriptors = 0;      ///< that are open
    std::uint64_t descriptors_max = 0;  ///< that may be
};

/// Zeros where the system does not tell. O(descriptors).
[[nodiscard]] ProcessUsage process_usage();

}  // namespace virtuoso
