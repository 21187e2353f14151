#include "command.hpp"
#include "live_connection.hpp"
#include "output.hpp"
#include "pipeline_notes.hpp"
#include "present/confluence_json.hpp"
#include "present/market_table.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

namespace virtuoso::app {

namespace {

struct Arguments {
    LiveArguments live;
    std::size_t top = 15;
    double refresh_seconds = 1;
    double duration_seconds = 0;
    bool json = false;
    ScoringArguments scoring;
};

struct Round {
    std::size_t evaluated = 0;
    std::size_t whole = 0;
    double milliseconds = 0;
    std::vector<MarketRow> rows;  ///< of the most traded
};

MarketRow row_of(const TrackedSymbol& symbol, const Confluence& confluence,
                 const std::vector<std::string>& concerns) {
    MarketRow row{.symbol = symbol.state.symbol(),
                  .last_price = {},
                  .change_24h = symbol.state.ticker().change_24h,
                  .confluence = confluence,
                  .state = concerns.empty() ? "" : concerns.front()};
    if (const auto& price = symbol.state.ticker().last_price) {
        row.last_price = price->value();
    } else if (!symbol.state.tape().trades().empty()) {
        row.last_price = symbol.state.tape().trades().back().price.value();
    }
    return row;
}

/// Evaluates every symbol; keeps the rows of the first ones.
Round evaluate_all(LiveConnection& connection, const Arguments& arguments) {
    Round round;
    const LocalTime begun = connection.clock().now();
    for (const auto& name : connection.feed().symbols()) {
        TrackedSymbol* const symbol = connection.session().find(name);
        if (symbol == nullptr) {
            continue;
        }
        const Confluence confluence = connection.session().evaluate(*symbol);
        const auto concerns = connection.feed().concerns(name);
        ++round.evaluated;
        round.whole += concerns.empty() ? 1U : 0U;
        if (round.rows.size() < arguments.top) {
            if (arguments.json) {
                print("{}\n", confluence_json(symbol->exchange, symbol->state, confluence));
            }
            round.rows.push_back(row_of(*symbol, confluence, concerns));
        }
    }
    round.milliseconds = static_cast<double>(connection.clock().now() - begun) / 1e6;
    return round;
}

std::string status_line(LiveConnection& connection, const Round& round, double rate) {
    const FeedStatistics statistics = connection.feed().statistics();
    return fmt::format(
        "{} · {} symbols, {} whole, evaluated in {:.1f} ms · {:.0f} messages/s · {} resyncs, {} disconnects, "
        "{} "
        "refused · {} requests waiting\n",
        iso_text(connection.feed().exchange_now()), round.evaluated, round.whole, round.milliseconds, rate,
        statistics.resyncs, statistics.disconnects, statistics.refused, statistics.requests_waiting);
}

void show(const std::string& text, bool terminal, std::size_t& lines) {
    if (terminal && lines > 0) {
        clear_lines(lines);  // over the last picture
    }
    print("{}", text);
    std::fflush(stdout);
    lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

void watch(LiveConnection& connection, const Arguments& arguments) {
    const bool terminal = isatty(STDOUT_FILENO) == 1;
    const auto refresh_ns = static_cast<std::int64_t>(arguments.refresh_seconds * 1e9);
    LocalTime shown = connection.clock().now();
    std::uint64_t frames = 0;
    std::size_t lines = 0;
    connection.work(arguments.duration_seconds, [&](LocalTime now) {
        if (now - shown < refresh_ns) {
            return;
        }
        const Round round = evaluate_all(connection, arguments);
        const std::uint64_t heard = connection.feed().statistics().frames;
        const double rate = static_cast<double>(heard - frames) * 1e9 / static_cast<double>(now - shown);
        frames = heard;
        shown = now;
        if (!arguments.json) {
            show(market_table(round.rows) + status_line(connection, round, rate), terminal, lines);
        }
    });
}

int run_live(const Arguments& arguments) {
    LiveOptions options{.on_notice = [](std::string_view text) {
        if (isatty(STDOUT_FILENO) != 1) {
            note(text);
        }
    }};
    const auto scoring = arguments.scoring.options();
    if (!scoring) {
        return report(scoring.error());
    }
    options.pipeline = *scoring;
    watch_for_interrupts();
    auto connection = LiveConnection::open(arguments.live, std::move(options));
    if (!connection) {
        return report(connection.error());
    }
    if (const auto started = (*connection)->wait_until_started(arguments.live.retry); !started) {
        return report(started.error());
    }
    watch(**connection, arguments);
    return exit_ok;
}

}  // namespace

void add_run(CommandLine& line) {
    auto arguments = std::make_shared<Arguments>();
    auto command =
        line.subcommand("run", "Follow an exchange live: every symbol evaluated, the most traded shown");
    arguments->live.add_to(command);
    command.option("--top", arguments->top, "Symbols shown").default_shown().between(1, 2'000);
    command.option("--refresh", arguments->refresh_seconds, "Seconds between evaluations of all symbols")
        .default_shown()
        .between(0.1, 3'600.0);
    command.option("--duration", arguments->duration_seconds, "Stop after so many seconds; default: never")
        .positive();
    command.flag("--json", arguments->json, "One JSON object per shown symbol and refresh (docs/schema.md)");
    arguments->scoring.add_to(command);
    command.runs([arguments] { return run_live(*arguments); });
}

}  // namespace virtuoso::app
