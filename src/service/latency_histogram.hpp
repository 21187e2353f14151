// How long things take, in buckets.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace virtuoso {

/// Counts of durations between 10 µs and 10 s, six buckets a decade, and what is longer. Not thread-safe:
/// each shard fills its own and hands out copies. `add` O(log buckets), no allocation.
class LatencyHistogram {
  public:
    /// Upper bounds in ns, inclusive.
    static constexpr std::array<std::int64_t, 37> bounds_ns = [] {
        constexpr std::array<std::int64_t, 6> steps{10, 15, 20, 30, 50, 70};
        std::array<std::int64_t, 37> bounds{};
        std::int64_t scale = 1'000;
        for (std::size_t i = 0; i < bounds.size(); ++i) {
            bounds[i] = steps[i % steps.size()] * scale;
            scale *= i % steps.size() == steps.size() - 1 ? 10 : 1;
        }
        return bounds;
    }();

    void add(std::int64_t ns) noexcept {
        const auto bucket = std::lower_bound(bounds_ns.begin(), bounds_ns.end(), ns) - bounds_ns.begin();
        ++counts_[static_cast<std::size_t>(bucket)];
        ++count_;
        sum_ns_ += std::max<std::int64_t>(0, ns);
    }
    void add(const LatencyHistogram& other) noexcept {
        for (std::size_t i = 0; i < counts_.size(); ++i) {
            counts_[i] += other.counts_[i];
        }
        count_ += other.count_;
        sum_ns_ += other.sum_ns_;
    }

    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    [[nodiscard]] std::int64_t sum_ns() const noexcept { return sum_ns_; }
    /// One for each bound, and the last for what is longer than all of them.
    [[nodiscard]] const std::array<std::uint64_t, bounds_ns.size() + 1>& counts() const noexcept {
        return counts_;
    }
    /// The duration that a share of them does not exceed, in ns, linear within its bucket; 0 when there is
    /// none, the last bound for what is longer.
    [[nodiscard]] double quantile_ns(double share) const noexcept {
        if (count_ == 0) {
            return 0;
        }
        const double rank = share * static_cast<double>(count_);
        double below = 0;
        for (std::size_t i = 0; i < bounds_ns.size(); ++i) {
            const auto here = static_cast<double>(counts_[i]);
            if (here > 0 && below + here >= rank) {
                const double from = i == 0 ? 0 : static_cast<double>(bounds_ns[i - 1]);
                const auto to = static_cast<double>(bounds_ns[i]);
                return from + (to - from) * std::clamp((rank - below) / here, 0.0, 1.0);
            }
            below += here;
        }
        return static_cast<double>(bounds_ns.back());
    }

  private:
    std::array<std::uint64_t, bounds_ns.size() + 1> counts_{};
    std::uint64_t count_ = 0;
    std::int64_t sum_ns_ = 0;
};

}  // namespace virtuoso
