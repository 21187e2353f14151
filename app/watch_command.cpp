#include "command.hpp"
#include "live_connection.hpp"
#include "output.hpp"
#include "pipeline_notes.hpp"
#include "present/confluence_json.hpp"
#include "present/market_table.hpp"
#include "service_client.hpp"
#include "service_picture.hpp"

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
    std::string url;
    std::string token_file;
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
    if (const auto price = symbol.state.last_price()) {
        row.last_price = price->value();
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

/// Over the last picture.
void show(const std::string& text, bool terminal, std::size_t& lines) {
    if (terminal && lines > 0) {
        clear_lines(lines);
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

int watch_exchange(const Arguments& arguments) {
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

int watch_running_service(const Arguments& arguments) {
    const bool terminal = isatty(STDOUT_FILENO) == 1;
    auto service = ServiceClient::open(arguments.url, arguments.token_file);
    if (!service) {
        return report(service.error());
    }
    watch_for_interrupts();
    const SystemClock clock;
    const LocalTime begun = clock.now();
    const auto refresh_ms = static_cast<std::int64_t>(arguments.refresh_seconds * 1e3);
    std::size_t lines = 0;
    const auto over = [&] {
        return interrupted() ||
               (arguments.duration_seconds > 0 &&
                static_cast<double>(clock.now() - begun) / 1e9 >= arguments.duration_seconds);
    };
    while (!over()) {
        const std::string target = fmt::format("/api/v1/symbols?sort=turnover&limit={}", arguments.top);
        const auto answer = (*service)->get(target, over);
        if (!answer) {
            return over() ? exit_ok : report(answer.error());
        }
        if (arguments.json) {
            print("{}", *answer);
        } else {
            const auto picture = service_picture(*answer);
            if (!picture) {
                return report(picture.error());
            }
            show(*picture, terminal, lines);
        }
        (*service)->wait(refresh_ms, over);
    }
    return exit_ok;
}

}  // namespace

void add_watch(CommandLine& line) {
    auto arguments = std::make_shared<Arguments>();
    auto command = line.subcommand(
        "watch", "The most traded symbols as a table: of an exchange, or of a running service");
    arguments->live.add_to(command);
    command.option("--url", arguments->url,
                   "A running service's address, for example http://127.0.0.1:8080; options of exchanges and "
                   "scores are then the service's own");
    command.option("--token-file", arguments->token_file, std::string(token_help));
    command.option("--top", arguments->top, "Symbols shown").default_shown().between(1, 2'000);
    command.option("--refresh", arguments->refresh_seconds, "Seconds between evaluations of all symbols")
        .default_shown()
        .between(0.1, 3'600.0);
    command.option("--duration", arguments->duration_seconds, "Stop after so many seconds; default: never")
        .positive();
    command.flag("--json", arguments->json, "One JSON object per shown symbol and refresh (docs/schema.md)");
    arguments->scoring.add_to(command);
    command.runs([arguments] {
        return arguments->url.empty() ? watch_exchange(*arguments) : watch_running_service(*arguments);
    });
}

}  // namespace virtuoso::app
