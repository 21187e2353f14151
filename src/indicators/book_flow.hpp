// Order-flow imbalance and smoothed imbalance of the book.
#pragma once

#include "indicators/book_top.hpp"
#include "indicators/trailing_scale.hpp"

#include <array>
#include <optional>

namespace virtuoso {

/// Contribution of one level's move to order-flow imbalance (Cont, Kukanov, Stoikov 2014, eq. 4), in
/// base currency: what was added to the bid and taken from the ask, less the opposite.
[[nodiscard]] double order_flow_contribution(const BookLevel& bid_before, const BookLevel& ask_before,
                                             const BookLevel& bid_after, const BookLevel& ask_after) noexcept;

/// Follows a book update by update: multi-level OFI (Xu, Gould, Howison 2019) over 10 levels weighted
/// 0.95^i, each level scaled by its average depth, in one-second bins over one minute; and the
/// level-weighted imbalance of 25 levels with a half-life of 3 s. O(levels) an update.
class BookFlow {
  public:
    static constexpr std::size_t ofi_levels = 10;
    static constexpr int history_seconds = 60;
    static constexpr int bins_min = 20;

    void update(const BookTop& top, ExchangeTime time);

    /// Σ over the last `seconds` in units of what as many of this symbol's bins usually add up to (the scale
    /// is the last day's): near N(0,1) for unrelated flow. Bins are seconds with updates. nullopt below
    /// `needed` of them, and below 20 for the scale.
    [[nodiscard]] std::optional<double> normalised_ofi(ExchangeTime as_of, int seconds,
                                                       int needed = bins_min) const;
    /// How long a window of so many seconds really is: the book may be younger.
    [[nodiscard]] int known_seconds(ExchangeTime as_of, int seconds) const noexcept;
    /// Plain sum over the last `seconds`, in average depths.
    [[nodiscard]] double ofi(ExchangeTime as_of, int seconds) const;
    [[nodiscard]] std::optional<double> smoothed_imbalance() const noexcept {
        return updates_ > 0 ? std::optional(imbalance_) : std::nullopt;
    }
    [[nodiscard]] std::uint64_t updates() const noexcept { return updates_; }
    [[nodiscard]] const BookTop& last() const noexcept { return last_; }
    /// The book was broken: the next update has nothing to be compared with.
    void reset() noexcept { comparable_ = false; }

    /// For `base/archive.hpp`: of a book that was broken.
    template <typename Self, typename Archive>
    static void fields(Self& self, Archive& archive) {
        constexpr std::int64_t seconds_max = plausible_ms_max / ms_per_second;
        archive(self.last_, self.last_time_, self.updates_, self.imbalance_, self.average_depth_, self.bins_,
                self.scale_, self.first_second_, self.second_);
        archive.check(self.first_second_ >= -1 && self.first_second_ <= seconds_max && self.second_ >= -1 &&
                      self.second_ <= seconds_max && (self.second_ < 0 || self.first_second_ >= 0));
    }

  private:
    void add_flow(const BookTop& top, ExchangeTime time);
    template <typename Visitor>
    void visit(ExchangeTime as_of, int seconds, Visitor&& visitor) const;

    BookTop last_;
    ExchangeTime last_time_;
    bool comparable_ = false;
    std::uint64_t updates_ = 0;
    double imbalance_ = 0;
    std::array<double, ofi_levels> average_depth_{};
    struct Bin {
        double flow = 0;
        bool updated = false;

        template <typename Self, typename Archive>
        static void fields(Self& self, Archive& archive) {
            archive(self.flow, self.updated);
        }
    };
    std::array<Bin, history_seconds> bins_{};
    TrailingScale scale_;  ///< of whole bins
    std::int64_t first_second_ = -1;
    std::int64_t second_ = -1;
};

}  // namespace virtuoso
