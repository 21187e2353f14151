// How commands end: a lost output is told and is exit 6, a lost error stream is nothing, signals end what
// waits.
#include "store/store.hpp"
#include "support/candle_table.hpp"
#include "support/places.hpp"
#include "support/running_program.hpp"
#include "support/shared_file.hpp"
#include "support/silent_server.hpp"
#include "support/temporary_file.hpp"
#include "support/virtuoso_command.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace virtuoso {
namespace {

using test::ProgramEnd;
using test::quoted;
using test::run;
using test::run_in_bash;
using test::RunningProgram;

class Ending : public ::testing::Test {
  protected:
    [[nodiscard]] std::string at(const std::string& name) const { return quoted(folder.file(name)); }
    [[nodiscard]] RunningProgram start(std::vector<std::string> arguments) const {
        return RunningProgram(
            {.arguments = std::move(arguments), .out = folder.file("out"), .errors = folder.file("errors")});
    }
    [[nodiscard]] std::vector<std::string> silent(std::vector<std::string> words) const {
        for (const auto& [name, scheme] :
             {std::pair("--rest-url", "http"), std::pair("--stream-url", "ws")}) {
            words.emplace_back(name);
            words.push_back(fmt::format("{}://127.0.0.1:{}", scheme, server.port()));
        }
        return words;
    }
    test::TemporaryDirectory folder;
    test::SilentServer server;
};

std::size_t count(const std::string& text, std::string_view part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++found;
    }
    return found;
}

void expect_lost_output_told(const std::string& command) {
    for (const std::string lost : {">/dev/full", ">&-"}) {
        const auto outcome = run(command, "2>&1 " + lost);
        EXPECT_EQ(outcome.code, 6) << command << lost << ": " << outcome.text;
        EXPECT_EQ(count(outcome.text, "E_FILE_WRITE: the standard output cannot be written"), 1U)
            << command << lost << ": " << outcome.text;
        EXPECT_NE(outcome.text.find(lost == ">&-" ? "it is closed" : "No space left"), std::string::npos)
            << command << lost << ": " << outcome.text;
    }
}

TEST_F(Ending, AnOutputThatCannotBeWrittenIsSixAndToldOnce) {
    std::ofstream(folder.file("BTCUSDT.csv")) << test::candle_table(300, 300'000);
    const std::string store = at("store.db");
    ASSERT_TRUE(open_store(*StoreAddress::parse(folder.file("store.db")), StoreUse::write));
    const std::string demo = quoted(test::source_path("tests/fixtures/demo.jsonl.gz"));
    const std::string candles = at("BTCUSDT.csv");
    const std::string live = " --exchange sim --sim-symbols 2 --duration 5";
    const std::vector<std::string> commands{"--help",
                                            "--version",
                                            "watch --help",
                                            "formats",
                                            "config init -",
                                            "config page",
                                            "config show",
                                            "config show --json",
                                            "config check /dev/null",
                                            "analyze " + demo,
                                            "analyze --json " + demo,
                                            "replay " + demo,
                                            "replay --json " + demo,
                                            "evaluate " + candles,
                                            "evaluate --json " + candles,
                                            "indicators " + candles,
                                            "indicators --csv " + candles,
                                            "import " + candles + " -o " + at("x.vjn"),
                                            "export scores --store " + store,
                                            "export scores --gzip --store " + store,
                                            "db check --store " + store,
                                            "alert try " + demo,
                                            "doctor --exchange sim --sim-symbols 2 --wait 1",
                                            "sim --port 0 --tls-port 0 --symbols 2",
                                            "account --exchange sim --sim-symbols 2",
                                            "watch --refresh 0.2" + live,
                                            "watch --json --refresh 0.2" + live,
                                            "record --out " + at("journals") + live};
    for (const auto& command : commands) {
        expect_lost_output_told(command);
    }
}

TEST_F(Ending, AServiceGoesOnWithoutAnOutputAndWhoAsksItNeedsOne) {
    const std::vector<std::string> words{
        "run",      "--exchange",  "sim",        "--sim-symbols",   "2", "--state-dir", folder.file("state"),
        "--listen", "127.0.0.1:0", "--log-file", folder.file("log")};
    auto service = start(words);
    const std::string begin = "http://127.0.0.1:";
    ASSERT_TRUE(test::within_half_a_minute([&] { return service.out().contains("Ctrl-C"); }));
    const std::string banner = service.out();
    const auto at = banner.find(begin);
    ASSERT_NE(at, std::string::npos) << banner;
    const std::string url = banner.substr(at, banner.find('/', at + begin.size()) - at);
    for (const std::string command : {"keeper show", "keeper run", "watch --json", "watch"}) {
        expect_lost_output_told(command + " --url " + url);
    }
    service.signal(SIGTERM);
    EXPECT_EQ(service.end(), (ProgramEnd{.code = 0})) << service.errors();

    for (const std::string lost : {"", "/dev/full"}) {
        const std::string log = folder.file("log of " + std::to_string(lost.size()));
        auto silenced_words = words;
        silenced_words.back() = log;
        RunningProgram silenced({.arguments = silenced_words, .out = lost, .errors = folder.file("errors")});
        EXPECT_TRUE(test::within_half_a_minute(
            [&] { return !silenced.runs() || test::text_of(log).contains("Confluence analysis complete"); }));
        EXPECT_TRUE(silenced.runs()) << silenced.errors();
        silenced.signal(SIGTERM);
        EXPECT_EQ(silenced.end(), (ProgramEnd{.code = 0})) << silenced.errors();
    }
}

TEST_F(Ending, AReaderThatLeavesEndsIt) {
    const std::string demo = test::source_path("tests/fixtures/demo.jsonl.gz");
    const std::vector<std::string> commands{"replay --json \"" + demo + "\"", "formats",
                                            "watch --json --refresh 0.1 --exchange sim --sim-symbols 2"};
    for (const auto& command : commands) {
        const auto outcome =
            run_in_bash("set -o pipefail; \"$virtuoso\" " + command + " | head -n 1 >/dev/null");
        EXPECT_TRUE(outcome.code == 6 || (outcome.code == 0 && command == "formats")) << outcome.text;
        EXPECT_LE(count(outcome.text, "the standard output cannot be written"), 1U) << outcome.text;
    }
}

TEST_F(Ending, ALostErrorStreamNeverEndsARecording) {
    for (const std::string lost : {"2>&-", "2>/dev/full"}) {
        const auto outcome =
            run("record --exchange sim --sim-symbols 2 --duration 5 --out " + at("journals"), lost);
        EXPECT_EQ(outcome.code, 0) << lost << ": " << outcome.text;
        EXPECT_NE(outcome.text.find(" 0 dropped"), std::string::npos) << lost << ": " << outcome.text;
    }
    const auto gone = run_in_bash(
        "set -o pipefail; \"$virtuoso\" record --exchange sim --sim-symbols 2 --duration 5 "
        "--out \"" +
        folder.file("journals") + "\" 2>&1 >/dev/null | true");
    EXPECT_EQ(gone.code, 0) << gone.text;
}

TEST_F(Ending, WhatIsInterruptedBeforeItDidAnythingSaysBySignal) {
    const std::vector<std::vector<std::string>> commands{
        silent({"record", "--retry", "--out", folder.file("journals")}), silent({"watch", "--retry"}),
        silent({"doctor"})};
    for (const auto& command : commands) {
        for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
            auto program = start(command);
            ASSERT_TRUE(test::within_half_a_minute([&] { return test::handles(program.pid(), number); }));
            std::this_thread::sleep_for(std::chrono::milliseconds(500));
            EXPECT_TRUE(program.runs()) << command.front();
            const auto asked = std::chrono::steady_clock::now();
            program.signal(number);
            EXPECT_EQ(program.end(), (ProgramEnd{.code = 128 + number}))
                << command.front() << program.errors();
            EXPECT_LT(std::chrono::steady_clock::now() - asked, std::chrono::seconds(2)) << command.front();
        }
    }
}

TEST_F(Ending, WhatWaitsForAPipeIsEndedByOneSignal) {
    ASSERT_EQ(::mkfifo(folder.file("pipe").c_str(), 0600), 0);
    auto program = start({"analyze", folder.file("pipe")});
    ASSERT_TRUE(test::within_half_a_minute([&] { return test::handles(program.pid(), SIGINT); }));
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    EXPECT_TRUE(program.runs());
    program.signal(SIGINT);
    EXPECT_EQ(program.end(), (ProgramEnd{.code = 128 + SIGINT}));
    for (const std::string words :
         {"account --key-file ", "doctor --exchange sim --sim-symbols 2 --wait 1 --key-file ",
          "watch --url http://127.0.0.1:1 --token-file "}) {
        const auto outcome = run(words + at("pipe"));
        EXPECT_NE(outcome.code, 0) << words;
        EXPECT_NE(outcome.code, -1) << words;
    }
}

TEST_F(Ending, ARecordingThatWasBegunEndsWell) {
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
        auto program =
            start({"record", "--exchange", "sim", "--sim-symbols", "2", "--out", folder.file("journals")});
        ASSERT_TRUE(test::within_half_a_minute(
            [&] { return program.errors().contains("recording 2 symbols") || !program.runs(); }));
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        program.signal(number);
        EXPECT_EQ(program.end(), (ProgramEnd{.code = 0})) << program.errors();
        std::ofstream(folder.file("errors"), std::ios::trunc);
    }
}

TEST_F(Ending, AHangUpThatIsIgnoredStaysSo) {
    const auto outcome = run_in_bash(
        "trap \"\" HUP; \"$virtuoso\" record --exchange sim --sim-symbols 2 --duration 6 "
        "--out \"" +
        folder.file("journals") + "\" & sleep 2; kill -HUP $!; wait $!; echo code $?");
    EXPECT_NE(outcome.text.find("code 0"), std::string::npos) << outcome.text;
}

TEST_F(Ending, TheDurationCountsFromTheStart) {
    for (auto command : {silent({"record", "--out", folder.file("journals")}), silent({"watch"})}) {
        for (const char* const word : {"--retry", "--duration", "1"}) {
            command.emplace_back(word);
        }
        auto program = start(command);
        const auto begun = std::chrono::steady_clock::now();
        EXPECT_EQ(program.end(), (ProgramEnd{.code = 7})) << program.errors();
        const auto took = std::chrono::steady_clock::now() - begun;
        EXPECT_GT(took, std::chrono::milliseconds(900));
        EXPECT_LT(took, std::chrono::seconds(4));
    }
}

TEST_F(Ending, TooLittleMemoryIsNamed) {
    if (test::is_sanitized) {
        GTEST_SKIP() << "a sanitizer takes all of the address space";
    }
    const std::string demo = test::source_path("tests/fixtures/demo.jsonl.gz");
    std::size_t named = 0;
    for (int kilobytes = 25'000; kilobytes < 50'000; kilobytes += 200) {
        const auto outcome = run_in_bash(
            fmt::format("ulimit -v {}; \"$virtuoso\" analyze \"{}\" >/dev/null", kilobytes, demo));
        const bool begun = outcome.code != 127 && !outcome.text.contains("terminate called");
        if (outcome.code == 0 || !begun) {
            continue;  // enough, or not even for its libraries, which begin before it
        }
        EXPECT_EQ(outcome.code, 1) << kilobytes << ": " << outcome.text;
        EXPECT_TRUE(outcome.text.contains("E_RESOURCES")) << kilobytes << ": " << outcome.text;
        ++named;
    }
    EXPECT_GT(named, 0U);
}

TEST_F(Ending, TooFewDescriptorsAreNamed) {
    if (test::is_sanitized) {
        GTEST_SKIP()
            << "a sanitizer opens pipes to look at memory, and takes what it cannot look at for a fault";
    }
    for (int descriptors = 4; descriptors <= 16; ++descriptors) {
        const auto outcome = run_in_bash(fmt::format(
            "ulimit -n {}; \"$virtuoso\" watch --exchange sim --sim-symbols 2 --refresh 0.2 --duration 1",
            descriptors));
        if (outcome.code == 127) {
            continue;  // not even for its libraries
        }
        EXPECT_LT(outcome.code, 126) << descriptors << ": " << outcome.text;
        EXPECT_TRUE(outcome.code == 0 || outcome.text.contains("open files") ||
                    outcome.text.contains("files may be open") ||
                    outcome.text.contains("did not answer"))  // it is the exchange that has none left
            << descriptors << ": " << outcome.text;
    }
}

}  // namespace
}  // namespace virtuoso
