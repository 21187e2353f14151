// `virtuoso watch` on a terminal, as its users meet it.
#include "support/places.hpp"
#include "support/program_on_terminal.hpp"
#include "support/service_process.hpp"
#include "support/silent_server.hpp"
#include "support/virtuoso_command.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace virtuoso {
namespace {

using test::ProgramEnd;
using test::ProgramOnTerminal;
using test::run;

constexpr screen::ScreenSize usual{.columns = 80, .rows = 24};

std::vector<std::string> watch(std::vector<std::string> more = {}) {
    std::vector<std::string> all{"watch", "--exchange", "sim", "--sim-symbols", "6", "--depth",
                                 "50",    "--refresh",  "0.2"};
    std::ranges::copy(more, std::back_inserter(all));
    return all;
}

void expect_restored(const ProgramOnTerminal& program) {
    EXPECT_EQ(program.terminal().entered(), 1U);
    EXPECT_FALSE(program.terminal().on_alternate_screen());
    EXPECT_FALSE(program.terminal().cursor_hidden());
    EXPECT_TRUE(program.terminal().wraps());
    EXPECT_TRUE(program.has_its_modes_back());
    EXPECT_EQ(program.terminal().complaint(), "");
}

TEST(WatchScreen, KeysMoveOpenSearchAndLeave) {
    ProgramOnTerminal program(watch(), usual);
    ASSERT_TRUE(program.shows("BTCUSDT"));
    EXPECT_TRUE(program.terminal().on_alternate_screen());
    EXPECT_TRUE(program.terminal().cursor_hidden());
    EXPECT_TRUE(program.shows("q quit  ? help"));
    program.type("?");
    EXPECT_TRUE(program.shows("Ctrl-L: draw the screen anew"));
    program.type("\x1b");
    ASSERT_TRUE(program.shows("Symbol"));
    program.type("/btc");
    EXPECT_TRUE(program.shows("/btc_"));
    EXPECT_TRUE(program.until([&] { return !program.terminal().shows("ETHUSDT"); }));
    program.type("\r\r");
    EXPECT_TRUE(program.shows("What it says"));
    EXPECT_TRUE(program.shows("BTCUSDT · bybit"));
    program.type("\x1b");
    EXPECT_TRUE(program.shows("Esc ends \"btc\""));
    program.type("sq");
    EXPECT_EQ(program.end(), (ProgramEnd{.code = 0}));
    expect_restored(program);
}

TEST(WatchScreen, FollowsTheTerminalsSize) {
    ProgramOnTerminal program(watch(), usual);
    ASSERT_TRUE(program.shows("Senti"));
    for (const screen::ScreenSize size :
         {screen::ScreenSize{.columns = 40, .rows = 8}, screen::ScreenSize{.columns = 130, .rows = 50},
          screen::ScreenSize{.columns = 20, .rows = 5}}) {
        program.resize(size);
        EXPECT_TRUE(program.until([&] {
            return program.terminal().size() == size && program.terminal().shows("BTCUSDT") &&
                   program.terminal().shows("Senti") == (size.columns == 130);
        }));
        EXPECT_TRUE(program.shows("q quit"));
    }
    program.type("q");
    EXPECT_EQ(program.end(), (ProgramEnd{.code = 0}));
    expect_restored(program);
}

TEST(WatchScreen, IsLeftWhateverEndsIt) {
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
        ProgramOnTerminal program(watch(), usual);
        ASSERT_TRUE(program.shows("BTCUSDT"));
        if (number == SIGINT) {
            program.type("\x03");
        } else {
            program.signal(number);
        }
        EXPECT_EQ(program.end(), (ProgramEnd{.code = 0})) << number;
        expect_restored(program);
    }
}

TEST(WatchScreen, IsLeftWhenTheProgramBreaks) {
    // An exception that nobody catches, Ctrl-\, a signal that nobody expects, and faults of the program.
    std::vector<int> numbers{SIGABRT, SIGQUIT, SIGUSR1};
    if (!test::is_sanitized) {  // a sanitizer takes these itself
        numbers.insert(numbers.end(), {SIGSEGV, SIGBUS, SIGFPE});
    }
    for (const int number : numbers) {
        ProgramOnTerminal program(watch(), usual);
        ASSERT_TRUE(program.shows("BTCUSDT"));
        program.signal(number);
        EXPECT_EQ(program.end(), (ProgramEnd{.code = -1, .signal = number}));
        expect_restored(program);
    }
}

TEST(WatchScreen, SaysBySignalThatNothingWasShownYet) {
    const test::SilentServer server;
    ProgramOnTerminal program(
        {"watch", "--retry", "--rest-url", fmt::format("http://127.0.0.1:{}", server.port()), "--stream-url",
         fmt::format("ws://127.0.0.1:{}", server.port())},
        usual);
    ASSERT_TRUE(program.until([&] { return test::handles(program.pid(), SIGINT); }));
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    program.type("\x03");
    EXPECT_EQ(program.end(), (ProgramEnd{.code = 128 + SIGINT}));
    EXPECT_EQ(program.terminal().entered(), 0U);
    EXPECT_TRUE(program.has_its_modes_back());
}

TEST(WatchScreen, NeverWaitsForATerminalThatTakesNothing) {
    ProgramOnTerminal program(watch(), {.columns = 250, .rows = 60});
    ASSERT_TRUE(program.shows("BTCUSDT"));
    for (int i = 0; i < 100; ++i) {
        program.type("?\x0c");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    program.signal(SIGTERM);
    EXPECT_EQ(program.end_unseen(), (ProgramEnd{.code = 0}));
    EXPECT_TRUE(program.has_its_modes_back());
}

TEST(WatchScreen, GivesTheTerminalBackWhileItIsStopped) {
    ProgramOnTerminal program(watch(), usual);
    ASSERT_TRUE(program.shows("BTCUSDT"));
    program.type("\x1a");
    ASSERT_TRUE(program.until([&] { return program.stopped(); }));
    EXPECT_TRUE(program.until([&] { return !program.terminal().on_alternate_screen(); }));
    EXPECT_TRUE(program.has_its_modes_back());
    program.signal(SIGCONT);
    EXPECT_TRUE(program.shows("BTCUSDT"));
    EXPECT_EQ(program.terminal().entered(), 2U);
    program.type("q");
    EXPECT_EQ(program.end(), (ProgramEnd{.code = 0}));
    EXPECT_FALSE(program.terminal().on_alternate_screen());
    EXPECT_TRUE(program.has_its_modes_back());
}

TEST(WatchScreen, SaysWhichSymbolIsUnknown) {
    ProgramOnTerminal program(watch({"--symbols", "BTCUSDT,BTCUSD_NOPE"}), usual);
    EXPECT_TRUE(program.shows("BTCUSDT"));
    EXPECT_TRUE(program.shows("\"BTCUSD_NOPE\" is not a USDT perpetual"));
    EXPECT_TRUE(program.shows("it BTCUSDT?"));
    program.type("q");
    EXPECT_EQ(program.end(), (ProgramEnd{.code = 0}));
}

TEST(WatchScreen, DrawsInAsciiWhereTheLocaleHasNothingElse) {
    ProgramOnTerminal program(watch(), usual, {"TERM=xterm", "LANG=C"});
    ASSERT_TRUE(program.shows("BTCUSDT"));
    program.type("\r");
    EXPECT_TRUE(program.shows("What it says"));
    program.type("q");
    EXPECT_EQ(program.end(), (ProgramEnd{.code = 0}));
    EXPECT_TRUE(program.terminal().ascii_only());
    expect_restored(program);
}

TEST(WatchScreen, PrintsLinesWhereNothingCanBeDrawn) {
    ProgramOnTerminal program(watch(), usual, {"TERM=dumb", "LANG=C"});
    EXPECT_TRUE(
        program.until([&] { return program.terminal().plain().find("BTCUSDT") != std::string::npos; }));
    program.type("\x03");
    EXPECT_EQ(program.end(), (ProgramEnd{.code = 0}));
    EXPECT_EQ(program.terminal().entered(), 0U);
    EXPECT_NE(program.terminal().plain().find("BTCUSDT"), std::string::npos) << program.terminal().plain();
    std::istringstream lines(program.terminal().plain());
    for (std::string line; std::getline(lines, line);) {
        EXPECT_LE(line.size(), usual.columns + 1) << "with its carriage return: " << line;
    }
    EXPECT_EQ(program.terminal().complaint(), "");
    EXPECT_TRUE(program.terminal().ascii_only());
}

TEST(WatchScreen, ShowsAServiceAndSaysWhenItIsGone) {
    const test::ServicePlace place;
    test::ServiceProcess service(place, place.arguments());
    ASSERT_TRUE(service.becomes_ready()) << service.log();
    const std::vector<std::string> arguments{
        "watch", "--url", fmt::format("http://127.0.0.1:{}", service.port()), "--refresh", "0.2"};
    ProgramOnTerminal program(arguments, usual);
    ASSERT_TRUE(program.shows("BTCUSDT"));
    EXPECT_TRUE(program.shows("4 symbols, "));
    program.type("\r");
    EXPECT_TRUE(program.shows("What it says"));
    program.type("\x1b");
    service.program().signal(SIGKILL);
    static_cast<void>(service.program().end());
    EXPECT_TRUE(program.shows("no service answers"));
    EXPECT_TRUE(program.shows("BTCUSDT"));
    program.type("q");
    EXPECT_EQ(program.end(), (ProgramEnd{.code = 0}));
    expect_restored(program);
    EXPECT_NE(program.terminal().plain().find("note: E_NETWORK"), std::string::npos) << "it stays to be read";
}

TEST(WatchScreen, ChoosesAmongAServicesSymbols) {
    const test::ServicePlace place;
    test::ServiceProcess service(place, place.arguments());
    ASSERT_TRUE(service.becomes_ready()) << service.log();
    const std::string url = fmt::format("watch --url http://127.0.0.1:{} --duration 2 ", service.port());
    ProgramOnTerminal program({"watch", "--url", fmt::format("http://127.0.0.1:{}", service.port()),
                               "--symbols", "btc/usdt,BTCUSD_NOPE"},
                              usual);
    EXPECT_TRUE(program.shows("1 symbols, "));
    EXPECT_TRUE(program.shows("\"BTCUSD_NOPE\" is no symbol that the service follows"));
    program.type("q");
    EXPECT_EQ(program.end(), (ProgramEnd{.code = 0}));
    const auto lines = run(url + "--symbols BTCUSDT,NOPE");
    EXPECT_EQ(lines.code, 0) << lines.text;
    EXPECT_NE(lines.text.find("\"NOPE\" is no symbol that the service follows: is it "), std::string::npos)
        << lines.text;
    EXPECT_NE(lines.text.find("BTCUSDT "), std::string::npos) << lines.text;
    EXPECT_EQ(lines.text.find("ETHUSDT "), std::string::npos) << lines.text;
    EXPECT_EQ(run(url + "--symbols NOPE").code, 5);
    EXPECT_EQ(run(url + "--symbols BTCUSDT --json").code, 2);
}

TEST(Output, IsAsciiOnATerminalWhoseLocaleHasNothingElse) {
    const std::string demo = test::source_path("tests/fixtures/demo.jsonl.gz");
    ProgramOnTerminal ascii({"analyze", demo}, usual, {"TERM=xterm", "LC_ALL=C"});
    EXPECT_EQ(ascii.end(), (ProgramEnd{.code = 0}));
    EXPECT_TRUE(ascii.terminal().ascii_only());
    EXPECT_NE(ascii.terminal().plain().find("| Orderflow       | 44.50 |"), std::string::npos)
        << ascii.terminal().plain();
    ProgramOnTerminal unicode({"analyze", demo}, usual);
    EXPECT_EQ(unicode.end(), (ProgramEnd{.code = 0}));
    EXPECT_NE(unicode.terminal().plain().find("║ Orderflow       ║ 44.50 ║"), std::string::npos);
}

TEST(WatchOutput, EndsWhenNobodyTakesIt) {
    const std::string lines = "watch --exchange sim --sim-symbols 3 --depth 50 --refresh 0.1 --duration 20";
    const auto full = run(lines, "2>&1 >/dev/full");
    EXPECT_EQ(full.code, 6) << full.text;
    EXPECT_NE(full.text.find("standard output cannot be written"), std::string::npos) << full.text;
    const auto json = run(lines + " --json", "2>&1 >/dev/full");
    EXPECT_EQ(json.code, 6) << json.text;
    const auto head = run(lines, "2>/dev/null | head -n 2");
    EXPECT_EQ(std::ranges::count(head.text, '\n'), 2) << head.text;
}

}  // namespace
}  // namespace virtuoso
