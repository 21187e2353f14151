#include "base/small_file.hpp"

#include "base/output_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace virtuoso {

namespace {

constexpr int patience_ms = 5'000;

/// Whether there is something to read, or the end of it. A file always has.
bool is_ready(int file) {
    pollfd in{.fd = file, .events = POLLIN, .revents = 0};
    int ready = 0;
    do {
        ready = ::poll(&in, 1, patience_ms);
    } while (ready < 0 && errno == EINTR);
    return ready == 1;
}

Result<std::string> read_all(int file, std::size_t bytes_max) {
    std::string text(bytes_max + 1, '\0');
    std::size_t size = 0;
    while (size < text.size()) {
        if (!is_ready(file)) {
            return fail(ErrorCode::file_open, "nobody writes to it");
        }
        const ssize_t count = ::read(file, text.data() + size, text.size() - size);
        if (count < 0 && errno != EINTR && errno != EAGAIN) {
            return fail(ErrorCode::file_open, system_reason(errno));
        }
        if (count == 0) {
            text.resize(size);
            return text;
        }
        size += count > 0 ? static_cast<std::size_t>(count) : 0;
    }
    return fail(ErrorCode::file_open, fmt::format("it is longer than {} kB", bytes_max / 1024));
}

}  // namespace

Result<std::string> read_small_file(const std::string& path, std::size_t bytes_max) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): its interface
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    const int reason = errno;
    struct stat status {};
    Result<std::string> text;
    if (file < 0) {
        text = fail(ErrorCode::file_open, system_reason(reason));
    } else if (::fstat(file, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode)) {
        text = fail(ErrorCode::file_open, std::string(kind_of_file(status.st_mode)));
    } else {
        text = read_all(file, bytes_max);
    }
    if (file >= 0) {
        ::close(file);
    }
    if (!text) {
        return fail(ErrorCode::file_open,
                    fmt::format("{} cannot be read: {}", in_quotes(path), text.error().message));
    }
    return text;
}

}  // namespace virtuoso
