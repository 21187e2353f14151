#include "live_screen.hpp"

#include "output.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <utility>

namespace virtuoso::app {

namespace {

/// Unless the variable NO_COLOR is set and not empty (no-color.org).
bool wants_colours() {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody changes the environment
    const char* const refused = std::getenv("NO_COLOR");
    return refused == nullptr || *refused == '\0';
}

}  // namespace

std::unique_ptr<LiveScreen> LiveScreen::open() {
    auto terminal = Terminal::open();
    return terminal ? std::unique_ptr<LiveScreen>(new LiveScreen(std::move(terminal))) : nullptr;
}

LiveScreen::LiveScreen(std::unique_ptr<Terminal> terminal)
    : terminal_(std::move(terminal)), colours_(wants_colours()) {}

LiveScreen::~LiveScreen() {
    terminal_.reset();
    if (dropped_notices_ > 0) {
        note(fmt::format("{} notices before these are not repeated", dropped_notices_));
    }
    for (const auto& notice : notices_) {
        note(notice);
    }
}

void LiveScreen::show(std::vector<screen::SymbolRow> rows, const std::vector<std::string>& status) {
    view_.show(std::move(rows), status);
    due_ = true;
}

void LiveScreen::show(const Result<screen::Breakdown>& breakdown) {
    view_.show(breakdown);
    due_ = true;
}

void LiveScreen::add_old_notice(std::string_view text) {
    view_.add_notice(text);
    due_ = true;
}

void LiveScreen::add_notice(std::string_view text) {
    constexpr std::size_t repeated_max = 20;
    add_old_notice(text);
    if (!notices_.empty() && notices_.back() == text) {
        return;
    }
    notices_.emplace_back(text);
    if (notices_.size() > repeated_max) {
        notices_.pop_front();
        ++dropped_notices_;
    }
}

void LiveScreen::hear(LocalTime now) {
    constexpr std::int64_t escape_ns = 60'000'000;  // the rest of a key's bytes comes within that
    const std::string bytes = terminal_->read();
    std::vector<screen::Key> typed;
    if (!bytes.empty()) {
        typed = keys_.feed(bytes);
        heard_ = now;
    } else if (keys_.waits() && now - heard_ > escape_ns) {
        typed = keys_.settle();
    }
    for (const screen::Key& key : typed) {
        anew_ = anew_ || key.kind == screen::KeyKind::redraw;
        over_ = over_ || !view_.press(key);
        due_ = true;
    }
}

void LiveScreen::draw() {
    if (!(due_ || anew_) || !terminal_->ready()) {
        return;
    }
    screen::Frame frame = view_.frame(terminal_size().value_or(screen::ScreenSize{}));
    terminal_->write(screen::paint(drawn_, frame, anew_, colours_));
    drawn_ = std::move(frame);
    due_ = false;
    anew_ = false;
}

bool LiveScreen::turn(LocalTime now) {
    hear(now);
    anew_ = terminal_->take_redraw_due() || anew_;
    if (!over_) {
        draw();
    }
    over_ = over_ || terminal_->end_asked() || terminal_->lost();
    return !over_;
}

Result<void> LiveScreen::finish() const {
    if (terminal_->lost() && !terminal_->end_asked()) {
        return fail(ErrorCode::file_write, "the terminal takes no output any more");
    }
    return {};
}

}  // namespace virtuoso::app
