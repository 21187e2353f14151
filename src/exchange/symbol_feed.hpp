// What the feed knows of one symbol's wholeness.
#pragma once

#include "base/bounded_ring.hpp"
#include "exchange/exchange_dialect.hpp"
#include "exchange/topic_watch.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace virtuoso {

class TopicStream;

/// A trade frame that waits for what came before it.
struct HeldFrame {
    LocalTime received;
    std::uint32_t connection = 0;
    ExchangeTime time;  ///< of its newest trade
    std::string bytes;
};

struct SymbolFeed {
    static constexpr std::size_t held_max = 1'024;
    static constexpr std::size_t recent_liquidations = 32;

    std::string name;
    SymbolTopics topics;
    TopicStream* stream = nullptr;
    std::uint32_t rank = 0;  ///< by turnover

    bool book_whole = false;
    bool book_in_flight = false;     ///< its snapshot is asked for over REST
    std::uint64_t book_request = 0;  ///< the newest of them
    LocalTime book_asked;
    int book_attempts = 0;
    std::string book_reason = "no snapshot yet";

    bool trades_held = true;
    bool fill_in_flight = false;
    bool fill_again = false;
    ExchangeTime last_trade;    ///< newest trade handed over
    ExchangeTime trades_until;  ///< newest trade before the stream was lost; 0 when there was none
    std::vector<HeldFrame> held;
    std::string trade_gap;  ///< the last hole that could not be filled, in words
    LocalTime trade_gap_at;
    std::uint64_t trade_gaps = 0;
    ExchangeTime confirmed;  ///< beginning of the newest 1m candle that was confirmed or asked for

    struct PollClock {
        Poll poll;
        LocalTime due;
    };
    std::vector<PollClock> polls;

    int history_waiting = 0;
    int history_failed = 0;

    TopicWatch book_watch;
    TopicWatch ticker_watch;
    BoundedRing<std::uint64_t> liquidation_frames{recent_liquidations};  ///< hashes: the topic has no ids
    std::string refused;  ///< a topic that the exchange refuses, with its reason
};

}  // namespace virtuoso
