// Histories, round by round.
#pragma once

#include "exchange/feed.hpp"
#include "service/shard_message.hpp"

#include <cstdint>
#include <map>
#include <optional>

namespace virtuoso {

/// Symbols are loaded in the order of their rank; so many neighbours are a round.
class FetchRounds {
  public:
    explicit FetchRounds(std::size_t symbols_a_round) : size_(symbols_a_round) {}

    /// How many symbols there are; of those that come later each is a round of its own.
    void begin(std::size_t symbols) { symbols_ = symbols; }
    /// Gives the round that this symbol's history, which is there since `now`, completes. A round begins when
    /// its histories were asked for, or when the round before it was complete: until then they waited.
    std::optional<FetchRound> take(const FetchedHistory& fetched, LocalTime now);

  private:
    struct Open {
        std::size_t symbols = 0;
        LocalTime asked;  ///< the first of them
        FetchRound round;
    };
    [[nodiscard]] std::size_t size_of(std::size_t round) const noexcept;

    std::size_t size_;
    std::size_t symbols_ = 0;
    std::map<std::size_t, Open> open_;
    LocalTime completed_;  ///< the last round
};

}  // namespace virtuoso
