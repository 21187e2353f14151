// The market as a whole and what is notable in it, as the hub keeps them.
#pragma once

#include "engine/market_tickers.hpp"
#include "service/breadth_extreme.hpp"
#include "service/event_cooldown.hpp"
#include "service/event_ring.hpp"
#include "service/market_overview.hpp"
#include "service/market_sample.hpp"
#include "service/service_log.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace virtuoso {

class ResultRecorder;

/// Events so far: those that were told, and those that their cooldown held back.
struct EventCounts {
    std::array<std::array<std::uint64_t, event_severities>, event_kinds> told{};
    std::array<std::uint64_t, event_kinds> held_back{};
    std::size_t kept = 0;
    std::size_t bytes = 0;
};

using EventListener = std::function<void(const NotableEvent&)>;

/// Overviews every five seconds, from the samples of all shards; events, no more than one of a symbol and
/// kind within its cooldown. Written by one thread, or by any where that is said; read by any.
class MarketDesk {
  public:
    MarketDesk(ServiceLog& log, const EventSettings& settings);

    void set(const EventSettings& settings);
    /// Before anything is noted; null: nothing is kept. It outlives this.
    void record_with(ResultRecorder* recorder) noexcept { recorder_ = recorder; }
    /// Called with every event that is told, on the thread that notes it. Before the first event.
    void listen(EventListener listener) { listener_ = std::move(listener); }
    void note(std::shared_ptr<const MarketSample> sample);
    /// When every one of `shards` has told. Gives the contracts that it knows, for a ranking.
    void make_overview(std::size_t shards);
    /// From any thread.
    void note(NotableEvent event);

    /// Null before the first. From any thread.
    [[nodiscard]] std::shared_ptr<const MarketOverview> overview() const;
    [[nodiscard]] std::vector<TickerSample> tickers() const;
    [[nodiscard]] EventRing::Answer events(const EventRing::Filter& filter) const;
    [[nodiscard]] EventCounts event_counts() const;

  private:
    void log_overview(const MarketOverview& overview);

    ServiceLog& log_;
    ResultRecorder* recorder_ = nullptr;
    MarketOverviewMaker maker_;
    std::map<std::uint32_t, std::shared_ptr<const MarketSample>> samples_;
    mutable std::mutex mutex_;  ///< of all that is read by others
    std::shared_ptr<const MarketOverview> overview_;
    std::vector<TickerSample> tickers_;
    EventCooldown cooldown_;
    EventRing events_;
    EventCounts counts_;  ///< the told ones
    EventListener listener_;
    BreadthExtreme breadth_;
};

}  // namespace virtuoso
