// Orders that are shown but not meant: spoofing, layering, fake liquidity; and hidden ones: icebergs.
#pragma once

#include "indicators/book_top.hpp"
#include "indicators/running_statistics.hpp"
#include "market/trade_tape.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace virtuoso {

/// What happened within the last minute.
struct ManipulationEvidence {
    int spoofs = 0;       ///< large orders pulled within 5 s, less than 10 % executed
    int layers = 0;       ///< groups of three or more near-equal large orders placed together
    int icebergs = 0;     ///< best levels refilled after being traded through
    double bid_fake = 0;  ///< notional of spoofed and layered bids, quote currency
    double ask_fake = 0;
    double large_placed = 0;  ///< notional of all large orders placed
    double large_pulled = 0;  ///< of these, pulled unexecuted
    /// Spoofed and layered notional of a minute that this book shows without meaning anything by it: mean and
    /// three deviations of its own last hours. nullopt before 20 samples.
    std::optional<double> usual_fake;
    bool whole = false;  ///< the book was watched for all of the minute

    /// For `base/archive.hpp`: what is counted as it happens.
    template <typename Self, typename Archive>
    static void fields(Self& self, Archive& archive) {
        archive(self.spoofs, self.layers, self.icebergs, self.bid_fake, self.ask_fake, self.large_placed,
                self.large_pulled);
    }
};

/// Watches the 25 best levels update by update. A large order adds at least five times the median level
/// and 35 000 of quote currency at one price. O(levels) an update; at most 64 orders are followed at a
/// time; what happened is kept by the second, so that a minute is one however busy the book.
class SpoofDetector {
  public:
    static constexpr double large_median_multiple = 5;
    static constexpr double large_notional_min = 35'000;
    static constexpr std::int64_t pulled_within_ms = 5'000;
    static constexpr double executed_share_max = 0.10;
    static constexpr double layer_gap_max = 0.0018;
    static constexpr double layer_size_tolerance = 0.10;
    static constexpr std::int64_t memory_ms = 60'000;
    static constexpr std::int64_t sample_ms = 10'000;
    static constexpr double usual_deviations = 3;

    void on_trade(const TapeTrade& trade);
    void on_book(const BookTop& before, const BookTop& after, const BookView& book, ExchangeTime time);
    void reset() noexcept {
        candidate_count_ = 0;
        watched_from_.reset();
    }

    [[nodiscard]] ManipulationEvidence evidence(ExchangeTime as_of) const;

    /// For `base/archive.hpp`: after a reset.
    template <typename Self, typename Archive>
    static void fields(Self& self, Archive& archive) {
        archive(self.seconds_, self.fakes_, self.sampled_, self.bid_executed_, self.ask_executed_);
    }

  private:
    static constexpr std::size_t candidates_max = 64;
    struct Candidate {
        Side side = Side::buy;
        Price price;
        double base = 0;      ///< size of the level before
        double added = 0;     ///< size placed
        double executed = 0;  ///< size traded at the price since
        ExchangeTime placed;
    };
    struct Second {
        std::int64_t number = -1;
        ManipulationEvidence seen;

        template <typename Self, typename Archive>
        static void fields(Self& self, Archive& archive) {
            archive(self.number, self.seen);
        }
    };

    [[nodiscard]] ManipulationEvidence& now(ExchangeTime time) noexcept;
    void sample(ExchangeTime time);
    void follow(const BookView& book, ExchangeTime time);
    void find_large(Side side, const BookTop& before, const BookTop& after, ExchangeTime time);
    void find_layers(Side side, std::size_t first_new, ExchangeTime time);
    void find_iceberg(Side side, const BookTop& before, const BookTop& after, ExchangeTime time);

    std::array<Candidate, candidates_max> candidates_{};
    std::size_t candidate_count_ = 0;
    std::array<Second, memory_ms / ms_per_second> seconds_{};
    RunningStatistics fakes_{2'160};  ///< of the last minute's, a sample every 10 s: six hours
    std::int64_t sampled_ = -1;
    std::optional<ExchangeTime> watched_from_;  ///< without a break
    double bid_executed_ = 0;                   ///< size traded against the best bid since the last update
    double ask_executed_ = 0;
};

}  // namespace virtuoso
