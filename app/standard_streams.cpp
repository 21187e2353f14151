#include "standard_streams.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace virtuoso::app {

void hold_standard_streams() {
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream) {
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): its interface
        if (::fcntl(stream, F_GETFD) >= 0 || errno != EBADF) {
            continue;
        }
        // The lowest that is free is this one. What cannot be written is an error of the output alone.
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg,android-cloexec-open): children have it, too
        static_cast<void>(::open("/dev/null", stream == STDOUT_FILENO ? O_RDONLY : O_RDWR));
    }
}

}  // namespace virtuoso::app
