// The program as a process of its own: started, signalled, watched, and killed if a test forgets it.
#pragma once

#include "support/places.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <functional>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace virtuoso::test {

/// Everything there is in a file now; empty when there is none.
inline std::string text_of(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Bounds what hangs, and nothing else.
inline bool within_half_a_minute(const std::function<bool()>& true_now) {
    constexpr int tries = 3'000;
    for (int i = 0; i < tries; ++i) {
        if (true_now()) {
            return true;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
}

/// How a process ended.
struct ProgramEnd {
    int code = -1;   ///< −1: by a signal
    int signal = 0;  ///< that ended it; 0: none did
    bool operator==(const ProgramEnd&) const = default;
};

inline std::ostream& operator<<(std::ostream& out, const ProgramEnd& end) {
    return out << "exit " << end.code << ", signal " << end.signal;
}

/// Whether a process takes this signal itself by now.
inline bool handles(pid_t pid, int signal) {
    std::istringstream status(text_of("/proc/" + std::to_string(pid) + "/status"));
    for (std::string word; status >> word;) {
        if (word == "SigCgt:" && status >> word) {
            return (std::stoull(word, nullptr, 16) >> static_cast<unsigned>(signal - 1) & 1U) != 0;
        }
    }
    return false;
}

class RunningProgram {
  public:
    struct Plan {
        std::vector<std::string> arguments;
        std::string out;                            ///< file for the standard output; empty: it is closed
        std::string errors;                         ///< the same of the error stream
        std::vector<std::string> environment = {};  ///< "NAME=value" besides this process's
    };

    explicit RunningProgram(Plan plan) : plan_(std::move(plan)) {
        // Nothing is asked of memory between fork and exec: other threads may hold its locks.
        std::vector<std::string> words{virtuoso_binary()};
        words.insert(words.end(), plan_.arguments.begin(), plan_.arguments.end());
        std::vector<char*> arguments;
        for (auto& word : words) {
            arguments.push_back(word.data());
        }
        arguments.push_back(nullptr);
        std::vector<char*> environment;
        for (auto& variable : plan_.environment) {
            environment.push_back(variable.data());
        }
        for (char** entry = environ; *entry != nullptr; ++entry) {
            environment.push_back(*entry);
        }
        environment.push_back(nullptr);
        pid_ = ::fork();
        if (pid_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            lead(STDIN_FILENO, "/dev/null", O_RDONLY);
            lead(STDOUT_FILENO, plan_.out, O_WRONLY | O_CREAT | O_APPEND);
            lead(STDERR_FILENO, plan_.errors, O_WRONLY | O_CREAT | O_APPEND);
            ::execve(arguments.front(), arguments.data(), environment.data());
            ::_exit(127);
        }
    }
    ~RunningProgram() {
        if (!end_) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
    }
    RunningProgram(const RunningProgram&) = delete;
    RunningProgram& operator=(const RunningProgram&) = delete;

    [[nodiscard]] pid_t pid() const noexcept { return pid_; }
    void signal(int number) const { ::kill(pid_, number); }
    [[nodiscard]] bool runs() {
        int status = 0;
        if (!end_ && ::waitpid(pid_, &status, WNOHANG) == pid_) {
            end_ = {.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
                    .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0};
        }
        return !end_;
    }
    /// Waits for it.
    [[nodiscard]] ProgramEnd end() {
        EXPECT_TRUE(within_half_a_minute([this] { return !runs(); })) << "it does not end";
        return end_.value_or(ProgramEnd{});
    }
    [[nodiscard]] std::string out() const { return text_of(plan_.out); }
    [[nodiscard]] std::string errors() const { return text_of(plan_.errors); }

  private:
    static void lead(int stream, const std::string& path, int how) {
        ::close(stream);
        if (!path.empty()) {
            static_cast<void>(::open(path.c_str(), how, 0600));
        }
    }

    Plan plan_;
    pid_t pid_ = -1;
    std::optional<ProgramEnd> end_;
};

}  // namespace virtuoso::test
