#include "service/memory_keeper.hpp"

#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <memory>
#include <stdexcept>

namespace virtuoso {

namespace {

constexpr auto observe_every = std::chrono::seconds(1);
constexpr auto shards_patience = std::chrono::seconds(5);
constexpr std::size_t symbols_a_turn = 16;

SteadyTime steady_now() {
    return {std::chrono::steady_clock::now().time_since_epoch().count()};
}

/// What the shards tell while they work through their symbols.
struct Sweep {
    std::mutex mutex;
    std::condition_variable over;
    KeeperYield yield;
    std::size_t shards_at_work = 0;
};

/// A few symbols, and then the shard's frames have their turn.
void compact_some(const std::shared_ptr<Shard>& shard, const std::shared_ptr<Sweep>& sweep,
                  std::size_t from) {
    shard->post([shard = std::weak_ptr(shard), sweep, from](ShardSession& session) {
        const Compaction found = session.compact(from, symbols_a_turn);
        const bool more = from + symbols_a_turn < session.session().pipeline().symbols().size();
        {
            const std::lock_guard lock(sweep->mutex);
            sweep->yield += {.candles = found.candles,
                             .open_interest = found.open_interest,
                             .trades = found.trades,
                             .others = found.liquidations,
                             .bytes = found.bytes};
            sweep->shards_at_work -= more ? 0U : 1U;
        }
        sweep->over.notify_all();
        if (const auto alive = more ? shard.lock() : nullptr) {
            compact_some(alive, sweep, from + symbols_a_turn);
        }
    });
}

}  // namespace

MemoryKeeper::MemoryKeeper(ShardGroup& shards, const Clock& clock, const Settings& settings, OnRun on_run)
    : shards_(shards),
      clock_(clock),
      on_run_(std::move(on_run)),
      settings_(settings),
      schedule_(settings.schedule, steady_now()) {}

MemoryKeeper::~MemoryKeeper() {
    stop();
}

void MemoryKeeper::start() {
    thread_ = std::thread([this] { work(); });
}

void MemoryKeeper::stop() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void MemoryKeeper::set(const Settings& settings) {
    {
        const std::lock_guard lock(mutex_);
        settings_ = settings;
        schedule_.set(settings.schedule, steady_now());
    }
    changed_.notify_all();
}

std::optional<KeeperRun> MemoryKeeper::run_now() {
    std::unique_lock lock(mutex_);
    const std::uint64_t mine = ++asked_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return stop_ || granted_ >= mine; });
    return granted_ >= mine ? std::optional(history_.runs().back()) : std::nullopt;
}

void MemoryKeeper::work() {
    std::unique_lock lock(mutex_);
    while (!stop_) {
        const bool asked_for = asked_ > granted_;
        if (asked_for || schedule_.due(steady_now())) {
            const std::uint64_t granted = asked_;
            lock.unlock();
            run(asked_for);
            lock.lock();
            granted_ = granted;
            changed_.notify_all();
            continue;
        }
        const std::chrono::nanoseconds until_next(schedule_.next_at().ns - steady_now().ns);
        changed_.wait_for(lock, std::min<std::chrono::nanoseconds>(observe_every, until_next));
        schedule_.observe(steady_now(), memory());
    }
}

void MemoryKeeper::run(bool asked_for) {
    KeeperRun run;
    const SteadyTime begun = steady_now();
    {
        const std::lock_guard lock(mutex_);
        const KeeperSchedule::Start start = schedule_.begin(begun);
        run.number = start.number;
        run.late_ms = asked_for ? 0 : start.late_ms;
        run.interval_ms = start.interval_ms;
        run.before = memory();
    }
    run.started = clock_.now();
    run.asked_for = asked_for;
    try {
        run.yield = compact_shards();
        ::malloc_trim(0);
    } catch (const std::exception& thrown) {
        run.error = thrown.what();
    }
    const SteadyTime ended = steady_now();
    {
        const std::lock_guard lock(mutex_);
        run.after = memory();
        run.duration_ms = ended.ms_since(begun);
        schedule_.end(ended, run.after);
        run.pressure = schedule_.pressure();
        history_.add(run);
    }
    on_run_(run);
}

KeeperYield MemoryKeeper::compact_shards() const {
    const auto sweep = std::make_shared<Sweep>();
    const auto shards = shards_.shards();
    sweep->shards_at_work = shards.size();
    for (const auto& shard : shards) {
        compact_some(shard, sweep, 0);
    }
    std::unique_lock lock(sweep->mutex);
    if (!sweep->over.wait_for(lock, shards_patience, [&] { return sweep->shards_at_work == 0; })) {
        throw std::runtime_error(
            fmt::format("{} of {} shards did not answer within 5 s", sweep->shards_at_work, shards.size()));
    }
    return sweep->yield;
}

MemoryReading MemoryKeeper::memory() const {
    return read_memory(read_system_file, settings_.memory_limit);
}

KeeperReport MemoryKeeper::report(std::size_t runs_max) const {
    const std::lock_guard lock(mutex_);
    KeeperReport report{.runs = {},
                        .count = history_.count(),
                        .failed = history_.failed(),
                        .late = history_.late(),
                        .slow = history_.slow(),
                        .idle = history_.idle(),
                        .yield = history_.yield(),
                        .pressure = schedule_.pressure(),
                        .interval_ms = schedule_.interval_ms(),
                        .memory = memory()};
    const auto& runs = history_.runs();
    const std::size_t told = std::min(runs_max, runs.size());
    report.runs.reserve(told);
    for (std::size_t age = told; age-- > 0;) {
        report.runs.push_back(runs.newest(age));
    }
    return report;
}

}  // namespace virtuoso
