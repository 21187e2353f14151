// The service: everything that is left running, in the order in which it has to begin and to end.
#pragma once

#include "base/clock.hpp"
#include "service/account_watch.hpp"
#include "service/alert_desk.hpp"
#include "service/health.hpp"
#include "service/hub.hpp"
#include "service/latest_results.hpp"
#include "service/live_calibration.hpp"
#include "service/market_desk.hpp"
#include "service/memory_keeper.hpp"
#include "service/outcome_desk.hpp"
#include "service/readiness_log.hpp"
#include "service/report_time.hpp"
#include "service/result_recorder.hpp"
#include "service/service_log.hpp"
#include "service/shard_group.hpp"
#include "service/store_reader.hpp"
#include "service/store_writer.hpp"
#include "service/symbol_saver.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace virtuoso {

class ReportDesk;

/// What may be changed while it runs.
struct LiveSettings {
    std::int64_t stall_ns = 10'000'000'000;  ///< a shard that makes no progress for so long is made anew
    Hub::Ranking ranking = {};
    MemoryKeeper::Settings keeper = {};
    EventSettings events = {};
    StoreWriter::Retention retention = {};
};

/// Where what the service knows is kept.
struct StorePlan {
    StoreWriter::Open open = {};          ///< none: nothing is kept
    StoreWriter::Open open_to_read = {};  ///< for what others ask
    std::unique_ptr<Store> store = {};    ///< already opened; else `open` is asked
    StoreQueue::Limits limits = {};
    std::string exchange = {};  ///< as rows name it
    /// Its prices go on from one process to the next: what was recorded by those before is followed.
    bool goes_on = true;
};

/// What is kept of the symbols for the next start.
struct SavingSettings {
    SymbolSaver::Settings target;
    std::int64_t every_ns = 60'000'000'000;  ///< 0: at the end alone
    std::int64_t age_ms_max = 0;             ///< what is older is not used at the start
};

struct ServiceSettings {
    std::vector<ShardPlan> shards;
    std::optional<SavingSettings> saving = {};  ///< nullopt: nothing is saved, nothing read
    LiveSettings live;
    StorePlan store = {};
    std::optional<AccountWatch::Settings> account = {};  ///< nullopt: no key is configured
    std::vector<ReportTime> reports = {};                ///< told as alerts; need a store
    std::int64_t stop_ns = 1'500'000'000;                ///< patience with shards that are to stop
};

/// How it ended.
struct ServiceEnd {
    std::size_t shards_left = 0;  ///< threads that did not end in time
    bool store_left = false;      ///< the store's did not
    std::size_t rows_unwritten = 0;
    std::int64_t took_ns = 0;
};

/// Parts are made in the order in which they are needed and hold what they need by reference, so that one
/// that is missing does not compile. Threads: one a shard, the hub's, the store's and the keeper's; `watch`
/// is called by its owner's.
class Service {
  public:
    /// `log` and `clock` outlive it.
    Service(ServiceSettings settings, ServiceLog& log, const Clock& clock);
    ~Service();
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    /// Tells it of every event, of the market and of its own health, and keeps what it has to deliver in the
    /// store. Before `start`; `alerts` outlives it.
    void attach(AlertDesk& alerts);
    void start();
    /// Call a few times a second until it is to stop.
    void watch();
    /// From the thread that watches.
    void apply(const LiveSettings& settings);
    /// Intake ends, what is on its way is taken, every thread ends.
    ServiceEnd stop();

    /// Shows all that is known of a symbol to `look`, on its shard's thread within some milliseconds; null
    /// when the shard has it no more. False when no shard is known to have it. When the shard ends before its
    /// turn `look` goes away uncalled. From any thread.
    [[nodiscard]] bool look_at(std::string_view symbol, std::function<void(const TrackedSymbol*)> look);
    /// The same for what its book was; null when that is not kept.
    [[nodiscard]] bool look_at_book(std::string_view symbol, std::function<void(const BookHistory*)> look);
    [[nodiscard]] ServiceHealth health(std::size_t symbols_max) const;
    [[nodiscard]] bool live() const { return is_live(hub_, shards_, clock_.now()); }
    [[nodiscard]] LatestResults& results() noexcept { return results_; }
    [[nodiscard]] Hub& hub() noexcept { return hub_; }
    [[nodiscard]] ShardGroup& shards() noexcept { return shards_; }
    [[nodiscard]] MarketDesk& desk() noexcept { return desk_; }
    /// Null when none is attached.
    [[nodiscard]] const AlertDesk* alerts() const noexcept { return alerts_; }
    [[nodiscard]] MemoryKeeper& keeper() noexcept { return keeper_; }
    /// How saving the symbols goes; nullopt where nothing is saved.
    [[nodiscard]] std::optional<SavingStatus> saving() const;
    /// nullopt when nothing is kept.
    [[nodiscard]] std::optional<StoreStatus> store_status() const;
    /// Null when nothing is kept.
    [[nodiscard]] StoreReader* reader() noexcept { return reader_.get(); }
    /// Null when no key is configured.
    [[nodiscard]] const AccountWatch* account() const noexcept { return account_.get(); }
    [[nodiscard]] const std::string& exchange() const noexcept { return settings_.store.exchange; }
    /// nullopt when nothing is kept.
    [[nodiscard]] std::optional<OutcomeCounts> outcomes() const;
    /// What followed scores like this result's; nullopt where too little is known. From any thread.
    [[nodiscard]] std::optional<CalibrationAnswer> calibration_of(const SymbolResult& result) const;
    [[nodiscard]] ServiceLog& log() noexcept { return log_; }
    [[nodiscard]] const Clock& clock() const noexcept { return clock_; }
    [[nodiscard]] LocalTime began() const noexcept { return began_; }

  private:
    [[nodiscard]] bool post_to(std::string_view symbol, std::function<void(ShardSession&)> command);
    void follow_outcomes();
    void make_reports();
    [[nodiscard]] Result<void> read_what_was_kept(Store& store);
    [[nodiscard]] SignalCircumstances circumstances_of(std::string_view symbol) const;
    [[nodiscard]] std::unique_ptr<SymbolSaver> make_saver();
    [[nodiscard]] std::vector<ShardPlan> saving_plans();
    void on_shard_trouble(const ShardTrouble& trouble);
    void on_keeper_run(const KeeperRun& run);
    [[nodiscard]] ExchangeTime exchange_now() const;

    ServiceSettings settings_;
    ServiceLog& log_;
    const Clock& clock_;
    LocalTime began_;
    std::unique_ptr<StoreWriter> writer_;  ///< null: nothing is kept
    std::unique_ptr<StoreReader> reader_;  ///< as this
    std::unique_ptr<ReportDesk> reports_;  ///< null: none is wanted
    /// A week is read in seconds, for which those who ask do not wait.
    std::unique_ptr<StoreReader> report_reader_;
    std::atomic<bool> told_is_known_{false};  ///< the outbox has what was told by processes before
    std::unique_ptr<ResultRecorder> recorder_;
    LatestResults results_;
    LiveCalibration calibration_;
    std::unique_ptr<OutcomeDesk> outcomes_;  ///< null: nothing is kept
    AlertDesk* alerts_ = nullptr;
    MarketDesk desk_;
    std::unique_ptr<SymbolSaver> saver_;  ///< the shards give to it
    ShardGroup shards_;
    Hub hub_;
    MemoryKeeper keeper_;
    std::unique_ptr<AccountWatch> account_;
    bool started_ = false;
    ReadinessLog readiness_{began_};
    LocalTime ready_looked_;
};

}  // namespace virtuoso
