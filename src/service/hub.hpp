// Where everything that leaves the shards comes together.
#pragma once

#include "base/clock.hpp"
#include "exchange/deep_ranking.hpp"
#include "service/latest_results.hpp"
#include "service/market_desk.hpp"
#include "service/result_log.hpp"
#include "service/service_log.hpp"
#include "service/shard_group.hpp"
#include "service/trouble_watch.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace virtuoso {

class ResultRecorder;

/// Of one shard's queue to the hub.
struct QueueStatus {
    std::uint32_t shard = 0;
    std::size_t waiting = 0;
    std::size_t capacity = 0;
    std::uint64_t dropped = 0;
    std::size_t bytes = 0;  ///< of its room
};

/// Of rounds of histories.
struct FetchSummary {
    std::size_t rounds = 0;
    FetchRound all;  ///< symbols and times added up
};

/// One thread that takes what the shards tell, every ten milliseconds: keeps the latest results and statuses,
/// and writes the log. The shards do not wait for it.
class Hub {
  public:
    struct Ranking {
        DeepRanking::Options options = {};
        std::int64_t again_ns = 300'000'000'000;
    };

    Hub(ShardGroup& shards, LatestResults& results, MarketDesk& desk, ServiceLog& log, const Clock& clock);
    ~Hub();
    Hub(const Hub&) = delete;
    Hub& operator=(const Hub&) = delete;

    void start();
    /// Takes what is still there, then ends. Call once the shards have stopped.
    void stop();

    /// Which symbols are the deep ones is decided anew with these. From any thread.
    void set(const Ranking& ranking);
    void set(const FeedTroubleSettings& settings);
    /// Before `start`; null: nothing is kept. It outlives this.
    void record_with(ResultRecorder* recorder) noexcept { recorder_ = recorder; }
    /// A life of it ended: its end is told once another one is whole. From any thread.
    void note_shard_trouble(std::uint32_t shard);

    /// One for each shard that has told of itself. From any thread.
    [[nodiscard]] std::vector<std::shared_ptr<const ShardStatus>> statuses() const;
    [[nodiscard]] std::vector<QueueStatus> queues() const;
    /// All rounds of histories since the start together. From any thread.
    [[nodiscard]] FetchSummary fetched() const;
    [[nodiscard]] LocalTime last_turn() const noexcept { return {last_turn_ns_}; }

  private:
    void run();
    void turn();
    void take(Shard& shard);
    void note(const ResultPointer& result);
    void note(const std::shared_ptr<const ShardStatus>& status);
    void note(const std::shared_ptr<const MarketSample>& sample);
    void note(const std::shared_ptr<const NotableEvent>& event);
    void note(const FetchRound& round);
    void note(const FeedNotice& notice);
    void note(std::monostate) {}
    void look_at_market(LocalTime now);
    void rank(LocalTime now);
    [[nodiscard]] std::vector<RankedContract> followed_contracts() const;
    /// Of all shards; empty while one of them has not told.
    [[nodiscard]] std::set<std::string, std::less<>> followed_names() const;
    void remove_departed();
    void look_for_trouble(LocalTime now);
    void count_messages(LocalTime now);

    ShardGroup& shards_;
    LatestResults& results_;
    MarketDesk& desk_;
    ServiceLog& log_;
    ResultLog result_log_;
    ResultRecorder* recorder_ = nullptr;
    const Clock& clock_;
    mutable std::mutex mutex_;  ///< of the statuses
    std::map<std::uint32_t, std::shared_ptr<const ShardStatus>> statuses_;
    FetchSummary fetched_;
    std::string last_notice_;
    LocalTime minute_;
    std::uint64_t messages_before_ = 0;
    LocalTime departed_looked_;
    LocalTime market_looked_;
    TroubleWatch trouble_;  ///< under the mutex, as what follows
    EventSink tell_event_;
    Ranking ranking_;
    std::unique_ptr<DeepRanking> deep_;
    LocalTime ranked_;
    std::atomic<std::int64_t> last_turn_ns_{0};
    std::mutex stop_mutex_;
    std::condition_variable stop_asked_;
    bool stop_ = false;
    std::thread thread_;
};

}  // namespace virtuoso
