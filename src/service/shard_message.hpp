// What leaves a shard: immutable values, through its bounded queue to the hub.
#pragma once

#include "exchange/feed.hpp"
#include "service/latency_histogram.hpp"
#include "service/market_sample.hpp"
#include "service/notable_event.hpp"
#include "service/symbol_result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace virtuoso {

/// Kinds of messages that times are measured for.
enum class MessageClass : std::uint8_t { book, trades, ticker, kline, liquidation, rest };
inline constexpr std::array message_classes{MessageClass::book,        MessageClass::trades,
                                            MessageClass::ticker,      MessageClass::kline,
                                            MessageClass::liquidation, MessageClass::rest};

/// "book", as metrics and logs spell it.
[[nodiscard]] std::string_view name_of(MessageClass message) noexcept;

/// Bytes held for the symbols of a shard.
struct ShardMemory {
    std::size_t books = 0;  ///< with what they were in the last quarter of an hour
    std::size_t tapes = 0;
    std::size_t candles = 0;
    std::size_t other_state = 0;  ///< open interest, funding, ratios, liquidations, tickers
    std::size_t analysis = 0;

    [[nodiscard]] std::size_t total() const noexcept {
        return books + tapes + candles + other_state + analysis;
    }
};

/// How a shard is, once a second. Counts are since it was made.
struct ShardStatus {
    std::uint32_t shard = 0;
    std::uint32_t life = 0;  ///< how often it was made anew
    LocalTime at;
    bool started = false;  ///< it knows the instruments
    std::string trouble;   ///< why not; empty while there is no reason
    FeedStatistics feed;
    std::int64_t clock_offset_ms = 0;  ///< exchange's clock minus ours
    std::size_t symbols = 0;
    std::size_t whole = 0;
    std::uint64_t evaluations = 0;
    std::uint64_t refused = 0;                                     ///< records and elements
    std::array<std::uint64_t, message_classes.size()> messages{};  ///< understood, by class
    /// From the socket until the state has it.
    std::array<LatencyHistogram, message_classes.size()> socket_to_state;
    /// From the socket until there is a score that knows it, of messages that were due for one.
    std::array<LatencyHistogram, message_classes.size()> socket_to_score;
    LatencyHistogram state_to_score;  ///< of the same messages, from the state on
    LatencyHistogram evaluation;      ///< one evaluation
    /// From the oldest message that a score is the first to know, until that score: with the pause that the
    /// symbol's interval demands.
    LatencyHistogram score_age;
    ShardMemory memory;
    std::vector<std::string> names;  ///< that it follows, most traded first

    /// The exchange's time at a moment of ours.
    [[nodiscard]] ExchangeTime exchange_at(LocalTime time) const noexcept {
        constexpr std::int64_t ns_per_ms = 1'000'000;
        return {time.ns / ns_per_ms + clock_offset_ms};
    }
};

/// The histories of a round of symbols were asked for together and are there.
struct FetchRound {
    std::size_t successful = 0;
    std::size_t failed = 0;
    std::int64_t total_ns = 0;  ///< from its beginning to the last answer
};

/// What the exchange's feed has to say.
struct FeedNotice {
    std::string text;
};

using ShardMessage = std::variant<std::monostate, ResultPointer, std::shared_ptr<const ShardStatus>,
                                  std::shared_ptr<const MarketSample>, std::shared_ptr<const NotableEvent>,
                                  FetchRound, FeedNotice>;

/// Where a shard leaves what it has to tell. Called on its thread; never waits.
class ShardOutput {
  public:
    virtual ~ShardOutput() = default;
    virtual void put(ShardMessage message) = 0;
};

}  // namespace virtuoso
