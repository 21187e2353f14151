// `doctor` against simulated exchanges in a process of their own: data of every kind on every route, or what
// is missing by name.
#include "support/places.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <string>

namespace virtuoso {
namespace {

/// `virtuoso sim` on free ports.
class Simulation {
  public:
    explicit Simulation(const std::string& exchange) {
        std::array<int, 2> pipe{};
        if (::pipe(pipe.data()) != 0) {
            return;
        }
        process_ = ::fork();
        if (process_ == 0) {
            ::dup2(pipe[1], STDOUT_FILENO);
            const std::string binary = test::virtuoso_binary();
            ::execl(binary.c_str(), binary.c_str(), "sim", "--exchange", exchange.c_str(), "--symbols", "3",
                    "--port", "0", "--tls-port", "0", nullptr);
            ::_exit(127);
        }
        ::close(pipe[1]);
        std::FILE* const output = ::fdopen(pipe[0], "r");
        std::array<char, 512> line{};
        while (port_.empty() && std::fgets(line.data(), line.size(), output) != nullptr) {
            const std::string text(line.data());
            constexpr std::string_view before = "http://127.0.0.1:";
            if (const auto found = text.find(before); found != std::string::npos) {
                const auto begin = found + before.size();
                port_ = text.substr(begin, text.find(' ', begin) - begin);
            }
        }
        std::fclose(output);
    }
    ~Simulation() {
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
    }
    Simulation(const Simulation&) = delete;
    Simulation& operator=(const Simulation&) = delete;
    [[nodiscard]] const std::string& port() const { return port_; }

  private:
    pid_t process_ = -1;
    std::string port_;
};

struct Outcome {
    int code = -1;
    std::string text;
};

Outcome doctor(const std::string& exchange, const std::string& port, const std::string& stream_path,
               const std::string& more) {
    const std::string command = fmt::format(
        "'{}' doctor --exchange {} --rest-url http://127.0.0.1:{} --stream-url ws://127.0.0.1:{}{} {} 2>&1",
        test::virtuoso_binary(), exchange, port, port, stream_path, more);
    Outcome outcome;
    std::FILE* const pipe = ::popen(command.c_str(), "r");
    std::array<char, 4'096> chunk{};
    for (std::size_t size = 0; (size = std::fread(chunk.data(), 1, chunk.size(), pipe)) > 0;) {
        outcome.text.append(chunk.data(), size);
    }
    const int status = ::pclose(pipe);
    outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return outcome;
}

TEST(Doctor, FindsDataOfEveryKindOnEveryRoute) {
    for (const auto& [exchange, path, kinds] :
         {std::tuple<std::string, std::string, std::vector<std::string>>{
              "binance-usdm",
              "",
              {"/public/stream", "/market/stream", "depth", "aggTrade", "kline", "markPrice", "ticker"}},
          {"bybit", "/v5/public/linear", {"orderbook", "publicTrade", "tickers", "kline"}}}) {
        const Simulation simulation(exchange);
        ASSERT_FALSE(simulation.port().empty());
        const auto checked = doctor(exchange, simulation.port(), path, "--wait 60");
        EXPECT_EQ(checked.code, 0) << checked.text;
        EXPECT_EQ(checked.text.find("warn"), std::string::npos) << checked.text;
        for (const auto& kind : kinds) {
            EXPECT_NE(checked.text.find(kind), std::string::npos) << kind << " in " << checked.text;
        }
    }
}

// The address of before 2026-04-23 acknowledges every subscription and delivers books only.
TEST(Doctor, NamesWhatAnOldAddressDoesNotDeliver) {
    const Simulation simulation("binance-usdm");
    ASSERT_FALSE(simulation.port().empty());
    for (const std::string path : {"/stream", "/public/stream"}) {
        const auto checked = doctor("binance-usdm", simulation.port(), path, "--wait 3");
        EXPECT_EQ(checked.code, 7) << checked.text;
        for (const std::string kind : {"aggTrade", "markPrice", "kline", "ticker"}) {
            const std::string missing = fmt::format("no {} in 3 s on {}: btcusdt@{}", kind, path, kind);
            EXPECT_NE(checked.text.find(missing), std::string::npos) << missing << " in " << checked.text;
        }
        EXPECT_EQ(checked.text.find("no depth"), std::string::npos) << checked.text;
        EXPECT_EQ(checked.text.find("no forceOrder"), std::string::npos) << "rare by nature";
        EXPECT_NE(checked.text.find("/market/stream"), std::string::npos) << "where it is delivered";
    }
}

}  // namespace
}  // namespace virtuoso
