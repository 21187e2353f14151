// Depth and spread of a book, sampled once a second.
#pragma once

#include "indicators/rolling_median.hpp"
#include "indicators/running_statistics.hpp"
#include "market/order_book.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace virtuoso {

/// Cumulative size within a distance of the mid, in base currency; of both sides as far as both are known.
struct DepthSample {
    static constexpr std::array<double, 4> bands_bps{10, 25, 50, 100};

    std::array<double, 4> bid{};
    std::array<double, 4> ask{};
    double mid = 0;
    double spread_bps = 0;
    std::optional<double> bid_reach_bps{};  ///< how far the side is known; nullopt: to its end
    std::optional<double> ask_reach_bps{};

    /// How far both sides are known; nullopt when both are whole.
    [[nodiscard]] std::optional<double> reach_bps() const noexcept {
        return bid_reach_bps && ask_reach_bps ? std::min(*bid_reach_bps, *ask_reach_bps)
               : bid_reach_bps                ? bid_reach_bps
                                              : ask_reach_bps;
    }
    /// Bands, from the nearest on, that lie within reach: the sums of the others miss what is not known.
    [[nodiscard]] std::size_t complete_bands() const noexcept {
        const auto reach = reach_bps();
        return static_cast<std::size_t>(std::count_if(bands_bps.begin(), bands_bps.end(),
                                                      [&](double band) { return !reach || band <= *reach; }));
    }
    /// Bands that can be compared with others of their kind: the nearest one too where the book does not
    /// reach to it.
    [[nodiscard]] std::size_t usable_bands() const noexcept {
        return std::max<std::size_t>(complete_bands(), 1);
    }
    /// How much of a band is known, in bps of distance.
    [[nodiscard]] double known_bps(std::size_t band) const noexcept {
        return std::min(bands_bps[band], reach_bps().value_or(bands_bps[band]));
    }
    /// Precondition: two-sided. O(levels within the widest band).
    [[nodiscard]] static DepthSample of(const BookView& book);
};

/// Medians of the depth of the last 300 samples in which a band was known; of the nearest one, where the book
/// did not reach so far, by how much of it was. A sample costs the walk over the book and, a band, a binary
/// search; reading O(1).
class DepthHistory {
  public:
    static constexpr std::size_t samples_max = 300;
    static constexpr std::size_t samples_min = 20;

    DepthHistory() : spread_(samples_max) {}

    /// Takes a sample when a second has passed since the last one.
    void update(const BookView& book, ExchangeTime time);

    [[nodiscard]] bool warm(std::size_t band) const noexcept { return bid_[band].size() >= samples_min; }
    /// Of the band's size per bps. Precondition: a sample.
    [[nodiscard]] double median_bid(std::size_t band) const noexcept { return bid_[band].median(); }
    [[nodiscard]] double median_ask(std::size_t band) const noexcept { return ask_[band].median(); }
    [[nodiscard]] const RunningStatistics& spread() const noexcept { return spread_; }
    [[nodiscard]] std::size_t samples() const noexcept { return bid_.front().size(); }

    /// For `base/archive.hpp`.
    template <typename Self, typename Archive>
    static void fields(Self& self, Archive& archive) {
        archive(self.bid_, self.ask_, self.spread_, self.last_second_);
    }

  private:
    using Medians = std::array<RollingMedian<samples_max>, DepthSample::bands_bps.size()>;

    Medians bid_;
    Medians ask_;
    RunningStatistics spread_;
    std::int64_t last_second_ = -1;
};

}  // namespace virtuoso
