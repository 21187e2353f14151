// All simulated contracts on one time line.
#pragma once

#include "sim/symbol_market.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <queue>
#include <string>
#include <vector>

namespace virtuoso::sim {

/// Deterministic: the same seed and start give the same events, however time is cut into `advance` calls.
/// O(log symbols) an event.
class MarketModel {
  public:
    /// `activity`: so many times the usual orders.
    MarketModel(std::size_t symbols, std::uint64_t seed, ExchangeTime start, double activity = 1);

    /// Runs all events before `now_ms`. The symbols whose book may have changed are in `touched`.
    void advance(std::int64_t now_ms);
    [[nodiscard]] const std::vector<std::uint32_t>& touched() const noexcept { return touched_; }

    [[nodiscard]] std::size_t size() const noexcept { return markets_.size(); }
    [[nodiscard]] SymbolMarket& market(std::size_t index) { return *markets_[index]; }
    /// nullptr when it is not listed.
    [[nodiscard]] SymbolMarket* find(std::string_view symbol);
    [[nodiscard]] std::int64_t now_ms() const noexcept { return now_ms_; }
    [[nodiscard]] std::uint64_t events() const noexcept { return events_; }

    /// Lists one more contract from now on; returns its index. An existing symbol is listed again.
    std::size_t list(const std::string& symbol);

  private:
    void run_events(std::int64_t before_ms);

    struct Due {
        std::int64_t time_us;
        std::uint32_t index;
        friend bool operator>(const Due& a, const Due& b) noexcept {
            return a.time_us != b.time_us ? a.time_us > b.time_us : a.index > b.index;
        }
    };

    std::uint64_t seed_;
    MarketFactor factor_;
    std::vector<std::unique_ptr<SymbolMarket>> markets_;
    std::map<std::string, std::uint32_t, std::less<>> index_;
    std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
    std::vector<std::uint32_t> touched_;
    std::vector<bool> is_touched_;
    std::int64_t now_ms_;
    std::int64_t next_second_ms_;
    std::uint64_t events_ = 0;
};

}  // namespace virtuoso::sim
