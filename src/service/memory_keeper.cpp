#include "service/memory_keeper.hpp"

#include "base/thread_name.hpp"
#include "service/shard_sweep.hpp"

#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <limits>
#include <stdexcept>
#include <utility>

namespace virtuoso {

namespace {

constexpr auto observe_every = std::chrono::seconds(1);
constexpr auto shards_patience = std::chrono::seconds(5);
constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

SteadyTime steady_now() {
    return {std::chrono::steady_clock::now().time_since_epoch().count()};
}

}  // namespace

MemoryKeeper::MemoryKeeper(ShardGroup& shards, const Clock& clock, const Settings& settings, OnRun on_run)
    : shards_(shards),
      clock_(clock),
      on_run_(std::move(on_run)),
      relief_(shards, stopping_.get_token()),
      settings_(settings),
      schedule_(settings.schedule, steady_now()) {}

MemoryKeeper::~MemoryKeeper() {
    stop();
}

void MemoryKeeper::start() {
    thread_ = std::thread([this] {
        name_thread("keeper");
        work();
    });
}

void MemoryKeeper::stop() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    stopping_.request_stop();
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

// Runs are numbered as they begin, and every one that began ends in the history.
std::uint64_t MemoryKeeper::ask() {
    const std::lock_guard lock(mutex_);
    asked_for_ = true;
    changed_.notify_all();
    return schedule_.runs() + 1;
}

std::optional<KeeperRun> MemoryKeeper::run_now() {
    const std::uint64_t mine = ask();
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return stop_ || history_.count() >= mine; });
    return kept(mine);
}

std::optional<KeeperRun> MemoryKeeper::kept(std::uint64_t number) const {
    const std::uint64_t count = history_.count();
    if (number == 0 || number > count || count - number >= history_.runs().size()) {
        return std::nullopt;
    }
    return history_.runs().newest(count - number);
}

MemoryKeeper::Lookup MemoryKeeper::find(std::uint64_t number) const {
    const std::lock_guard lock(mutex_);
    return {.known = number > 0 && number <= schedule_.runs() + (asked_for_ ? 1U : 0U),
            .over = number <= history_.count(),
            .run = kept(number)};
}

void MemoryKeeper::work() {
    std::unique_lock lock(mutex_);
    while (!stop_) {
        if (asked_for_ || schedule_.due(steady_now())) {
            lock.unlock();
            run();
            lock.lock();
            changed_.notify_all();
            continue;
        }
        const std::chrono::nanoseconds until_next(schedule_.next_at().ns - steady_now().ns);
        changed_.wait_for(lock, std::min<std::chrono::nanoseconds>(observe_every, until_next));
        schedule_.observe(steady_now(), memory());
    }
}

void MemoryKeeper::run() {
    KeeperRun run;
    const SteadyTime begun = steady_now();
    {
        const std::lock_guard lock(mutex_);
        const KeeperSchedule::Start start = schedule_.begin(begun);
        run.number = start.number;
        run.asked_for = std::exchange(asked_for_, false);
        run.late_ms = run.asked_for ? 0 : start.late_ms;
        run.interval_ms = start.interval_ms;
        run.before = memory();
    }
    run.started = clock_.now();
    try {
        run.yield = compact_shards();
        ::malloc_trim(0);
        relieve(run);
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
        given_up_ = relief_.given_up();
        history_.add(run);
    }
    on_run_(run);
}

KeeperYield MemoryKeeper::compact_shards() const {
    using Sweep = ShardSweep<KeeperYield>;
    const auto shards = shards_.shards();
    std::size_t left = 0;
    const auto yield = Sweep::run(
        shards,
        [](ShardSession& session, std::size_t from, KeeperYield& found) {
            const Compaction trimmed = session.compact(from, Sweep::slice);
            found = {.candles = trimmed.candles,
                     .open_interest = trimmed.open_interest,
                     .trades = trimmed.trades,
                     .others = trimmed.liquidations,
                     .bytes = trimmed.bytes};
            return from + Sweep::slice < session.session().pipeline().symbols().size();
        },
        {.time = shards_patience, .stop = stopping_.get_token()}, left);
    if (!yield) {
        throw std::runtime_error(
            fmt::format("{} of {} shards did not answer within 5 s", left, shards.size()));
    }
    return *yield;
}

// What is given up brings the memory back to the soft mark; what is had again leaves it as far below as the
// pressure has to fall to be over, so that neither calls for the other.
void MemoryKeeper::relieve(KeeperRun& run) {
    MemoryReading reading;
    PressureMarks marks;
    MemoryPressure pressure{};
    {
        const std::lock_guard lock(mutex_);
        reading = memory();
        marks = settings_.schedule.marks;
        pressure = pressure_of(reading.share(), schedule_.pressure(), marks);
    }
    if (pressure == MemoryPressure::hard) {
        run.shed = relief_.give_up(bytes_to_shed(reading.resident, reading.limit, marks.soft));
        ::malloc_trim(0);
    } else if (pressure == MemoryPressure::normal && relief_.given_up() > 0) {
        const double room = (marks.soft - marks.hysteresis) * static_cast<double>(reading.limit) -
                            static_cast<double>(reading.resident);
        run.shed.restored =
            relief_.give_back(reading.limit > 0 ? static_cast<std::size_t>(std::max(room, 0.0)) : unlimited);
    }
}

MemoryReading MemoryKeeper::memory() const {
    return read_memory(read_system_file, settings_.memory_limit);
}

KeeperReport MemoryKeeper::report(std::size_t runs_max) const {
    const std::lock_guard lock(mutex_);
    KeeperReport report{.runs = {},
                        .durations = history_.durations(),
                        .schedule = settings_.schedule,
                        .next_in_ms = schedule_.next_at().ms_since(steady_now()),
                        .asked_for = asked_for_,
                        .count = history_.count(),
                        .failed = history_.failed(),
                        .late = history_.late(),
                        .slow = history_.slow(),
                        .idle = history_.idle(),
                        .yield = history_.yield(),
                        .shed = history_.shed(),
                        .given_up = given_up_,
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
