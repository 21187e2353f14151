// What of the service's results goes into the store.
#pragma once

#include "analysis/signal.hpp"
#include "service/keeper_run.hpp"
#include "service/market_overview.hpp"
#include "service/notable_event.hpp"
#include "service/recorded_signals.hpp"
#include "service/store_writer.hpp"
#include "service/symbol_result.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace virtuoso {

struct ServiceHealth;

/// Makes rows of results. Of each minute the last evaluation of every symbol and the last overview is kept,
/// once the minute is over; a signal (METHODOLOGY §9) with its whole breakdown when it begins.
class ResultRecorder {
  public:
    using Put = std::function<void(StoreRecord)>;

    /// `exchange`: as the configuration names it. `life`: when this process began.
    ResultRecorder(Put put, std::string exchange, LocalTime life);

    /// Signals go on from there: of a side that was held already none begins. From any thread; symbols that
    /// were heard of before are left as they are.
    void resume(RecordedSides sides);

    // From the hub's thread. `before`: the one that this one replaces; null when there is none.
    void note(const SymbolResult& result, const SymbolResult* before);
    void note(const MarketOverview& overview, const MarketOverview* before);

    // From any thread, one at a time.
    void note(const NotableEvent& event, std::uint64_t number);
    /// From the keeper's.
    void note(const KeeperRun& run);
    /// From the thread that watches: every part that became good or bad since the last call.
    void note(const ServiceHealth& health, LocalTime now);

  private:
    void note_signal(const SymbolResult& result);
    [[nodiscard]] SignalTracker tracker_of(const SymbolResult& result);
    void note_part(const std::string& part, bool good, const std::string& detail, LocalTime now);

    Put put_;
    std::string exchange_;
    std::int64_t life_;
    std::map<std::string, SignalTracker, std::less<>> trackers_;
    std::mutex mutex_;  ///< of the sides
    RecordedSides sides_;
    std::map<std::string, bool, std::less<>> parts_;
    std::int64_t transitions_ = 0;
};

}  // namespace virtuoso
