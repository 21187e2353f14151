#include "service/log_target.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace virtuoso {

namespace {

constexpr int patience_ms = 200;
constexpr mode_t private_file = 0640;

bool takes_more(int descriptor) {
    pollfd waiting{.fd = descriptor, .events = POLLOUT, .revents = 0};
    const int ready = ::poll(&waiting, 1, patience_ms);
    return ready > 0 && (waiting.revents & POLLOUT) != 0;
}

}  // namespace

Result<int> LogTarget::open(const std::string& file) {
    if (file.empty()) {
        return STDERR_FILENO;
    }
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): its interface
    const int descriptor =
        ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, private_file);
    if (descriptor < 0) {
        return fail(ErrorCode::file_open, fmt::format("[log] file = {} cannot be opened: {}", in_quotes(file),
                                                      system_reason(errno)));
    }
    return descriptor;
}

LogTarget::~LogTarget() {
    if (descriptor_ != STDERR_FILENO) {
        ::close(descriptor_);
    }
}

// A pipe that has room takes at least a part at once, because it is asked for no more than that.
bool LogTarget::write_all(std::string_view text) const {
    constexpr std::size_t piece_max = 4'096;
    while (!text.empty()) {
        if (!takes_more(descriptor_)) {
            return false;
        }
        const ssize_t taken = ::write(descriptor_, text.data(), std::min(text.size(), piece_max));
        if (taken < 0 && errno != EINTR && errno != EAGAIN) {
            return false;
        }
        text.remove_prefix(taken > 0 ? static_cast<std::size_t>(taken) : 0);
    }
    return true;
}

void LogTarget::write(std::string_view line) {
    const std::lock_guard lock(mutex_);
    if (given_up_) {
        ++failed_;
        return;
    }
    if (untold_ > 0) {
        const std::string told = fmt::format("({} lines before this one could not be written)\n", untold_);
        if (!write_all(told)) {
            ++untold_;
            ++failed_;
            return;
        }
        untold_ = 0;
    }
    if (write_all(line)) {
        ++written_;
    } else {
        ++untold_;
        ++failed_;
    }
}

Result<void> LogTarget::reopen() {
    if (file_.empty()) {
        return {};
    }
    const auto opened = open(file_);
    if (!opened) {
        return std::unexpected(opened.error());
    }
    const std::lock_guard lock(mutex_);
    ::close(std::exchange(descriptor_, *opened));
    return {};
}

}  // namespace virtuoso
