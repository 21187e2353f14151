// `virtuoso run` as a process of its own, with folders of its own.
#pragma once

#include "net/transport.hpp"
#include "support/running_program.hpp"
#include "support/socket_server.hpp"
#include "support/temporary_file.hpp"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace virtuoso::test {

struct PlainAnswer {
    int status = 0;  ///< 0: nobody answered
    std::string body;
};

/// One request to a server of this machine.
inline PlainAnswer ask(std::uint16_t port, const std::string& target, std::string_view method = "GET",
                       std::string_view body = {}) {
    try {
        RawClient client(port);
        client.write(
            fmt::format("{} {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Length: {}\r\n"
                        "Connection: close\r\n\r\n{}",
                        method, target, port, body.size(), body));
        const std::string answer = client.read_all();
        const auto head = answer.find("\r\n\r\n");
        if (answer.size() < 12 || head == std::string::npos) {
            return {};
        }
        return {std::stoi(answer.substr(9, 3)), answer.substr(head + 4)};
    } catch (const boost::system::system_error&) {
        return {};
    }
}

/// Where a service of this test keeps its things.
class ServicePlace {
  public:
    [[nodiscard]] std::string state() const { return folder_.file("state"); }
    [[nodiscard]] std::string file(const std::string& name) const { return folder_.file(name); }
    /// On the simulated exchange of its own.
    [[nodiscard]] std::vector<std::string> arguments(std::vector<std::string> more = {}) const {
        std::vector<std::string> all{"run",         "--exchange",  "sim",   "--sim-symbols",
                                     "4",           "--state-dir", state(), "--listen",
                                     "127.0.0.1:0", "--depth",     "50"};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }

    /// On a simulated exchange that listens at this port.
    [[nodiscard]] std::vector<std::string> arguments_beside(std::uint16_t port) const {
        return {"run",
                "--rest-url",
                fmt::format("http://127.0.0.1:{}", port),
                "--stream-url",
                fmt::format("ws://127.0.0.1:{}/v5/public/linear", port),
                "--state-dir",
                state(),
                "--listen",
                "127.0.0.1:0",
                "--depth",
                "50"};
    }

  private:
    TemporaryDirectory folder_;
};

class ServiceProcess {
  public:
    explicit ServiceProcess(RunningProgram::Plan plan) : program_(std::move(plan)) {}
    ServiceProcess(const ServicePlace& place, std::vector<std::string> arguments,
                   std::vector<std::string> environment = {})
        : program_({.arguments = std::move(arguments),
                    .out = place.file(fmt::format("out{}", ++made_)),
                    .errors = place.file(fmt::format("errors{}", made_)),
                    .environment = std::move(environment)}) {}

    [[nodiscard]] RunningProgram& program() noexcept { return program_; }
    /// Where it listens, once it says so.
    [[nodiscard]] std::uint16_t port() {
        constexpr std::string_view before = "http://127.0.0.1:";
        if (port_ == 0) {
            EXPECT_TRUE(within_half_a_minute(
                [this] { return program_.out().find("Ctrl-C") != std::string::npos || !program_.runs(); }));
            const std::string text = program_.out();
            const auto at = text.find(before);
            port_ = at == std::string::npos
                        ? std::uint16_t{0}
                        : static_cast<std::uint16_t>(std::stoi(text.substr(at + before.size())));
            EXPECT_GT(port_, 0) << text << program_.errors();
        }
        return port_;
    }
    [[nodiscard]] PlainAnswer get(const std::string& target) { return ask(port(), target); }
    [[nodiscard]] bool becomes_ready() {
        bool ready = false;
        return port() > 0 && within_half_a_minute([&] {
                   ready = get("/health/ready").status == 200;
                   return ready || !program_.runs();
               }) &&
               ready;
    }
    [[nodiscard]] bool says(const std::string& text) {
        return within_half_a_minute([&] { return program_.errors().find(text) != std::string::npos; });
    }
    [[nodiscard]] std::string log() const { return program_.errors(); }

  private:
    static inline int made_ = 0;
    RunningProgram program_;
    std::uint16_t port_ = 0;
};

}  // namespace virtuoso::test
