#include "command.hpp"
#include "live_screen.hpp"
#include "output.hpp"
#include "present/confluence_json.hpp"
#include "present/market_table.hpp"
#include "screen/breakdown.hpp"
#include "screen/cells.hpp"
#include "screen/market_view.hpp"
#include "screen/symbol_row.hpp"
#include "signals.hpp"
#include "watch.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace virtuoso::app {

namespace {

/// Every symbol, evaluated once.
struct Round {
    std::size_t evaluated = 0;
    std::size_t whole = 0;
    double milliseconds = 0;
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

/// Calls `each(symbol, confluence, concerns)`, the most traded first.
template <typename Each>
Round evaluate_all(LiveConnection& connection, const Each& each) {
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
        each(*symbol, confluence, concerns);
    }
    round.milliseconds = static_cast<double>(connection.clock().now() - begun) / 1e6;
    return round;
}

/// Messages a second, from one picture to the next.
class Rate {
  public:
    explicit Rate(LocalTime now) noexcept : told_(now) {}
    [[nodiscard]] double next(std::uint64_t frames, LocalTime now) noexcept {
        const double rate = static_cast<double>(frames - std::exchange(frames_, frames)) * 1e9 /
                            static_cast<double>(std::max<std::int64_t>(now - told_, 1));
        told_ = now;
        return rate;
    }

  private:
    LocalTime told_;
    std::uint64_t frames_ = 0;
};

/// By importance.
std::vector<std::string> status_of(LiveConnection& connection, const Round& round, double rate) {
    const FeedStatistics statistics = connection.feed().statistics();
    return {fmt::format("{} symbols, {} whole", round.evaluated, round.whole),
            iso_text(connection.feed().exchange_now()),
            fmt::format("{:.0f} messages/s", rate),
            fmt::format("{} resyncs, {} disconnects, {} refused", statistics.resyncs, statistics.disconnects,
                        statistics.refused),
            fmt::format("{} requests waiting", statistics.requests_waiting),
            fmt::format("evaluated in {:.1f} ms", round.milliseconds)};
}

Result<void> print_picture(LiveConnection& connection, const WatchArguments& arguments, Rate& rate) {
    std::vector<MarketRow> rows;
    std::size_t left = arguments.shown_rows(false);
    const Round round =
        evaluate_all(connection, [&](const TrackedSymbol& symbol, const Confluence& confluence,
                                     const std::vector<std::string>& concerns) {
            if (left == 0) {
                return;
            }
            --left;
            if (arguments.json) {
                print_text(confluence_json(symbol.exchange, symbol.state, confluence) + "\n");
            } else {
                rows.push_back(row_of(symbol, confluence, concerns));
            }
        });
    if (!arguments.json) {
        const double messages = rate.next(connection.feed().statistics().frames, connection.clock().now());
        print_text(
            lines_of(rows, fmt::format("{}", fmt::join(status_of(connection, round, messages), " · "))));
    }
    return finish_output();
}

int watch_as_lines(LiveConnection& connection, const WatchArguments& arguments) {
    const auto refresh_ns = static_cast<std::int64_t>(arguments.refresh_seconds * 1e9);
    LocalTime shown = connection.clock().now();
    Rate rate(shown);
    Result<void> written;
    bool anything = false;
    connection.work([&](LocalTime now) {
        if (now - shown >= refresh_ns) {
            shown = now;
            written = print_picture(connection, arguments, rate);
            anything = true;
        }
        return written.has_value();
    });
    return written ? exit_code_of_watching(anything) : report(written.error());
}

void show_rows(LiveConnection& connection, const WatchArguments& arguments, LiveScreen& live_screen,
               Rate& rate) {
    std::vector<screen::SymbolRow> rows;
    const Round round =
        evaluate_all(connection, [&](const TrackedSymbol& symbol, const Confluence& confluence,
                                     const std::vector<std::string>& concerns) {
            if (rows.size() < arguments.shown_rows(true)) {
                rows.push_back(screen::SymbolRow::of(row_of(symbol, confluence, concerns)));
            }
        });
    const double messages = rate.next(connection.feed().statistics().frames, connection.clock().now());
    live_screen.show(std::move(rows), status_of(connection, round, messages));
}

void show_breakdown(LiveConnection& connection, LiveScreen& live_screen) {
    const std::string name = live_screen.opened();
    TrackedSymbol* const symbol = connection.session().find(name);
    if (symbol == nullptr) {
        live_screen.show(
            fail(ErrorCode::unknown_symbol, fmt::format("{} is followed no more", in_quotes(name))));
        return;
    }
    const std::string document =
        confluence_object(symbol->exchange, name, connection.session().evaluate(*symbol)).text();
    auto breakdown = screen::Breakdown::read(document, live_screen.glyphs());
    if (breakdown) {
        for (const auto& concern : connection.feed().concerns(name)) {
            breakdown->concerns.push_back(screen::shown(concern, live_screen.glyphs()));
        }
    }
    live_screen.show(breakdown);
}

int watch_on_screen(LiveConnection& connection, const WatchArguments& arguments, LiveScreen& live_screen) {
    const auto refresh_ns = static_cast<std::int64_t>(arguments.refresh_seconds * 1e9);
    LocalTime shown;
    Rate rate(connection.clock().now());
    std::string told;  // whose breakdown is on the screen
    connection.work([&](LocalTime now) {
        const bool due = now - shown >= refresh_ns;
        if (due) {
            shown = now;
            show_rows(connection, arguments, live_screen, rate);
        }
        if (!live_screen.opened().empty() && (due || live_screen.opened() != told)) {
            show_breakdown(connection, live_screen);
        }
        told = live_screen.opened();
        return live_screen.turn(now);
    });
    const auto finished = live_screen.finish();
    return finished ? exit_code_of_watching(shown != LocalTime()) : report(finished.error());
}

/// Notices go where they are seen.
struct Notices {
    std::vector<std::string> before_screen;
    std::unique_ptr<LiveScreen> live_screen;

    void take(std::string_view text) {
        if (live_screen) {
            live_screen->add_notice(text);
        } else {
            note(text);
            if (before_screen.size() < screen::MarketView::notices_max) {
                before_screen.emplace_back(text);
            }
        }
    }
    void open_screen() {
        live_screen = LiveScreen::open();
        for (const auto& text : before_screen) {
            if (live_screen) {
                live_screen->add_old_notice(text);
            }
        }
    }
};

}  // namespace

int watch_exchange(const WatchArguments& arguments) {
    Notices notices;
    LiveOptions options{.on_notice = [&notices](std::string_view text) { notices.take(text); }};
    const auto scoring = arguments.scoring.options();
    if (!scoring) {
        return report(scoring.error());
    }
    options.pipeline = *scoring;
    auto connection = LiveConnection::open(arguments.live, std::move(options));
    if (!connection) {
        return report(connection.error());
    }
    watch_for_interrupts();
    if (const auto started = (*connection)->wait_until_started(arguments.live.retry); !started) {
        return report(started.error());
    }
    if (!arguments.json && !interrupted()) {
        notices.open_screen();
    }
    if (!notices.live_screen) {
        return watch_as_lines(**connection, arguments);
    }
    const int code = watch_on_screen(**connection, arguments, *notices.live_screen);
    notices.live_screen.reset();  // before connections are closed, which takes a while
    return code;
}

}  // namespace virtuoso::app
