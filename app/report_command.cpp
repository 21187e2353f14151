// `virtuoso report`: what happened in a day or a week, as the store has it.
#include "base/time.hpp"
#include "command.hpp"
#include "engine/system_clock.hpp"
#include "output.hpp"
#include "output_target.hpp"
#include "report/period_report.hpp"
#include "store_arguments.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>

namespace virtuoso::app {

namespace {

struct Arguments {
    StoreArguments store;
    std::string period = "day";
    std::string since;
    std::string until;
    std::string exchange;
    std::string html;
    bool brief = false;
    bool json = false;
    bool force = false;
};

struct Period {
    std::int64_t from_ms = 0;
    std::int64_t to_ms = 0;
};

/// A day or a week, unless it is told where it begins.
Result<Period> period_of(const Arguments& arguments) {
    Period period{.to_ms = SystemClock().now().ns / 1'000'000};
    if (!arguments.until.empty()) {
        const auto until = parse_time(arguments.until, "--until");
        if (!until) {
            return std::unexpected(until.error());
        }
        period.to_ms = until->ms;
    }
    period.from_ms = period.to_ms - (arguments.period == "week" ? 7 * ms_per_day : ms_per_day);
    if (!arguments.since.empty()) {
        const auto since = parse_time(arguments.since, "--since");
        if (!since) {
            return std::unexpected(since.error());
        }
        period.from_ms = since->ms;
    }
    if (period.from_ms >= period.to_ms) {
        return fail(ErrorCode::argument,
                    fmt::format("--since = {}: it is not before the end, {}", in_quotes(arguments.since),
                                iso_text(ExchangeTime{period.to_ms})));
    }
    return period;
}

/// The one that was asked for, else the one that told last; empty: nothing is kept.
Result<std::string> exchange_of(const Arguments& arguments, Store& store) {
    const auto known = report::exchanges_of(store);
    if (!known) {
        return std::unexpected(known.error());
    }
    if (arguments.exchange.empty() || known->empty()) {
        return known->empty() ? std::string() : known->front();
    }
    if (std::ranges::find(*known, arguments.exchange) == known->end()) {
        const std::string names = fmt::format("{}", fmt::join(*known, ", "));
        return fail(ErrorCode::argument,
                    fmt::format("--exchange = {}: the store has {}", in_quotes(arguments.exchange), names));
    }
    return arguments.exchange;
}

int make_report(const Arguments& arguments) {
    if (arguments.brief && arguments.json) {
        return report(Error{ErrorCode::argument, "--brief and --json are two forms of one report: give one"});
    }
    const auto span = period_of(arguments);
    if (!span) {
        return report(span.error());
    }
    const auto store = arguments.store.open_to_read();
    if (!store) {
        return report(store.error());
    }
    const auto exchange = exchange_of(arguments, **store);
    if (!exchange) {
        return report(exchange.error());
    }
    if (exchange->empty()) {
        note("nothing is kept yet: `virtuoso run` fills the store");
        return exit_ok;
    }
    std::optional<OutputFile> page;
    if (!arguments.html.empty()) {
        auto opened = open_output(OutputKind::period_report, "--html", arguments.html, {}, arguments.force);
        if (!opened) {
            return report(opened.error());
        }
        page.emplace(std::move(*opened));
    }
    const auto period = report::read_period(**store, *exchange, span->from_ms, span->to_ms);
    if (!period) {
        return report(period.error());
    }
    if (page) {
        if (const auto written = write_whole(*page, page_of(report::text_of(*period))); !written) {
            return report(written.error());
        }
    }
    if (arguments.brief) {
        print_prose(
            fmt::format("{}\n{}\n", report::title_of(*period), fmt::join(report::summary_of(*period), "\n")));
    } else if (arguments.json) {
        print_text(report::period_json(*period));
    } else {
        print_prose(plain_text_of(report::text_of(*period)));
    }
    return exit_ok;
}

}  // namespace

void add_report(CommandLine& line) {
    auto arguments = std::make_shared<Arguments>();
    auto command = line.subcommand(
        "report",
        "What happened in a day or a week: market, signals and what became of them, calibration, "
        "components, service and memory");
    arguments->store.add_to(command);
    command.option("--period", arguments->period, "How far back").one_of({"day", "week"}).default_shown();
    command.option("--since", arguments->since,
                   "From this time on (ISO 8601 or ms since 1970), instead of a period");
    command.option("--until", arguments->until, "Up to this time (ISO 8601 or ms since 1970); default: now");
    command.option("--exchange", arguments->exchange,
                   "As the store names it; default: the one that told last");
    command.option("--html", arguments->html, "Write a page with charts, too");
    command.flag("--brief", arguments->brief, "A few lines, as an alert carries them (docs/alerts.md)");
    command.flag("--json", arguments->json, "A JSON object (docs/schema.md) instead of text");
    add_force_to(command, arguments->force);
    command.runs([arguments] { return make_report(*arguments); });
}

}  // namespace virtuoso::app
