#include "service_trials.hpp"

#include "present/json_view.hpp"
#include "service/memory_reading.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <set>
#include <sstream>
#include <utility>

namespace virtuoso::app {

namespace {

using validation::RestartTrial;
using validation::SilenceTrial;

/// Of streams.
std::optional<std::int64_t> messages_of(ServiceObserver& observer) {
    const auto text = observer.ask("/metrics");
    const auto page = validation::MetricsPage::read(text.value_or(std::string()));
    const auto all = page.sum("virtuoso_messages_total");
    if (!all) {
        return std::nullopt;
    }
    return static_cast<std::int64_t>(*all -
                                     page.sum("virtuoso_messages_total", "class=\"rest\"").value_or(0));
}

/// The symbols that have six components now.
std::set<std::string> full_symbols(ServiceObserver& observer) {
    std::set<std::string> full;
    const auto text = observer.ask("/api/v1/symbols?limit=2000");
    const auto document = text ? Json::parsed(*text) : std::nullopt;
    if (!document) {
        return full;
    }
    for (const auto& row : JsonView(*document)["symbols"].elements()) {
        const auto components = row["components"].fields();
        const bool is_full = !components.empty() && std::ranges::all_of(components, [](const auto& field) {
            return field.second.number().has_value();
        });
        if (is_full) {
            full.insert(row["symbol"].text());
        }
    }
    return full;
}

/// What was said before, by what tells each row from others; nothing where it cannot be asked for.
std::optional<std::set<std::string>> kept_rows(ServiceObserver& observer, const std::string& symbol,
                                               std::int64_t until_ms) {
    std::set<std::string> rows;
    bool known = true;
    const auto add = [&](const std::string& path, std::string_view list, std::string_view key) {
        const auto text = observer.ask(path);
        const auto document = text ? Json::parsed(*text) : std::nullopt;
        known = known && document && JsonView(*document)[list];
        if (known) {
            for (const auto& row : JsonView(*document)[list].elements()) {
                rows.insert(fmt::format("{} {}", list, row[key].written()));
            }
        }
    };
    add(fmt::format("/api/v1/signals?limit=1000&until={}", until_ms), "signals", "id");
    if (!symbol.empty()) {
        add(fmt::format("/api/v1/symbols/{}/scores?limit=1000&to={}", symbol, until_ms), "scores", "time_ms");
    }
    return known ? std::optional(std::move(rows)) : std::nullopt;
}

/// A command that runs beside; its output goes to the error stream.
class Command {
  public:
    explicit Command(const std::string& text) {
        std::string shell = "sh";
        std::string option = "-c";
        std::string words = text;
        std::array<char*, 4> arguments{shell.data(), option.data(), words.data(), nullptr};
        posix_spawn_file_actions_t actions{};
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
        error_ = posix_spawn(&process_, "/bin/sh", &actions, nullptr, arguments.data(), environ);
        posix_spawn_file_actions_destroy(&actions);
    }
    /// Why it could not be started; 0: it was.
    [[nodiscard]] int error() const noexcept { return error_; }
    /// Nobody waits any more.
    void end() const noexcept {
        if (process_ > 0 && !code_) {
            ::kill(process_, SIGTERM);
        }
    }
    /// 128 + a signal's number where that ended it; nullopt while it runs.
    std::optional<int> ended() {
        if (!code_) {
            int status = 0;
            if (waitpid(process_, &status, WNOHANG) == process_) {
                code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
            }
        }
        return code_;
    }

  private:
    pid_t process_ = -1;
    int error_ = 0;
    std::optional<int> code_;
};

/// When a process of this machine began, in ticks since the machine did; nothing of one that is not there, or
/// has ended and only waits to be looked at.
std::optional<std::int64_t> began_ticks(std::int64_t process) {
    const auto stat = read_system_file(fmt::format("/proc/{}/stat", process));
    const std::size_t name_end = stat ? stat->rfind(") ") : std::string::npos;
    if (name_end == std::string::npos) {
        return std::nullopt;
    }
    std::istringstream fields(stat->substr(name_end + 2));
    std::string state;
    fields >> state;
    constexpr int fields_between = 18;
    std::string field;
    for (int i = 0; i < fields_between; ++i) {
        fields >> field;
    }
    std::int64_t ticks = 0;
    return state != "Z" && state != "X" && fields >> ticks ? std::optional(ticks) : std::nullopt;
}

/// Of the service, if it is a process of this machine: behind a tunnel another one has its number here.
std::optional<std::int64_t> began_here(const validation::ProcessSeen& process, std::int64_t now_ms) {
    constexpr double start_s_max = 60;
    const auto ticks = began_ticks(process.id);
    const auto uptime = read_system_file("/proc/uptime");
    if (!ticks || !uptime) {
        return std::nullopt;
    }
    const double began_s = static_cast<double>(*ticks) / static_cast<double>(::sysconf(_SC_CLK_TCK));
    const double age_s = std::atof(uptime->c_str()) - began_s;
    const double told_s = static_cast<double>(now_ms - process.started_ms) / 1e3;
    return std::abs(age_s - told_s) <= start_s_max ? ticks : std::nullopt;
}

std::optional<validation::ProcessSeen> process_of(ServiceObserver& observer) {
    const auto document = observer.ask("/api/v1/process");
    return document ? validation::read_process(*document) : std::nullopt;
}

/// Until another process answers than the old one.
void wait_for_return(ServiceObserver& observer, Command& command, RestartTrial& trial) {
    constexpr std::int64_t patience_ms = 60'000;
    constexpr std::int64_t pause_ms = 50;
    while (!observer.over() && !trial.back_after_ms) {
        const auto process = process_of(observer);
        const auto passed = static_cast<double>(observer.now_ms() - trial.began_ms);
        if (!process && !trial.gone_after_ms) {
            trial.gone_after_ms = passed;
        }
        if (process && (process->id != trial.old_process || process->started_ms != trial.old_started_ms)) {
            trial.new_process = process->id;
            trial.new_started_ms = process->started_ms;
            trial.back_after_ms = passed;
        }
        const auto code = command.ended();
        if (code && *code != 0) {
            trial.exit_code = *code;
            return;
        }
        if (passed > patience_ms) {
            trial.trouble = fmt::format("no other process answered within {} s", patience_ms / 1'000);
            return;
        }
        observer.wait(pause_ms);
    }
}

void wait_until_whole(ServiceObserver& observer, RestartTrial& trial, const std::set<std::string>& before) {
    constexpr std::int64_t patience_ms = 60'000;
    constexpr std::int64_t pause_ms = 250;
    const std::int64_t back_ms = trial.began_ms + static_cast<std::int64_t>(*trial.back_after_ms);
    while (!observer.over() && trial.full_before > 0 && observer.now_ms() - back_ms < patience_ms) {
        const auto full = full_symbols(observer);
        trial.full_after =
            std::ranges::count_if(before, [&](const std::string& symbol) { return full.contains(symbol); });
        if (trial.full_after >= trial.full_before) {
            trial.whole_after_ms = static_cast<double>(observer.now_ms() - back_ms);
            return;
        }
        observer.wait(pause_ms);
    }
}

/// The store may take a moment to answer.
void compare_rows(ServiceObserver& observer, RestartTrial& trial,
                  const std::optional<std::set<std::string>>& before, const std::string& symbol,
                  std::int64_t until_ms) {
    constexpr int tries = 20;
    constexpr std::int64_t pause_ms = 500;
    std::optional<std::set<std::string>> afterwards;
    for (int i = 0; i < tries && before && !afterwards && !observer.over(); ++i) {
        afterwards = kept_rows(observer, symbol, until_ms);
        observer.wait(afterwards ? 0 : pause_ms);
    }
    trial.rows_known = afterwards.has_value();
    trial.rows_lost = afterwards
                          ? std::ranges::count_if(
                                *before, [&](const std::string& row) { return !afterwards->contains(row); })
                          : 0;
}

}  // namespace

SilenceTrial try_silence(ServiceObserver& observer, ServiceClient& service, ServiceClient& exchange) {
    constexpr std::int64_t settle_ms = 5'000;
    constexpr std::int64_t measured_ms = 5'000;
    constexpr std::int64_t run_ms_max = 5'000;
    constexpr std::int64_t pause_ms = 20;
    SilenceTrial trial{.began_ms = observer.now_ms(), .ended_ms = observer.now_ms()};
    const auto over = [&] { return observer.over(); };
    const auto earlier = messages_of(observer);
    observer.wait(settle_ms);
    const auto silent = exchange.post("/admin/faults", over, "drop:p=1,for=20");
    if (!silent) {
        trial.trouble = silent.error().message;
        return trial;
    }
    trial.began_ms = observer.now_ms();
    const auto last = messages_of(observer);
    observer.wait(settle_ms);
    const auto before = messages_of(observer);
    observer.wait(measured_ms);
    const auto after = messages_of(observer);
    if (!earlier || !last || !before || !after || *last <= *earlier) {
        trial.trouble = earlier && last ? "no message came before either" : "the messages were not told";
        return trial;
    }
    trial.frames = static_cast<double>(*after - *before);
    const std::int64_t asked_ms = observer.now_ms();
    const auto accepted = service.post("/api/v1/keeper/run", over);
    const auto run = accepted ? Json::parsed(*accepted) : std::nullopt;
    const auto number = run ? JsonView(*run)["number"].whole() : std::nullopt;
    while (number && !trial.ran && !observer.over() && observer.now_ms() - asked_ms < run_ms_max) {
        const auto text = observer.ask(fmt::format("/api/v1/keeper/runs/{}", *number));
        const auto document = text ? Json::parsed(*text) : std::nullopt;
        trial.ran = document && JsonView(*document)["over"].truth().value_or(false);
        trial.took_ms = static_cast<double>(observer.now_ms() - asked_ms);
        observer.wait(pause_ms);
    }
    trial.ended_ms = observer.now_ms();
    return trial;
}

RestartTrial try_restart(ServiceObserver& observer, const std::string& command, bool is_local) {
    RestartTrial trial{.command = command, .began_ms = observer.now_ms()};
    const auto process = process_of(observer);
    if (!process) {
        trial.trouble = "the service did not answer before the restart";
        return trial;
    }
    trial.old_process = process->id;
    trial.old_started_ms = process->started_ms;
    const auto here = is_local ? began_here(*process, observer.now_ms()) : std::nullopt;
    const auto full = full_symbols(observer);
    const std::string symbol = full.contains("BTCUSDT") ? "BTCUSDT" : full.empty() ? "" : *full.begin();
    const std::int64_t until_ms = observer.now_ms();
    const auto rows = kept_rows(observer, symbol, until_ms);
    trial.full_before = static_cast<std::int64_t>(full.size());
    trial.rows_known = rows.has_value();
    trial.rows_before = rows ? static_cast<std::int64_t>(rows->size()) : 0;
    trial.began_ms = observer.now_ms();
    const std::size_t asked = observer.asked();
    Command running(command);
    if (running.error() != 0) {
        trial.trouble = fmt::format("the command could not be started: {}", system_reason(running.error()));
        return trial;
    }
    wait_for_return(observer, running, trial);
    if (trial.back_after_ms) {
        wait_until_whole(observer, trial, full);
        compare_rows(observer, trial, rows, symbol, until_ms);
    }
    trial.exit_code = running.ended().value_or(0);
    trial.old_left = here && began_ticks(trial.old_process) == here;
    if (observer.over()) {
        running.end();
    }
    observer.forget_asked(asked);
    return trial;
}

}  // namespace virtuoso::app
