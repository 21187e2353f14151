#include "service/process_usage.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>

namespace virtuoso {

ProcessUsage process_usage() {
    ProcessUsage usage;
    std::ifstream file("/proc/self/statm");
    std::uint64_t pages = 0;
    std::uint64_t resident = 0;
    if (file >> pages >> resident) {
        usage.resident_bytes = resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
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
