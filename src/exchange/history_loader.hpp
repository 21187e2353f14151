// Loading what a symbol's analysis looks back on.
#pragma once

#include "exchange/call_guard.hpp"
#include "exchange/exchange_dialect.hpp"
#include "exchange/growing_pause.hpp"
#include "exchange/page_guard.hpp"
#include "exchange/rest_reply.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace virtuoso {

class RestAsker;

/// The histories of one symbol: each is read page after page as far as it is wanted or goes. A page that
/// cannot be had ends its history, which is asked for again after pauses that grow; what came before it was
/// handed on. Answers may come in any order.
class HistoryLoader {
  public:
    /// `rank`: of the symbol by turnover; lower ones are loaded first. `on_candles`: hears their candles.
    HistoryLoader(RestAsker& rest, std::uint32_t rank, std::uint64_t seed = 0,
                  std::function<void(const KlineHistory&)> on_candles = {})
        : rest_(rest),
          rank_(rank),
          pause_(pauses, seed),
          reload_pause_(pauses, seed),
          on_candles_(std::move(on_candles)) {}

    void load(const std::vector<HistoryRequest>& requests);
    /// What was loaded holds no more: all is loaded anew once nothing is on its way, after pauses that grow.
    void reload(std::vector<HistoryRequest> requests) { stale_ = std::move(requests); }
    /// Asks again for what could not be had or holds no more.
    void check(LocalTime now);

    /// Histories that are not read to their end yet.
    [[nodiscard]] int waiting() const noexcept { return waiting_; }
    /// Histories that ended with an error and are not asked for again yet.
    [[nodiscard]] std::size_t failed() const noexcept { return failed_.size(); }
    /// All that was asked for came, and holds.
    [[nodiscard]] bool complete() const noexcept {
        return waiting_ == 0 && failed_.empty() && stale_.empty();
    }
    void add_concerns(std::vector<std::string>& reasons) const;

  private:
    static constexpr GrowingPause::Limits pauses{
        .first_ms = 30'000, .max_ms = 10 * ms_per_minute, .calm_ms = 60 * ms_per_minute};

    void hand_on(const MarketReply& reply) const;
    void load_page(const HistoryRequest& request, const std::string& cursor, const PageGuard& pages);

    RestAsker& rest_;
    std::uint32_t rank_;
    int waiting_ = 0;
    std::vector<HistoryRequest> failed_;
    std::vector<HistoryRequest> stale_;
    GrowingPause pause_;
    GrowingPause reload_pause_;
    LocalTime reloaded_;
    std::string trouble_;  ///< why one failed last, where it is the list itself
    std::function<void(const KlineHistory&)> on_candles_;
    CallGuard guard_;
};

}  // namespace virtuoso
