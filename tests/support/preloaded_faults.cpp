// Loaded before a program's libraries: a machine whose clock is set while the program runs, and whose name
// service does not answer.
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <ctime>

namespace {

constexpr std::int64_t ns_per_second = 1'000'000'000;

/// How far the time of day is from the true one, in ns: the first eight bytes of a file, which another
/// process writes.
const std::atomic<std::int64_t>* offset() {
    static const std::atomic<std::int64_t>* const mapped = []() -> const std::atomic<std::int64_t>* {
        const char* const path = std::getenv("STEPPED_CLOCK_FILE");
        const int file = path == nullptr ? -1 : ::open(path, O_RDONLY | O_CLOEXEC);
        if (file < 0) {
            return nullptr;
        }
        void* const memory = ::mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, file, 0);
        ::close(file);
        return memory == MAP_FAILED ? nullptr : static_cast<const std::atomic<std::int64_t>*>(memory);
    }();
    return mapped;
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* time) noexcept {
    const long failed = ::syscall(SYS_clock_gettime, clock, time);
    const bool of_day = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
    if (failed == 0 && of_day && offset() != nullptr) {
        const std::int64_t ns = time->tv_sec * ns_per_second + time->tv_nsec + offset()->load();
        time->tv_sec = ns / ns_per_second;
        time->tv_nsec = ns % ns_per_second;
    }
    return static_cast<int>(failed);
}

time_t time(time_t* into) noexcept {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    if (into != nullptr) {
        *into = now.tv_sec;
    }
    return now.tv_sec;
}

int gettimeofday(timeval* time, void*) noexcept {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    time->tv_sec = now.tv_sec;
    time->tv_usec = now.tv_nsec / 1'000;
    return 0;
}

int getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** found) {
    constexpr unsigned hanging_seconds = 60;
    if (std::getenv("HANGING_NAMES") != nullptr) {
        ::sleep(hanging_seconds);
    }
    using Resolve = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
    static const auto resolve =
        reinterpret_cast<Resolve>(::dlsym(RTLD_NEXT, "getaddrinfo"));  // NOLINT(*-reinterpret-cast)
    return resolve(node, service, hints, found);
}

}  // extern "C"
