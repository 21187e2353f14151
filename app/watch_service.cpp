#include "command.hpp"
#include "engine/system_clock.hpp"
#include "exchange/symbol_name.hpp"
#include "live_screen.hpp"
#include "output.hpp"
#include "screen/breakdown.hpp"
#include "screen/cells.hpp"
#include "service_choice.hpp"
#include "service_client.hpp"
#include "service_symbols.hpp"
#include "signals.hpp"
#include "watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace virtuoso::app {

namespace {

/// A service that is asked again and again, until the time is over or somebody has had enough.
class Watching {
  public:
    Watching(const WatchArguments& arguments, ServiceClient& service)
        : arguments_(arguments), service_(service), begun_(clock_.now()) {}

    [[nodiscard]] bool over() const {
        return interrupted() ||
               (arguments_.live.duration_seconds > 0 &&
                static_cast<double>(clock_.now() - begun_) / 1e9 >= arguments_.live.duration_seconds);
    }
    /// The symbols that are watched, and what there is to say of others, as they are now.
    struct Known {
        ServiceSymbols symbols;
        std::vector<std::string> notices;
    };
    [[nodiscard]] Result<Known> look(bool on_screen, const std::function<bool()>& has_enough) {
        const std::size_t shown = arguments_.shown_rows(on_screen);
        const auto answer =
            service_.get(target(choice_.is_all() ? shown : WatchArguments::all_rows), has_enough);
        if (!answer) {
            return std::unexpected(answer.error());
        }
        auto symbols = read_service_symbols(*answer);
        if (!symbols) {
            return std::unexpected(symbols.error());
        }
        auto notices = choice_.apply(*symbols);
        if (!notices) {
            return std::unexpected(notices.error());
        }
        symbols->rows.resize(std::min(symbols->rows.size(), shown));
        return Known{.symbols = *std::move(symbols), .notices = *std::move(notices)};
    }
    /// The same as the service tells it.
    [[nodiscard]] Result<std::string> document(const std::function<bool()>& has_enough) {
        return service_.get(target(arguments_.shown_rows(false)), has_enough);
    }
    [[nodiscard]] std::int64_t refresh_ms() const noexcept {
        return static_cast<std::int64_t>(arguments_.refresh_seconds * 1e3);
    }
    [[nodiscard]] LocalTime now() const { return clock_.now(); }
    [[nodiscard]] ServiceClient& service() noexcept { return service_; }

  private:
    [[nodiscard]] static std::string target(std::size_t rows) {
        return fmt::format("/api/v1/symbols?sort=turnover&limit={}", rows);
    }

    SystemClock clock_;
    const WatchArguments& arguments_;
    ServiceClient& service_;
    ServiceChoice choice_{arguments_.live.symbols};
    LocalTime begun_;
};

Result<void> print_documents(Watching& watching) {
    const auto document = watching.document([&] { return watching.over(); });
    if (!document) {
        return std::unexpected(document.error());
    }
    print("{}", *document);
    return finish_output();
}

Result<void> print_picture(Watching& watching) {
    const auto known = watching.look(false, [&] { return watching.over(); });
    if (!known) {
        return std::unexpected(known.error());
    }
    for (const auto& notice : known->notices) {
        note(notice);
    }
    const ServiceSymbols& symbols = known->symbols;
    print_text(lines_of(
        symbols.rows, fmt::format("{} of {} symbols shown, {} of them whole, evaluated within the last {} ms",
                                  symbols.rows.size(), symbols.total, symbols.whole(), symbols.oldest_ms)));
    return finish_output();
}

int watch_as_lines(Watching& watching, bool json) {
    bool anything = false;
    while (!watching.over()) {
        const auto printed = json ? print_documents(watching) : print_picture(watching);
        if (!printed) {
            const bool enough = watching.over() && printed.error().code != ErrorCode::file_write;
            return enough ? exit_code_of_watching(anything) : report(printed.error());
        }
        anything = true;
        watching.service().wait(watching.refresh_ms(), [&] { return watching.over(); });
    }
    return exit_code_of_watching(anything);
}

/// The screen stays when the service goes: that is told, and it is asked again.
class ScreenOfService {
  public:
    ScreenOfService(Watching& watching, LiveScreen& live_screen)
        : watching_(watching), live_screen_(live_screen) {}

    void run(const Watching::Known& first) {
        show(first);
        while (!left()) {
            watching_.service().wait(watching_.refresh_ms(), [this] { return left() || opened_another(); });
            if (!opened_another()) {
                ask_for_rows();
            }
            ask_for_breakdown();
        }
    }

  private:
    /// Also draws: it is what waiting calls again and again.
    [[nodiscard]] bool left() {
        left_ = left_ || watching_.over() || !live_screen_.turn(watching_.now());
        return left_;
    }
    [[nodiscard]] bool opened_another() const {
        return !live_screen_.opened().empty() && live_screen_.opened() != told_;
    }
    void show(const Watching::Known& known) {
        const ServiceSymbols& symbols = known.symbols;
        std::vector<screen::SymbolRow> rows;
        rows.reserve(symbols.rows.size());
        for (const auto& row : symbols.rows) {
            rows.push_back(screen::SymbolRow::of(row));
        }
        for (const auto& notice : known.notices) {
            live_screen_.add_notice(notice);
        }
        live_screen_.show(std::move(rows),
                          {fmt::format("{} symbols, {} whole", symbols.rows.size(), symbols.whole()),
                           "as a running service has them",
                           fmt::format("evaluated within the last {} ms", symbols.oldest_ms)});
    }
    void ask_for_rows() {
        const auto known = watching_.look(true, [this] { return left(); });
        if (known) {
            show(*known);
            if (std::exchange(away_, false)) {
                live_screen_.add_notice("the service answers again");
            }
        } else if (!left_) {
            live_screen_.add_notice(known.error().text());
            away_ = true;
        }
    }
    void ask_for_breakdown() {
        const std::string name = live_screen_.opened();
        told_ = name;
        if (name.empty() || left_) {
            return;
        }
        const auto answer = watching_.service().get(
            fmt::format("/api/v1/symbols/{}/confluence", percent_encoded(name)), [this] { return left(); });
        if (live_screen_.opened() == name) {
            live_screen_.show(answer ? screen::Breakdown::read(*answer, live_screen_.glyphs())
                                     : std::unexpected(answer.error()));
        }
    }

    Watching& watching_;
    LiveScreen& live_screen_;
    std::string told_;  ///< whose breakdown was asked for last
    bool left_ = false;
    bool away_ = false;
};

int watch_on_screen(Watching& watching) {
    const auto first = watching.look(true, [&] { return watching.over(); });
    if (!first) {
        return watching.over() ? exit_code_of_watching(false) : report(first.error());
    }
    const auto live_screen = LiveScreen::open();
    ScreenOfService(watching, *live_screen).run(*first);
    const auto finished = live_screen->finish();
    return finished ? exit_ok : report(finished.error());
}

}  // namespace

int watch_service(const WatchArguments& arguments) {
    if (arguments.json && !arguments.live.symbols.empty()) {
        return report({ErrorCode::argument,
                       "--json prints a service's own documents, which --symbols does not choose from: leave "
                       "one of the two out"});
    }
    auto service = ServiceClient::open(arguments.url, arguments.token_file);
    if (!service) {
        return report(service.error());
    }
    watch_for_interrupts();
    Watching watching(arguments, **service);
    return Terminal::can_be_drawn_on() && !arguments.json ? watch_on_screen(watching)
                                                          : watch_as_lines(watching, arguments.json);
}

}  // namespace virtuoso::app
