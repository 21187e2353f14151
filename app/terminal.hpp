// The terminal while the live screen is on it.
#pragma once

#include "screen/cells.hpp"
#include "screen/frame.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace virtuoso::app {

/// What the environment's locale can show (LC_ALL, LC_CTYPE, LANG).
[[nodiscard]] screen::Glyphs terminal_glyphs();

/// Of the terminal that a descriptor is; nullopt where it is none. The standard output is 1.
[[nodiscard]] std::optional<screen::ScreenSize> terminal_size(int descriptor = 1);

/// Changes to the alternate screen and takes keys one at a time; leaves both as they were when it ends,
/// also where a second Ctrl-C, a fault, another signal or Ctrl-Z ends or stops the process. One at a time in
/// a process.
class Terminal {
  public:
    /// False where the standard output is no terminal, or one that cannot be drawn on: TERM is dumb, or not
    /// set.
    [[nodiscard]] static bool can_be_drawn_on();
    /// Null where it cannot be drawn on.
    [[nodiscard]] static std::unique_ptr<Terminal> open();
    ~Terminal();
    /// Leaves the one that is open, before the process ends at once. Safe in a signal handler.
    static void leave_at_end() noexcept;
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;

    /// Once for every time that what is drawn was lost or has another size.
    [[nodiscard]] bool take_redraw_due() noexcept;
    /// What was typed since; empty where nothing was, or where nobody can type.
    [[nodiscard]] std::string read();
    /// All that was written before has gone out.
    [[nodiscard]] bool ready();
    /// Never waits: what the terminal does not take now goes out later, when `ready` is asked.
    void write(std::string_view bytes);
    /// SIGINT, SIGTERM or SIGHUP came.
    [[nodiscard]] bool end_asked() const noexcept;
    /// It cannot be written to any more.
    [[nodiscard]] bool lost() const noexcept { return lost_; }

  private:
    Terminal();
    std::string waiting_;
    bool lost_ = false;
};

}  // namespace virtuoso::app
