#include "service/notify.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstring>

namespace virtuoso {

Notifier::Notifier(const EnvironmentLookup& environment) {
    socket_ = environment("NOTIFY_SOCKET").value_or("");
    const std::string text = environment("WATCHDOG_USEC").value_or("");
    std::int64_t microseconds = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), microseconds);
    const std::string whose = environment("WATCHDOG_PID").value_or("");
    const bool ours = whose.empty() || whose == std::to_string(::getpid());
    if (read.ec == std::errc{} && microseconds > 0 && ours) {
        watchdog_ = std::chrono::microseconds(microseconds);
    }
}

bool Notifier::tell(std::string_view state) const {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (socket_.size() < 2 || socket_.size() >= sizeof(address.sun_path) ||
        (socket_.front() != '/' && socket_.front() != '@')) {
        return false;
    }
    std::memcpy(address.sun_path, socket_.data(), socket_.size());
    if (socket_.front() == '@') {
        address.sun_path[0] = '\0';
    }
    const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) {
        return false;
    }
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
    const ssize_t sent =
        ::sendto(descriptor, state.data(), state.size(), MSG_NOSIGNAL,
                 reinterpret_cast<const sockaddr*>(&address), length);  // NOLINT(*-reinterpret-cast)
    ::close(descriptor);
    return sent == static_cast<ssize_t>(state.size());
}

}  // namespace virtuoso
