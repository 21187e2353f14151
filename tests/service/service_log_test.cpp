#include "service/service_log.hpp"

#include "service/recent_log.hpp"
#include "support/temporary_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

namespace virtuoso {

namespace {

std::string content(const std::string& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

/// Once so many lines met their fate.
void wait_for(const ServiceLog& log, std::uint64_t lines) {
    constexpr int tries = 2'000;
    for (int i = 0; i < tries; ++i) {
        const LogCounts counts = log.counts();
        if (counts.written + counts.failed + counts.overrun >= lines) {
            return;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    FAIL() << "the log's lines did not go out";
}

LogRecord hostile() {
    return {.level = LogLevel::warning,
            .part = "feed",
            .kind = "notice",
            .text = "two\nlines \x1b[31mred\x1b[0m and \xff",
            .symbol = "A\nB",
            .fields = {{"reason", "with \"quotes\" and = and\ttab"}, {"plain", "12"}}};
}

TEST(LogText, IsOneLineThatATerminalOnlyShows) {
    const std::string line = log_text(hostile(), 1'700'000'000'000, LogFormat::text);
    EXPECT_TRUE(line.starts_with("2023-11-14T22:13:20.000Z warning feed     two\\x0alines \\x1b[31mred"))
        << line;
    EXPECT_TRUE(std::ranges::all_of(line, [](char letter) { return letter >= ' ' && letter <= '~'; }))
        << line;
    EXPECT_NE(line.find("plain=12"), std::string::npos);
}

TEST(LogText, JsonIsOneObjectALine) {
    const std::string line = log_text(hostile(), 1'700'000'000'000, LogFormat::json);
    EXPECT_EQ(line.find('\n'), std::string::npos);
    const auto parsed = nlohmann::json::parse(line);
    EXPECT_EQ(parsed["level"], "warning");
    EXPECT_EQ(parsed["part"], "feed");
    EXPECT_EQ(parsed["plain"], "12");
    EXPECT_EQ(parsed["time"], "2023-11-14T22:13:20.000Z");
}

TEST(ServiceLog, WritesWhatItsLevelAdmits) {
    const test::TemporaryDirectory place;
    const std::string path = place.file("log");
    {
        const auto log = ServiceLog::open({.level = LogLevel::warning, .file = path});
        ASSERT_TRUE(log) << log.error().message;
        (*log)->info("a", "b", "quiet");
        (*log)->warn("a", "b", "loud");
        (*log)->set({.level = LogLevel::info});
        (*log)->info("a", "b", "now heard");
        wait_for(**log, 2);
    }
    const std::string text = content(path);
    EXPECT_EQ(text.find("quiet"), std::string::npos);
    EXPECT_NE(text.find("loud"), std::string::npos);
    EXPECT_NE(text.find("now heard"), std::string::npos);
}

TEST(ServiceLog, MoreOfAKindThanAMinuteAllowsIsHeldBackAndCounted) {
    const test::TemporaryDirectory place;
    const std::string path = place.file("log");
    const auto log = ServiceLog::open({.file = path, .lines_a_minute_max = 5});
    ASSERT_TRUE(log);
    for (int i = 0; i < 12; ++i) {
        (*log)->info("feed", "notice", fmt::format("line {}", i));
    }
    (*log)->info("feed", "other", "of another kind");
    wait_for(**log, 6);
    EXPECT_EQ((*log)->counts().written, 6U);
    EXPECT_EQ((*log)->counts().held_back, 7U);
}

TEST(RecentLog, KeepsTheNewestWarningsAndErrorsWithinBounds) {
    const auto log =
        ServiceLog::open({.level = LogLevel::error, .file = "/dev/null", .lines_a_minute_max = 2'000});
    ASSERT_TRUE(log);
    const RecentLog& recent = (*log)->recent();
    EXPECT_TRUE(recent.read(LogLevel::warning, 10).empty());
    (*log)->info("a", "b", "neither");
    (*log)->write({.level = LogLevel::error, .part = "a", .kind = "b", .text = std::string(1'000'000, 'x')});
    const auto longest = recent.read(LogLevel::error, 10);
    ASSERT_EQ(longest.size(), 1U);
    EXPECT_EQ(longest[0].number, 1U);
    EXPECT_LE(longest[0].message.size(), 4'000U) << "a text from outside is cut";
    for (std::size_t i = 0; i < 2 * RecentLog::lines_max; ++i) {
        (*log)->warn("a", "b", fmt::format("line {}", i));
    }
    const auto all = recent.read(LogLevel::warning, 10'000);
    ASSERT_EQ(all.size(), RecentLog::lines_max);
    EXPECT_EQ(all.front().message, fmt::format("line {}", 2 * RecentLog::lines_max - 1)) << "newest first";
    EXPECT_EQ(all.front().number, recent.added());
    EXPECT_EQ(all.back().number, recent.added() - RecentLog::lines_max + 1);
    EXPECT_EQ(recent.read(LogLevel::warning, 3).size(), 3U);
    EXPECT_TRUE(recent.read(LogLevel::error, 3).empty()) << "the error is older than what is kept";
    wait_for(**log, 1);
    EXPECT_EQ((*log)->counts().written, 1U) << "warnings are kept, not written";
}

TEST(RecentLog, OneKindCannotPushOutTheOthers) {
    const auto log = ServiceLog::open({.file = "/dev/null", .lines_a_minute_max = 5});
    ASSERT_TRUE(log);
    (*log)->warn("store", "trouble", "what matters");
    for (std::size_t i = 0; i < 2 * RecentLog::lines_max; ++i) {
        (*log)->warn("feed", "notice", "again");
    }
    const auto lines = (*log)->recent().read(LogLevel::warning, RecentLog::lines_max);
    EXPECT_EQ(lines.size(), 6U);
    EXPECT_EQ(lines.back().message, "what matters");
}

TEST(ServiceLog, AFullDiskCostsLinesAndNothingElse) {
    const auto log = ServiceLog::open({.file = "/dev/full"});
    ASSERT_TRUE(log) << log.error().message;
    for (int i = 0; i < 10; ++i) {
        (*log)->info("a", "b", "to nowhere");
    }
    wait_for(**log, 10);
    EXPECT_EQ((*log)->counts().failed, 10U);
}

// A reader that stops reading must not stop the service, nor its end.
TEST(ServiceLog, AReaderThatIsGoneOrDoesNotReadHoldsNobodyUp) {
    std::signal(SIGPIPE, SIG_IGN);  // as the service does
    const test::TemporaryDirectory place;
    const std::string path = place.file("pipe");
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    const int reader = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    ASSERT_GE(reader, 0);
    {
        const auto log = ServiceLog::open({.file = path, .lines_a_minute_max = 1'000'000});
        ASSERT_TRUE(log) << log.error().message;
        const std::string text(1'000, 'x');
        for (int i = 0; i < 20'000; ++i) {
            (*log)->info("a", "b", text);  // more than pipe and queue hold
        }
        EXPECT_GT((*log)->counts().overrun, 0U);
        ::close(reader);
    }
    SUCCEED() << "and it ended";
}

// What refuses a start writes one line and ends: it is just then on its way.
TEST(ServiceLog, TheLastLineBeforeItsEndIsWritten) {
    const test::TemporaryDirectory place;
    constexpr int ends = 400;
    for (int i = 0; i < ends; ++i) {
        const std::string path = place.file(std::to_string(i));
        (*ServiceLog::open({.file = path}))->warn("a", "b", "the last line");
        ASSERT_NE(content(path).find("the last line"), std::string::npos) << i;
    }
}

TEST(ServiceLog, IsOpenedAnewWhenItsFileWasMoved) {
    const test::TemporaryDirectory place;
    const std::string path = place.file("log");
    const auto log = ServiceLog::open({.file = path});
    ASSERT_TRUE(log);
    (*log)->info("a", "b", "before");
    wait_for(**log, 1);
    ASSERT_EQ(::rename(path.c_str(), place.file("old").c_str()), 0);
    ASSERT_TRUE((*log)->reopen());
    (*log)->info("a", "b", "after");
    wait_for(**log, 2);
    EXPECT_NE(content(place.file("old")).find("before"), std::string::npos);
    EXPECT_NE(content(path).find("after"), std::string::npos);
}

TEST(ServiceLog, AFileThatCannotBeOpenedIsNamed) {
    const auto log = ServiceLog::open({.file = "/nowhere/at/all.log"});
    ASSERT_FALSE(log);
    EXPECT_EQ(log.error().code, ErrorCode::file_open);
    EXPECT_NE(log.error().message.find("/nowhere/at/all.log"), std::string::npos);
}

}  // namespace

}  // namespace virtuoso
