// The newest ticker of every symbol, followed or not, as far as the market as a whole needs it.
#pragma once

#include "analysis/market_breadth.hpp"
#include "indicators/running_statistics.hpp"
#include "market/event.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

/// What one contract's newest ticker said, as far as the market as a whole needs it.
struct TickerSample {
    std::string symbol{};
    ExchangeTime time{};                   ///< of the newest ticker that told of the last 24 h
    std::optional<double> change_24h{};    ///< share
    std::optional<double> turnover_24h{};  ///< quote currency
    std::optional<Price> last_price{};
};

/// Of several parts of one exchange, each of which knows contracts that others know too: the newest sample of
/// each, by name. O(n log n).
[[nodiscard]] std::vector<TickerSample> merged(std::span<const std::vector<TickerSample>> parts);

/// A few numbers a symbol, of at most `symbols_max` symbols. What it says as of a time depends on the events
/// it was told alone.
class MarketTickers {
  public:
    static constexpr std::size_t symbols_max = 8'192;

    /// The events of one record; what is no ticker is passed over. A list of every contract is as new as its
    /// newest element: an exchange times each of them by its last trade. O(events · log symbols).
    void take(std::string_view exchange, std::span<const MarketEvent> events);

    /// O(symbols).
    [[nodiscard]] MarketBreadth breadth(ExchangeTime as_of) const;
    /// All of an exchange that are fresh, by name: a whole value that may leave this thread. O(symbols).
    [[nodiscard]] std::vector<TickerSample> sample(std::string_view exchange, ExchangeTime as_of) const;
    /// Rises with everything taken that may change an answer.
    [[nodiscard]] std::uint64_t version() const noexcept { return version_; }
    [[nodiscard]] std::size_t bytes() const noexcept;

  private:
    struct Entry {
        ExchangeTime time;  ///< of the newest ticker that told of the last 24 h
        std::optional<double> change_24h;
        std::optional<double> turnover_24h;
        std::optional<Price> last_price;
    };
    /// By name, because sums are to depend on no order of arrival. Every evaluation asks all entries at once,
    /// so they lie side by side without their names.
    struct Symbols {
        std::vector<std::string> names;
        std::vector<Entry> entries;

        Entry* find(std::string_view name);
        Entry& add(std::string_view name);
        std::size_t forget_stale(ExchangeTime as_of);
    };

    void note(std::string_view exchange, std::string_view symbol, const TickerUpdate& update,
              ExchangeTime time);
    [[nodiscard]] Entry* find_or_add(std::string_view exchange, std::string_view symbol);
    void forget_stale();
    void sample_turnover(ExchangeTime now);
    [[nodiscard]] double turnover(ExchangeTime as_of) const;

    std::map<std::string, Symbols, std::less<>> exchanges_;
    std::size_t size_ = 0;
    ExchangeTime newest_;
    RunningStatistics turnover_history_{1'440};  ///< of all 24 h turnovers together, a sample a minute
    std::int64_t turnover_minute_ = -1;
    std::uint64_t version_ = 0;
};

}  // namespace virtuoso
