#include "service/report_desk.hpp"

#include "report/period_report.hpp"
#include "report/signal_results.hpp"

#include <fmt/format.h>

#include <utility>

namespace virtuoso {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr std::int64_t retry_ns = ms_per_minute * ns_per_ms;
/// Rows of the last moments are written by then.
constexpr std::int64_t settling_ns = 5 * ms_per_second * ns_per_ms;

bool is_empty(const report::PeriodReport& period) {
    return period.market.minutes == 0 && period.samples == 0 && period.signals.empty();
}

std::string due_text(LocalTime due) {
    return iso_text(ExchangeTime{due.ns / ns_per_ms});
}

}  // namespace

Occurrence report_occurrence(const report::PeriodReport& period, int days) {
    const std::string from = iso_text(ExchangeTime{period.from_ms});
    const std::string to = iso_text(ExchangeTime{period.to_ms});
    const bool is_daily = days == 1;
    std::vector<std::string> lines = report::summary_of(period);
    lines.push_back(
        fmt::format("With charts, where the service runs: virtuoso report --exchange {} --since "
                    "{} --until {} --html {}-{}.html",
                    period.exchange, from, to, is_daily ? "day" : "week", to.substr(0, 10)));
    const report::SignalResults results = report::results_of(period);
    Occurrence occurrence{.kind = "report",
                          .symbol = {},
                          .severity = AlertSeverity::info,
                          .time = {period.to_ms},
                          .words = {{"phase", "moment"}},
                          .numbers = {{"days", static_cast<double>(days)},
                                      {"signals", static_cast<double>(period.signals.size())},
                                      {"won", static_cast<double>(results.won)}},
                          .sentence = report::title_of(period, is_daily ? "Daily report" : "Weekly report"),
                          .lines = std::move(lines),
                          .link = {}};
    if (!results.over.empty()) {
        occurrence.numbers.push_back({"net_r", results.net.mean});
    }
    return occurrence;
}

ReportDesk::ReportDesk(const std::vector<ReportTime>& times, std::string exchange, Hooks hooks,
                       ServiceLog& log)
    : exchange_(std::move(exchange)), hooks_(std::move(hooks)), log_(log) {
    for (const auto& time : times) {
        wanted_.push_back({.time = time});
    }
}

void ReportDesk::look(LocalTime now) {
    for (std::size_t which = 0; which < wanted_.size(); ++which) {
        if (is_due(which, now)) {
            ask(which);
        }
    }
}

bool ReportDesk::is_due(std::size_t which, LocalTime now) {
    const std::lock_guard lock(mutex_);
    Wanted& wanted = wanted_[which];
    if (!wanted.due) {
        const LocalTime last = wanted.time.before(now);
        wanted.due = now - last < patience_ns ? last : wanted.time.after(now);
    }
    if (wanted.under_way || now - *wanted.due < settling_ns || now < wanted.next_try) {
        return false;
    }
    if (now - *wanted.due > patience_ns) {
        log_.write(
            {.level = LogLevel::error,
             .part = "alert",
             .kind = "report",
             .text = fmt::format("The report that was due at {} is given up: it is more than an hour late",
                                 due_text(*wanted.due))});
        wanted.due.reset();  // another may have become due meanwhile
        return false;
    }
    wanted.next_try = {now.ns + retry_ns};
    wanted.under_way = true;
    return true;
}

void ReportDesk::ask(std::size_t which) {
    const bool asked = hooks_.ask([this, which](Result<std::reference_wrapper<Store>> store) {
        const auto made = store ? make(which, *store) : std::unexpected(store.error());
        end(which, made ? std::string() : made.error().text());
    });
    if (!asked) {
        end(which, "the store is asked too much");
    }
}

Result<void> ReportDesk::make(std::size_t which, Store& store) {
    const auto [time, due] = [&] {
        const std::lock_guard lock(mutex_);
        return std::pair(wanted_[which].time, *wanted_[which].due);
    }();
    const auto period =
        report::read_period(store, exchange_, time.before(due).ns / ns_per_ms, due.ns / ns_per_ms);
    if (!period) {
        return std::unexpected(period.error());
    }
    if (is_empty(*period)) {
        log_.info("alert", "report",
                  fmt::format("No report at {}: nothing of its time is on record", due_text(due)));
    } else {
        hooks_.tell(report_occurrence(*period, time.days()));
    }
    return {};
}

void ReportDesk::end(std::size_t which, const std::string& trouble) {
    const std::lock_guard lock(mutex_);
    Wanted& wanted = wanted_[which];
    wanted.under_way = false;
    if (trouble.empty()) {
        wanted.due = wanted.time.after(*wanted.due);
        wanted.next_try = {};
    } else {
        log_.warn(
            "alert", "report",
            fmt::format("The report that was due at {} is not made yet: {}", due_text(*wanted.due), trouble));
    }
}

}  // namespace virtuoso
