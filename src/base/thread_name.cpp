#include "base/thread_name.hpp"

#include <pthread.h>

#include <array>

namespace virtuoso {

void name_thread(const std::string& name) noexcept {
    std::array<char, 16> shown{};  // all that Linux takes
    name.copy(shown.data(), shown.size() - 1);
    static_cast<void>(pthread_setname_np(pthread_self(), shown.data()));
}

}  // namespace virtuoso
