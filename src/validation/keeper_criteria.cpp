#include "validation/evidence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace virtuoso::validation {

namespace {

constexpr std::int64_t schedule_ms_max = 1'000;
constexpr std::int64_t start_ms_max = 5'000;
constexpr std::int64_t run_ms_max = 1'000;

const KeeperSeen* last_of(const Observations& seen) noexcept {
    return seen.keeper.empty() ? nullptr : &seen.keeper.back();
}

Outcome at_start(const Observations& seen) {
    const KeeperSeen* const keeper = last_of(seen);
    if (keeper == nullptr || !seen.process_last) {
        return unseen("the keeper or the process told nothing");
    }
    if (keeper->runs.empty()) {
        return failed("it never ran", seen.ended_ms, keeper_path);
    }
    const KeeperRunSeen& first = keeper->runs.front();
    if (first.number != 1) {
        return unseen(fmt::format("its record begins with run {}", first.number));
    }
    const std::int64_t after = first.started_ms - seen.process_last->started_ms;
    auto text = fmt::format("run 1 began {} ms after the service", after);
    return after <= start_ms_max ? passed(std::move(text), first.started_ms, keeper_path)
                                 : failed(std::move(text), first.started_ms, keeper_path);
}

Outcome on_schedule(const Observations& seen) {
    std::vector<std::string> faults;
    std::int64_t scheduled = 0;
    std::int64_t worst = 0;
    for (const KeeperSeen& keeper : seen.keeper) {
        if (keeper.next_in_ms < -schedule_ms_max && faults.empty()) {
            faults.push_back(fmt::format("stopped: a run has been due for {:.1f} s and did not begin",
                                         -static_cast<double>(keeper.next_in_ms) / 1e3));
        }
    }
    const KeeperSeen* const keeper = last_of(seen);
    if (keeper == nullptr) {
        return unseen("the keeper told nothing");
    }
    for (const KeeperRunSeen& run : keeper->runs) {
        if (run.number == 1 || run.asked_for) {
            continue;
        }
        ++scheduled;
        worst = std::max(worst, std::abs(run.late_ms));
        if (std::abs(run.late_ms) > schedule_ms_max) {
            faults.push_back(fmt::format("run {} was {} ms late", run.number, run.late_ms));
        }
    }
    if (faults.empty() && scheduled == 0) {
        return unseen(fmt::format("no scheduled run yet: the next one is due in {:.0f} s",
                                  static_cast<double>(keeper->next_in_ms) / 1e3));
    }
    return none_of(faults,
                   fmt::format("{} scheduled runs, late by at most {} ms; every {} s", scheduled, worst,
                               keeper->interval_ms / 1'000),
                   seen.ended_ms, keeper_path);
}

Outcome after_silence(const Observations& seen, const SilenceTrial& trial) {
    if (!trial.trouble.empty()) {
        return unseen("it could not be tried: " + trial.trouble);
    }
    auto text =
        fmt::format("the exchange fell silent for {:.0f} s, {:.0f} messages came in its last seconds; ",
                    static_cast<double>(trial.ended_ms - trial.began_ms) / 1e3, trial.frames);
    if (trial.frames > 0) {
        return unseen(text + "it was not silent");
    }
    if (!trial.ran || trial.took_ms > 2 * static_cast<double>(run_ms_max)) {
        return failed(text + (trial.ran ? fmt::format("a run took {:.0f} ms", trial.took_ms)
                                        : "a run that was asked for did not come"),
                      trial.ended_ms, keeper_path);
    }
    return passed(text + fmt::format("a run that was asked for was over after {:.0f} ms", trial.took_ms),
                  seen.ended_ms, keeper_path);
}

Outcome independent(const Observations& seen) {
    if (seen.silence) {
        return after_silence(seen, *seen.silence);
    }
    const KeeperSeen* const keeper = last_of(seen);
    if (keeper == nullptr) {
        return unseen("the keeper told nothing");
    }
    std::int64_t scheduled = 0;
    std::vector<std::string> faults;
    for (const KeeperRunSeen& run : keeper->runs) {
        scheduled += run.number > 1 && !run.asked_for ? 1 : 0;
        if (run.number > 1 && !run.asked_for && std::abs(run.late_ms) > schedule_ms_max) {
            faults.push_back(fmt::format("run {} waited {} ms for something else", run.number, run.late_ms));
        }
    }
    if (scheduled == 0) {
        return unseen("no scheduled run yet whose timer could tell");
    }
    return none_of(
        faults, fmt::format("its own timer began each of {} runs within {} ms", scheduled, schedule_ms_max),
        seen.ended_ms, keeper_path);
}

Outcome all_succeed(const Observations& seen) {
    const KeeperSeen* const keeper = last_of(seen);
    if (keeper == nullptr || keeper->runs.empty()) {
        return unseen("no run is on record");
    }
    std::vector<std::string> faults;
    std::int64_t slowest = 0;
    for (const KeeperRunSeen& run : keeper->runs) {
        slowest = std::max(slowest, run.duration_ms);
        if (!run.error.empty()) {
            faults.push_back(fmt::format("run {} failed: {}", run.number, run.error));
        } else if (run.duration_ms > run_ms_max) {
            faults.push_back(fmt::format("run {} took {} ms", run.number, run.duration_ms));
        }
    }
    return none_of(
        faults,
        fmt::format("{} runs on record succeeded, the slowest in {} ms", keeper->runs.size(), slowest),
        seen.ended_ms, keeper_path);
}

Outcome tells_figures(const Observations& seen) {
    const KeeperSeen* const keeper = last_of(seen);
    if (keeper == nullptr || keeper->runs.empty()) {
        return unseen("no run is on record");
    }
    std::vector<std::string> faults;
    for (const KeeperRunSeen& run : keeper->runs) {
        if (run.error.empty() && !run.line.contains("candles trimmed")) {
            faults.push_back(fmt::format("run {} tells no figures", run.number));
        }
    }
    return none_of(faults, keeper->runs.back().line, keeper->runs.back().started_ms, keeper_path);
}

constexpr std::array criteria{
    Criterion{.id = "KEEP-1",
              .chapter = Chapter::keeper,
              .wanted = "runs at the start",
              .test = "the first run's time beside the service's own",
              .remedy = "see the log's lines of the part keeper; restart the service",
              .judge = at_start},
    Criterion{.id = "KEEP-2",
              .chapter = Chapter::keeper,
              .wanted = "runs on schedule, within 1 s",
              .test = "lateness of every scheduled run on record, and whether one is overdue",
              .remedy =
                  "a keeper that stands still needs a restart; tell of it with the log. Not seen: watch for "
                  "longer than its interval",
              .judge = on_schedule},
    Criterion{
        .id = "KEEP-3",
        .chapter = Chapter::keeper,
        .wanted = "does not depend on monitoring",
        .test = "a run while the exchange is silent (--silence), else its own timer's record",
        .remedy =
            "see which part was busy when the run was late. Not seen: watch for longer than its interval",
        .judge = independent},
    Criterion{.id = "KEEP-4",
              .chapter = Chapter::keeper,
              .wanted = "every run succeeds, in less than 1 s",
              .test = "errors and durations of all runs on record",
              .remedy = "the run's error names the cause; a slow one points to a shard that was busy",
              .judge = all_succeed},
    Criterion{.id = "KEEP-5",
              .chapter = Chapter::keeper,
              .wanted = "every run tells what it did",
              .test = "the figures of all runs on record",
              .remedy = "tell of it with the run's document",
              .judge = tells_figures}};

}  // namespace

std::span<const Criterion> keeper_criteria() noexcept {
    return criteria;
}

}  // namespace virtuoso::validation
