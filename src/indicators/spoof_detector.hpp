// Orders that are shown but not meant: spoofing, layering, fake liquidity; and hidden ones: icebergs.
#pragma once

#include "base/bounded_ring.hpp"
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
};

/// Watches the 25 best levels update by update. A large order adds at least five times the median level
/// and 35 000 of quote currency at one price. O(levels) an update; at most 64 orders are followed at a
/// time and 256 events remembered.
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

    SpoofDetector() : events_(256) {}

    void on_trade(const TapeTrade& trade);
    void on_book(const BookTop& before, const BookTop& after, const BookView& book, ExchangeTime time);
    void reset() noexcept { candidate_count_ = 0; }

    [[nodiscard]] ManipulationEvidence evidence(ExchangeTime as_of) const;
    [[nodiscard]] std::size_t bytes() const noexcept { return events_.bytes(); }

  private:
    static constexpr std::size_t candidates_max = 64;
    enum class EventKind : std::uint8_t { placed, spoof, layer, iceberg };

    struct Candidate {
        Side side = Side::buy;
        Price price;
        double base = 0;      ///< size of the level before
        double added = 0;     ///< size placed
        double executed = 0;  ///< size traded at the price since
        ExchangeTime placed;
    };
    struct Event {
        ExchangeTime time;
        EventKind kind = EventKind::placed;
        Side side = Side::buy;
        double notional = 0;
    };

    void sample(ExchangeTime time);
    void follow(const BookView& book, ExchangeTime time);
    void find_large(Side side, const BookTop& before, const BookTop& after, ExchangeTime time);
    void find_layers(Side side, std::size_t first_new, ExchangeTime time);
    void find_iceberg(Side side, const BookTop& before, const BookTop& after, ExchangeTime time);

    std::array<Candidate, candidates_max> candidates_{};
    std::size_t candidate_count_ = 0;
    BoundedRing<Event> events_;
    RunningStatistics fakes_{2'160};  ///< of the last minute's, a sample every 10 s: six hours
    std::int64_t sampled_ = -1;
    double bid_executed_ = 0;  ///< size traded against the best bid since the last update
    double ask_executed_ = 0;
};

}  // namespace virtuoso
