// What subscribers of Binance's USD-M streams are told.
#pragma once

#include "sim/market_model.hpp"
#include "sim/topic.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso::sim {

/// depth@100ms: the levels that were touched since the message before, whose last number is `pu`, as they are
/// now: those that changed, and those that are again what they were but that a REST snapshot saw otherwise.
/// Numbers are those of the market's events, as of REST snapshots.
class BinanceDepthTopic final : public SimTopic {
  public:
    static constexpr std::size_t top_levels = 25;

    BinanceDepthTopic(std::string name, SymbolMarket& market, std::int64_t every_ms);

    [[nodiscard]] std::string snapshot(std::int64_t) override { return {}; }
    void publish(std::int64_t now_ms, std::vector<std::string>& frames) override;
    /// Somebody sees the book as it is now: the next message tells what has changed by now, even if it
    /// changes back. O(levels).
    void note_touched();

    /// Of the last message.
    [[nodiscard]] std::uint64_t update_id() const noexcept { return update_id_; }
    /// Digest (`BookTopic::Digest`) of the first `top_levels` levels a side after that message, or when
    /// somebody saw the book; nullopt when it is not remembered.
    [[nodiscard]] std::optional<std::uint64_t> top_truth(std::uint64_t update_id) const;

  private:
    static constexpr std::size_t truths_kept = 1'024;
    struct Truth {
        std::uint64_t update_id;
        std::uint64_t digest;
    };
    void note_truth();

    std::vector<SimBook::Level> bids_;
    std::vector<SimBook::Level> asks_;
    std::vector<SimBook::Level> next_bids_;
    std::vector<SimBook::Level> next_asks_;
    std::map<std::int64_t, std::int64_t> touched_bids_;  ///< steps by tick
    std::map<std::int64_t, std::int64_t> touched_asks_;
    std::uint64_t seen_sequence_;
    std::uint64_t update_id_;  ///< of the last message
    std::deque<Truth> truths_;
};

/// The stream named, or nullptr when the exchange has none of that name: depth, aggTrade, markPrice, kline,
/// ticker, forceOrder and bookTicker, each of one symbol.
[[nodiscard]] std::unique_ptr<SimTopic> make_binance_topic(const std::string& name, MarketModel& model);

/// Position in `sim_intervals` of "1m" … "1M"; nullopt when it is none.
[[nodiscard]] std::optional<std::size_t> binance_interval(std::string_view name) noexcept;
/// "1m" … of that position.
[[nodiscard]] std::string_view binance_interval_name(std::size_t interval) noexcept;

/// Levels that SimBook keeps a side: all of them.
inline constexpr std::size_t whole_book = 1U << 16;

}  // namespace virtuoso::sim
