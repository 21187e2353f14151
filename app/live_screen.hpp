// The live screen on a terminal: keys in, pictures out.
#pragma once

#include "base/error.hpp"
#include "base/time.hpp"
#include "screen/breakdown.hpp"
#include "screen/cells.hpp"
#include "screen/frame.hpp"
#include "screen/key.hpp"
#include "screen/market_view.hpp"
#include "screen/symbol_row.hpp"
#include "terminal.hpp"

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso::app {

class LiveScreen {
  public:
    /// Null where there is no terminal that can be drawn on.
    [[nodiscard]] static std::unique_ptr<LiveScreen> open();
    /// Leaves the screen, and writes the notices that came while it was there to the error stream.
    ~LiveScreen();
    LiveScreen(const LiveScreen&) = delete;
    LiveScreen& operator=(const LiveScreen&) = delete;

    void show(std::vector<screen::SymbolRow> rows, const std::vector<std::string>& status);
    void show(const Result<screen::Breakdown>& breakdown);
    void add_notice(std::string_view text);
    /// One that was written to the error stream before.
    void add_old_notice(std::string_view text);

    /// Takes what was typed and draws what has changed. False: the user, a signal or the terminal's end asks
    /// to leave.
    [[nodiscard]] bool turn(LocalTime now);
    /// Whose breakdown is wanted; empty: none.
    [[nodiscard]] const std::string& opened() const noexcept { return view_.opened(); }
    /// Error: file_write, when the terminal takes no output any more.
    [[nodiscard]] Result<void> finish() const;
    [[nodiscard]] screen::Glyphs glyphs() const noexcept { return glyphs_; }

  private:
    explicit LiveScreen(std::unique_ptr<Terminal> terminal);
    void hear(LocalTime now);
    void draw();

    screen::Glyphs glyphs_ = terminal_glyphs();
    std::unique_ptr<Terminal> terminal_;
    bool colours_;
    screen::MarketView view_{glyphs_};
    screen::KeyDecoder keys_;
    LocalTime heard_;
    screen::Frame drawn_;
    bool due_ = true;
    bool anew_ = true;
    bool over_ = false;
    std::deque<std::string> notices_;
    std::size_t dropped_notices_ = 0;
};

}  // namespace virtuoso::app
