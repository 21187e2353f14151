#include "service/process_usage.hpp"

#include "service/memory_reading.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>

namespace virtuoso {

namespace {

std::uint64_t entries_of(const char* folder) {
    std::error_code error;
    std::uint64_t count = 0;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        ++count;
    }
    return count;
}

}  // namespace

ProcessUsage process_usage() {
    ProcessUsage usage{.id = ::getpid()};
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
    usage.threads = entries_of("/proc/self/task");
    usage.descriptors = entries_of("/proc/self/fd");
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
        usage.descriptors_max = files.rlim_cur;
    }
    return usage;
}

}  // namespace virtuoso
