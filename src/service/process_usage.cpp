#include "service/process_usage.hpp"

#include "service/memory_reading.hpp"

#include <sys/resource.h>

namespace virtuoso {

ProcessUsage process_usage() {
    ProcessUsage usage;
    if (const auto status = read_system_file("/proc/self/status")) {
        usage.resident_bytes = resident_from_status(*status).value_or(0);
    }
    rusage times{};
    if (::getrusage(RUSAGE_SELF, &times) == 0) {
        const auto seconds = [](const timeval& time) {
            return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
        };
        usage.cpu_seconds = seconds(times.ru_utime) + seconds(times.ru_stime);
    }
    return usage;
}

}  // namespace virtuoso
