// The thread that writes into the store.
#pragma once

#include "base/clock.hpp"
#include "service/service_log.hpp"
#include "service/store_queue.hpp"
#include "store/store.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace virtuoso {

/// How the store is, at one moment. Counts are since the start.
struct StoreStatus {
    StoreCounts written{};
    StoreCounts dropped{};       ///< because too many waited
    StoreCounts refused{};       ///< never accepted: a fault of this program
    StoreCounts removed{};       ///< by retention
    std::uint64_t failures = 0;  ///< transactions that have to be tried again
    std::size_t waiting = 0;     ///< rows, those that are being written too
    std::size_t waiting_bytes = 0;
    std::string trouble;  ///< why nothing is written now; empty when all is well
};

/// Whoever puts never waits for the store: rows go through a bounded queue (`StoreQueue`) to a thread that
/// writes what there is twice a second in one transaction. A store that is locked, full or gone is tried
/// again after pauses that double up to ten seconds, the same rows first. Signals with sequence 0 get the
/// next one of their symbol. Retention removes what is older than its table's days every hour, a slice at a
/// time.
class StoreWriter {
  public:
    using Open = std::function<Result<std::unique_ptr<Store>>()>;
    struct Retention {
        std::array<std::int64_t, store_tables> days{};  ///< 0: for ever
    };
    struct Settings {
        Retention retention = {};
        StoreQueue::Limits limits = {};
        std::chrono::milliseconds pause{500};  ///< between two transactions
    };
    /// Told of rows once they are there for certain. On the writer's thread.
    using Written = std::function<void(std::span<const StoreRecord>)>;

    /// `store` may be null: it is opened by `open`, as it is again whenever the connection was lost. `log`
    /// and `clock` outlive it.
    StoreWriter(Open open, std::unique_ptr<Store> store, const Settings& settings, ServiceLog& log,
                const Clock& clock);
    /// Waits for what is under way.
    ~StoreWriter();
    StoreWriter(const StoreWriter&) = delete;
    StoreWriter& operator=(const StoreWriter&) = delete;

    /// Before `start`.
    void on_written(Written written) { written_ = std::move(written); }
    /// Before `start`: reads what was kept before, once, ahead of everything that is written. Where the store
    /// was opened already by `start` itself, else on the writer's thread once there is one.
    using Read = std::function<Result<void>(Store&)>;
    void read_first(Read read) { read_first_ = std::move(read); }
    /// The same, on the writer's thread in any case: of what may take long.
    void read_then(Read read) { read_then_ = std::move(read); }
    void start();
    /// Writes what waits, for at most so long; then what is under way is interrupted. False when the thread
    /// has not ended even so.
    [[nodiscard]] bool stop(std::chrono::milliseconds patience);

    /// From any thread.
    void put(StoreRecord record);
    void set(const Retention& retention);
    [[nodiscard]] StoreStatus status() const;

  private:
    void run();
    /// False when it was told to stop and has done what it could.
    [[nodiscard]] bool turn();
    [[nodiscard]] Result<void> write();
    [[nodiscard]] Result<void> write_one_by_one();
    [[nodiscard]] Result<void> number_signals();
    [[nodiscard]] Result<void> open_store_again();
    [[nodiscard]] Result<void> read_with(Read& read);
    void note_written(std::span<const StoreRecord> records);
    void note_refused(const StoreRecord& record, const Error& error);
    void note_failure(const Error& error);
    void note_success();
    void retain();
    void take_store(std::unique_ptr<Store> store);

    Open open_;
    ServiceLog& log_;
    const Clock& clock_;
    const std::chrono::milliseconds pause_;
    Written written_;
    Read read_first_;  ///< none any more once it is done
    Read read_then_;

    // Of the thread alone.
    std::vector<StoreRecord> batch_;
    std::map<std::pair<std::string, std::string>, std::int64_t> sequences_;  ///< last, by exchange and symbol
    std::chrono::milliseconds wait_;
    std::int64_t retained_ms_ = 0;
    std::size_t retained_table_ = store_tables;  ///< next to be looked at; all: done for this hour

    std::mutex store_mutex_;  ///< of which store there is, for `interrupt`
    std::unique_ptr<Store> store_;
    mutable std::mutex mutex_;  ///< of all that follows
    std::condition_variable wake_;
    std::condition_variable ended_;
    StoreQueue queue_;
    StoreStatus status_;
    std::size_t under_way_ = 0;  ///< rows of the batch
    Retention retention_;
    bool stop_ = false;
    bool over_ = false;
    std::thread thread_;
};

}  // namespace virtuoso
