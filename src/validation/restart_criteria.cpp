#include "validation/evidence.hpp"

#include <fmt/format.h>

#include <array>

namespace virtuoso::validation {

namespace {

constexpr double end_ms_max = 5'000;
constexpr double whole_ms_max = 10'000;

bool was_tried(const Observations& seen) {
    return seen.restart.has_value();
}

std::string source_of(const RestartTrial& trial) {
    return "--restart " + trial.command;
}

/// What every judge needs: the new process answers.
std::optional<Outcome> not_back(const RestartTrial& trial) {
    if (trial.exit_code != 0) {
        return failed(fmt::format("the command ended with {}", trial.exit_code), trial.began_ms,
                      source_of(trial));
    }
    if (!trial.trouble.empty() || !trial.back_after_ms) {
        return failed(trial.trouble.empty() ? "it did not come back" : trial.trouble, trial.began_ms,
                      source_of(trial));
    }
    return std::nullopt;
}

Outcome nothing_orphaned(const Observations& seen) {
    const RestartTrial& trial = *seen.restart;
    if (auto missing = not_back(trial)) {
        return *missing;
    }
    if (trial.old_process == trial.new_process && trial.old_started_ms == trial.new_started_ms) {
        return failed(fmt::format("process {} is still the same", trial.old_process), trial.began_ms,
                      source_of(trial));
    }
    const double gone = trial.gone_after_ms.value_or(0);
    auto text = fmt::format(
        "process {} {}{}; process {} answered after {:.0f} ms", trial.old_process,
        trial.gone_after_ms ? fmt::format("answered no more after {:.0f} ms", gone) : "was not seen to pause",
        trial.old_left ? " and is still there" : " and is gone", trial.new_process, *trial.back_after_ms);
    return trial.old_left || gone > end_ms_max ? failed(std::move(text), trial.began_ms, source_of(trial))
                                               : passed(std::move(text), trial.began_ms, source_of(trial));
}

Outcome nothing_lost(const Observations& seen) {
    const RestartTrial& trial = *seen.restart;
    if (not_back(trial)) {
        return unseen("it was not begun again, see STOP-1");
    }
    if (!trial.rows_known) {
        return unseen("what was kept could not be asked for before and afterwards");
    }
    if (trial.rows_before == 0) {
        return unseen("nothing was kept before");
    }
    auto text = fmt::format("{} of {} signals and scores of before were not found afterwards",
                            trial.rows_lost, trial.rows_before);
    return trial.rows_lost == 0 ? passed(std::move(text), trial.began_ms, source_of(trial))
                                : failed(std::move(text), trial.began_ms, source_of(trial));
}

Outcome whole_again(const Observations& seen) {
    const RestartTrial& trial = *seen.restart;
    if (not_back(trial)) {
        return unseen("it was not begun again, see STOP-1");
    }
    if (trial.full_before == 0) {
        return unseen("no symbol had six components before");
    }
    if (!trial.whole_after_ms) {
        return failed(fmt::format("{} of {} symbols scored 6/6 again when the wait was over",
                                  trial.full_after, trial.full_before),
                      trial.began_ms, source_of(trial));
    }
    auto text = fmt::format("{} symbols scored 6/6 before, {} again {:.1f} s after its first answer",
                            trial.full_before, trial.full_after, *trial.whole_after_ms / 1e3);
    return *trial.whole_after_ms <= whole_ms_max ? passed(std::move(text), trial.began_ms, source_of(trial))
                                                 : failed(std::move(text), trial.began_ms, source_of(trial));
}

constexpr std::array criteria{
    Criterion{.id = "STOP-1",
              .chapter = Chapter::restart,
              .wanted = "nothing is orphaned",
              .test = "the old process is gone within 5 s, another one answers",
              .remedy = "the log's last lines name what did not end in time",
              .judge = nothing_orphaned,
              .applies = was_tried},
    Criterion{.id = "STOP-2",
              .chapter = Chapter::restart,
              .wanted = "no data is lost",
              .test = "newest signals and scores before and afterwards",
              .remedy = "the part store of /api/v1/health, and `virtuoso db check`",
              .judge = nothing_lost,
              .applies = was_tried},
    Criterion{.id = "STOP-3",
              .chapter = Chapter::restart,
              .wanted = "the warm restart reaches full scores within 10 s",
              .test = "symbols with six components before, and the time until as many have them again",
              .remedy = "the part saving of /api/v1/health; see [state] resume_s",
              .judge = whole_again,
              .applies = was_tried}};

}  // namespace

std::span<const Criterion> restart_criteria() noexcept {
    return criteria;
}

}  // namespace virtuoso::validation
