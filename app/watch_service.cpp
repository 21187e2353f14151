#include "command.hpp"
#include "engine/system_clock.hpp"
#include "exchange/symbol_name.hpp"
#include "live_screen.hpp"
#include "output.hpp"
#include "screen/breakdown.hpp"
#include "screen/cells.hpp"
#include "service_client.hpp"
#include "service_picture.hpp"
#include "watch.hpp"

#include <fmt/format.h>

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
               (arguments_.duration_seconds > 0 &&
                static_cast<double>(clock_.now() - begun_) / 1e9 >= arguments_.duration_seconds);
    }
    [[nodiscard]] std::string target(bool on_screen) const {
        return fmt::format("/api/v1/symbols?sort=turnover&limit={}", arguments_.shown_rows(on_screen));
    }
    [[nodiscard]] std::int64_t refresh_ms() const noexcept {
        return static_cast<std::int64_t>(arguments_.refresh_seconds * 1e3);
    }
    [[nodiscard]] LocalTime now() const { return clock_.now(); }
    [[nodiscard]] ServiceClient& service() noexcept { return service_; }
    [[nodiscard]] const WatchArguments& arguments() const noexcept { return arguments_; }

  private:
    SystemClock clock_;
    const WatchArguments& arguments_;
    ServiceClient& service_;
    LocalTime begun_;
};

int watch_as_lines(Watching& watching) {
    const auto over = [&] { return watching.over(); };
    while (!over()) {
        const auto answer = watching.service().get(watching.target(false), over);
        if (!answer) {
            return over() ? exit_ok : report(answer.error());
        }
        if (watching.arguments().json) {
            print("{}", *answer);
        } else {
            const auto picture = service_picture(*answer);
            if (!picture) {
                return report(picture.error());
            }
            print_text(screen::shown_lines(*picture, terminal_glyphs()));
        }
        if (const auto written = finish_output(); !written) {
            return report(written.error());
        }
        watching.service().wait(watching.refresh_ms(), over);
    }
    return exit_ok;
}

void show_rows(LiveScreen& live_screen, const ServiceSymbols& symbols) {
    std::vector<screen::SymbolRow> rows;
    rows.reserve(symbols.rows.size());
    for (const auto& row : symbols.rows) {
        rows.push_back(screen::SymbolRow::of(row));
    }
    live_screen.show(std::move(rows), {fmt::format("{} symbols, {} whole", symbols.total, symbols.whole()),
                                       "as a running service has them",
                                       fmt::format("evaluated within the last {} ms", symbols.oldest_ms)});
}

/// The screen stays when the service goes: that is told, and it is asked again.
class ScreenOfService {
  public:
    ScreenOfService(Watching& watching, LiveScreen& live_screen)
        : watching_(watching), live_screen_(live_screen) {}

    void run(const ServiceSymbols& first) {
        show_rows(live_screen_, first);
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
    /// What `read` makes of the answer.
    template <typename Read>
    [[nodiscard]] auto ask(const std::string& target, const Read& read) -> decltype(read(target)) {
        const auto answer = watching_.service().get(target, [this] { return left(); });
        return answer ? read(*answer) : std::unexpected(answer.error());
    }
    void ask_for_rows() {
        const auto symbols = ask(watching_.target(true), read_service_symbols);
        if (symbols) {
            show_rows(live_screen_, *symbols);
            if (std::exchange(away_, false)) {
                live_screen_.add_notice("the service answers again");
            }
        } else if (!left_) {
            live_screen_.add_notice(symbols.error().text());
            away_ = true;
        }
    }
    void ask_for_breakdown() {
        const std::string name = live_screen_.opened();
        told_ = name;
        if (name.empty() || left_) {
            return;
        }
        const auto breakdown = ask(
            fmt::format("/api/v1/symbols/{}/confluence", percent_encoded(name)),
            [this](std::string_view text) { return screen::Breakdown::read(text, live_screen_.glyphs()); });
        if (live_screen_.opened() == name) {
            live_screen_.show(breakdown);
        }
    }

    Watching& watching_;
    LiveScreen& live_screen_;
    std::string told_;  ///< whose breakdown was asked for last
    bool left_ = false;
    bool away_ = false;
};

int watch_on_screen(Watching& watching) {
    const auto answer = watching.service().get(watching.target(true), [&] { return watching.over(); });
    if (!answer) {
        return watching.over() ? exit_ok : report(answer.error());
    }
    const auto first = read_service_symbols(*answer);
    if (!first) {
        return report(first.error());
    }
    const auto live_screen = LiveScreen::open();
    ScreenOfService(watching, *live_screen).run(*first);
    const auto finished = live_screen->finish();
    return finished ? exit_ok : report(finished.error());
}

}  // namespace

int watch_service(const WatchArguments& arguments) {
    auto service = ServiceClient::open(arguments.url, arguments.token_file);
    if (!service) {
        return report(service.error());
    }
    watch_for_interrupts();
    Watching watching(arguments, **service);
    return Terminal::can_be_drawn_on() && !arguments.json ? watch_on_screen(watching)
                                                          : watch_as_lines(watching);
}

}  // namespace virtuoso::app
