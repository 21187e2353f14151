// A seeded market: book, trades and tickers of one invented symbol, as events or as Bybit frames.
#pragma once

#include "frame_set.hpp"
#include "market/event.hpp"

#include <cstdint>
#include <map>
#include <random>
#include <vector>

namespace virtuoso::bench {

/// The touch follows a random walk; most changes fall near it, as on a liquid perpetual. Prices have the
/// size of Bitcoin's, the tick is 0.10.
class SimulatedMarket {
  public:
    static constexpr std::string_view symbol = "BTCUSDT";

    /// `depth`: levels a side of the book.
    SimulatedMarket(std::uint64_t seed, std::size_t depth);

    /// The whole book; spans are valid until the next call.
    [[nodiscard]] BookSnapshot snapshot();
    /// The next update, of six to eight levels unless the touch jumped over more.
    [[nodiscard]] BookDelta delta();
    /// A trade at the touch.
    [[nodiscard]] TradePrint trade();

    [[nodiscard]] ExchangeTime now() const noexcept { return now_; }
    void advance(std::int64_t ms) noexcept { now_ = now_ + ms; }
    [[nodiscard]] Price mid() const noexcept { return {touch_ * tick_units}; }

    [[nodiscard]] std::string snapshot_frame();
    [[nodiscard]] std::string delta_frame();
    [[nodiscard]] std::string trade_frame();
    [[nodiscard]] std::string ticker_frame();

  private:
    static constexpr std::int64_t tick_units = decimal_scale / 10;
    using Levels = std::map<std::int64_t, std::int64_t>;

    [[nodiscard]] std::int64_t random_size();
    void change_level(bool bid);
    void cut_back(bool bid);
    void move_touch();

    std::mt19937_64 random_;
    std::size_t depth_;
    ExchangeTime now_{1'717'200'000'000};
    std::int64_t touch_ = 650'000;  ///< in ticks: bids lie below, asks at or above
    std::uint64_t update_id_ = 1'000'000;
    std::uint64_t trade_id_ = 1;
    Levels bids_;  ///< tick → size
    Levels asks_;
    std::vector<BookLevel> bid_levels_;
    std::vector<BookLevel> ask_levels_;
};

/// A 200-level snapshot, then `deltas` updates that follow it.
[[nodiscard]] FrameSet bybit_book_frames(std::size_t deltas);

}  // namespace virtuoso::bench
