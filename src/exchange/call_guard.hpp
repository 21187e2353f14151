// Callbacks that do not outlive their owner.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace virtuoso {

/// A member of whoever asks: calls that it wrapped do nothing once it is gone, and then answer with a value
/// made of nothing (false, 0). An allocation for the guard, none for a call.
class CallGuard {
  public:
    CallGuard() = default;
    CallGuard(const CallGuard&) = delete;
    CallGuard& operator=(const CallGuard&) = delete;
    ~CallGuard() = default;

    template <typename Call>
    [[nodiscard]] auto operator()(Call call) const {
        return [alive = std::weak_ptr<const char>(alive_), kept = std::move(call)](const auto&... arguments) {
            using Answer = std::invoke_result_t<const Call&, decltype(arguments)...>;
            if constexpr (std::is_void_v<Answer>) {
                if (!alive.expired()) {
                    kept(arguments...);
                }
            } else {
                return alive.expired() ? Answer{} : kept(arguments...);
            }
        };
    }

  private:
    std::shared_ptr<const char> alive_ = std::make_shared<const char>('\0');
};

}  // namespace virtuoso
