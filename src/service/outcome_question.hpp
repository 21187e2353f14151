// What shards are asked of prices that signals are followed by.
#pragma once

#include "analysis/outcome.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace virtuoso {

class ShardSession;

/// Of one symbol: its closed minutes from `from` on.
struct PriceQuestion {
    std::string symbol;
    ExchangeTime from;
    /// Times within a minute: what was traded from each to that minute's end.
    std::vector<ExchangeTime> beginnings = {};
};

/// From a time to the end of its minute.
struct MinuteRest {
    ExchangeTime from;
    bool known = false;                       ///< the tape reaches back to `from`
    std::optional<PriceStretch> prices = {};  ///< nothing was traded
};

struct PriceAnswer {
    std::string symbol;
    ExchangeTime now;                   ///< the exchange's
    std::vector<PriceStretch> minutes;  ///< in order of time, those that were seen whole
    bool more = false;                  ///< there are others after them
    std::vector<MinuteRest> beginnings;
};

/// On the shard's thread. Nothing for symbols that are not its. At most `minutes_max` minutes of each.
/// O(questions · minutes + trades of the beginnings).
[[nodiscard]] std::vector<PriceAnswer> answer_prices(const std::vector<PriceQuestion>& questions,
                                                     ShardSession& shard, std::size_t minutes_max);

}  // namespace virtuoso
