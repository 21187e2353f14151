// Depth and spread of a book, sampled once a second.
#pragma once

#include "base/bounded_ring.hpp"
#include "indicators/running_statistics.hpp"
#include "market/order_book.hpp"

#include <array>
#include <optional>

namespace virtuoso {

/// Cumulative size within a distance of the mid, in base currency.
struct DepthSample {
    static constexpr std::array<double, 4> bands_bps{10, 25, 50, 100};

    std::array<double, 4> bid{};
    std::array<double, 4> ask{};
    double mid = 0;
    double spread_bps = 0;

    /// Precondition: two-sided. O(levels within the widest band).
    [[nodiscard]] static DepthSample of(const BookView& book);
};

/// The last 300 samples and the medians they have. A sample costs O(300), reading O(1).
class DepthHistory {
  public:
    static constexpr std::size_t samples_max = 300;
    static constexpr std::size_t samples_min = 20;

    DepthHistory() : samples_(samples_max), spread_(samples_max) {}

    /// Takes a sample when a second has passed since the last one.
    void update(const BookView& book, ExchangeTime time);

    [[nodiscard]] bool warm() const noexcept { return samples_.size() >= samples_min; }
    [[nodiscard]] const DepthSample& median() const noexcept { return median_; }
    [[nodiscard]] const RunningStatistics& spread() const noexcept { return spread_; }
    [[nodiscard]] std::size_t samples() const noexcept { return samples_.size(); }
    [[nodiscard]] std::size_t bytes() const noexcept { return samples_.bytes(); }

  private:
    void refresh_medians();

    BoundedRing<DepthSample> samples_;
    RunningStatistics spread_;
    DepthSample median_;
    std::int64_t last_second_ = -1;
};

}  // namespace virtuoso
