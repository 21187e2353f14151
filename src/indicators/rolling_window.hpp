// The last N values of a series.
#pragma once

#include <array>
#include <cstddef>

namespace virtuoso {

/// Fixed memory; `newest(0)` is the last value pushed. All operations O(1).
template <typename T, std::size_t N>
class RollingWindow {
  public:
    void push(const T& value) noexcept {
        next_ = next_ + 1 == N ? 0 : next_ + 1;
        values_[next_] = value;
        if (count_ < N) {
            ++count_;
        }
    }
    [[nodiscard]] const T& newest(std::size_t age) const noexcept {
        return values_[age <= next_ ? next_ - age : next_ + N - age];
    }
    [[nodiscard]] const T& oldest() const noexcept { return newest(count_ - 1); }
    [[nodiscard]] std::size_t size() const noexcept { return count_; }
    [[nodiscard]] bool full() const noexcept { return count_ == N; }

    /// For `base/archive.hpp`.
    template <typename Self, typename Archive>
    static void fields(Self& self, Archive& archive) {
        archive(self.values_, self.next_, self.count_);
        archive.check(self.next_ < N && self.count_ <= N);
    }

  private:
    std::array<T, N> values_{};
    std::size_t next_ = N - 1;
    std::size_t count_ = 0;
};

}  // namespace virtuoso
