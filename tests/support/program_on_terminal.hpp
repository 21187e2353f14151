// The program on a terminal of its own: what it draws is seen, what is typed reaches it.
#pragma once

#include "support/running_program.hpp"
#include "support/terminal_model.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso::test {

class ProgramOnTerminal {
  public:
    ProgramOnTerminal(std::vector<std::string> arguments, screen::ScreenSize size,
                      std::vector<std::string> environment = {"TERM=xterm", "LC_ALL=C.UTF-8"})
        : terminal_(size), arguments_(std::move(arguments)), environment_(std::move(environment)) {
        // Nothing is asked of memory between fork and exec: other threads may hold its locks.
        arguments_.insert(arguments_.begin(), virtuoso_binary());
        std::vector<char*> words = pointers(arguments_);
        for (char** entry = environ; *entry != nullptr; ++entry) {
            const std::string_view variable(*entry);
            if (!variable.starts_with("TERM=") && !variable.starts_with("LC_") &&
                !variable.starts_with("LANG=")) {
                environment_.emplace_back(variable);
            }
        }
        std::vector<char*> variables = pointers(environment_);
        winsize window = window_of(size);
        const rlimit no_core{};
        pid_ = ::forkpty(&master_, nullptr, nullptr, &window);
        if (pid_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            ::setrlimit(RLIMIT_CORE, &no_core);
            ::execve(words.front(), words.data(), variables.data());
            ::_exit(127);
        }
        EXPECT_GT(pid_, 0);
        EXPECT_EQ(::tcgetattr(master_, &modes_), 0);
    }
    ~ProgramOnTerminal() {
        if (!end_) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
        ::close(master_);
    }
    ProgramOnTerminal(const ProgramOnTerminal&) = delete;
    ProgramOnTerminal& operator=(const ProgramOnTerminal&) = delete;

    void type(std::string_view bytes) const {
        EXPECT_EQ(::write(master_, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    }
    [[nodiscard]] pid_t pid() const noexcept { return pid_; }
    void signal(int number) const { ::kill(pid_, number); }
    /// The model takes the new size once the program draws anew: what was on its way is of the old one.
    void resize(screen::ScreenSize size) {
        terminal_.resize_at_next_clear(size);
        const winsize window = window_of(size);
        EXPECT_EQ(::ioctl(master_, TIOCSWINSZ, &window), 0);
    }
    /// Takes what is drawn until this holds.
    [[nodiscard]] bool until(const std::function<bool()>& holds) {
        return within_half_a_minute([&] {
            take_what_is_there();
            return holds();
        });
    }
    [[nodiscard]] bool shows(std::string_view part) {
        const bool shown = until([&] { return terminal_.shows(part); });
        EXPECT_TRUE(shown) << part << " is not on the screen:\n" << terminal_.text() << terminal_.plain();
        return shown;
    }
    /// Looks at nothing that it draws.
    [[nodiscard]] ProgramEnd end_unseen() {
        EXPECT_TRUE(within_half_a_minute([&] { return ended(); })) << "it does not end";
        return end_.value_or(ProgramEnd{});
    }
    [[nodiscard]] ProgramEnd end() {
        EXPECT_TRUE(until([&] { return ended(); })) << "it does not end:\n" << terminal_.text();
        take_what_is_there();
        return end_.value_or(ProgramEnd{});
    }
    [[nodiscard]] bool stopped() const {
        int status = 0;
        return ::waitpid(pid_, &status, WNOHANG | WUNTRACED) == pid_ && WIFSTOPPED(status);
    }
    /// Lines are edited and echoed as before the program began.
    [[nodiscard]] bool has_its_modes_back() const {
        termios now{};
        return ::tcgetattr(master_, &now) == 0 && now.c_lflag == modes_.c_lflag &&
               now.c_iflag == modes_.c_iflag;
    }
    [[nodiscard]] const TerminalModel& terminal() const noexcept { return terminal_; }

  private:
    static winsize window_of(screen::ScreenSize size) {
        return {.ws_row = static_cast<unsigned short>(size.rows),
                .ws_col = static_cast<unsigned short>(size.columns),
                .ws_xpixel = 0,
                .ws_ypixel = 0};
    }
    static std::vector<char*> pointers(std::vector<std::string>& words) {
        std::vector<char*> result;
        for (auto& word : words) {
            result.push_back(word.data());
        }
        result.push_back(nullptr);
        return result;
    }
    [[nodiscard]] bool ended() {
        int status = 0;
        if (!end_ && ::waitpid(pid_, &status, WNOHANG) == pid_) {
            end_ = {.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
                    .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0};
        }
        return end_.has_value();
    }
    void take_what_is_there() {
        std::array<char, 4096> bytes{};
        pollfd ready{.fd = master_, .events = POLLIN, .revents = 0};
        while (::poll(&ready, 1, 0) == 1 && (ready.revents & POLLIN) != 0) {
            const auto count = ::read(master_, bytes.data(), bytes.size());
            if (count <= 0) {
                return;
            }
            terminal_.take({bytes.data(), static_cast<std::size_t>(count)});
        }
    }

    TerminalModel terminal_;
    std::vector<std::string> arguments_;
    std::vector<std::string> environment_;
    termios modes_{};
    int master_ = -1;
    pid_t pid_ = -1;
    std::optional<ProgramEnd> end_;
};

}  // namespace virtuoso::test
