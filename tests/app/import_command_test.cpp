// Whatever `virtuoso formats` lists is read, and histories without minutes are judged.
#include "journal/recording_formats.hpp"
#include "support/candle_table.hpp"
#include "support/temporary_file.hpp"
#include "support/virtuoso_command.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace virtuoso {
namespace {

using test::candle_table;
using test::quoted;
using test::run;

class Files : public ::testing::Test {
  protected:
    std::string write(const std::string& name, const std::string& text) {
        const std::string path = folder.file(name);
        std::ofstream(path, std::ios::binary) << text;
        return quoted(path);
    }
    [[nodiscard]] std::string journal() const { return quoted(folder.file("out.vjn")); }
    test::TemporaryDirectory folder;
};

using ImportCommand = Files;
using Histories = Files;

TEST_F(ImportCommand, ReadsEveryExampleOfFormats) {
    const auto listed = run("formats");
    EXPECT_EQ(listed.code, 0);
    std::size_t read = 0;
    for (const auto& format : recording_examples()) {
        EXPECT_NE(listed.text.find(fmt::format("\n{}: ", format.name)), std::string::npos) << format.name;
        if (format.example.empty()) {
            continue;
        }
        const auto outcome =
            run("import " + write("BTCUSDT.txt", std::string(format.example) + "\n") + " -o " + journal());
        EXPECT_EQ(outcome.code, 0) << format.name << ": " << outcome.text;
        EXPECT_EQ(outcome.text.find("cannot be read"), std::string::npos)
            << format.name << ": " << outcome.text;
        EXPECT_NE(outcome.text.find(" understood, of 1 symbol(s)"), std::string::npos)
            << format.name << ": " << outcome.text;
        const auto first = format.example.substr(0, format.example.find('\n'));
        EXPECT_NE(listed.text.find(first), std::string::npos) << format.name;
        ++read;
    }
    EXPECT_GT(read, 15U);
    for (const auto& format : unused_tables()) {
        EXPECT_NE(listed.text.find(fmt::format("\n{}: ", format.name)), std::string::npos) << format.name;
    }
}

TEST_F(ImportCommand, EndsWithFourWhenNothingIsUnderstood) {
    const auto outcome =
        run("import " + write("x.jsonl", "{\"topic\":\"lt.X\",\"ts\":1736899200005,\"data\":{}}\n") + " -o " +
            journal());
    EXPECT_EQ(outcome.code, 4) << outcome.text;
    EXPECT_NE(outcome.text.find("E_UNSUPPORTED_PRODUCT"), std::string::npos) << outcome.text;
    EXPECT_FALSE(std::filesystem::exists(folder.file("out.vjn"))) << "nothing is left behind";
    EXPECT_EQ(run("import " + quoted(folder.file("absent.csv")) + " -o " + journal()).code, 3);
}

TEST_F(Histories, WithoutMinutesAreJudged) {
    const struct {
        const char* name;
        std::int64_t ms;
        int count;
    } histories[] = {
        {"3m", 180'000, 900}, {"5m", 300'000, 400}, {"15m", 900'000, 400}, {"1h", 3'600'000, 400}};
    for (const auto& [name, ms, count] : histories) {
        const auto file = write(fmt::format("BTCUSDT_{}.csv", name), candle_table(count, ms));
        const auto judged = run("evaluate " + file);
        EXPECT_EQ(judged.code, 0) << judged.text;
        EXPECT_NE(judged.text.find("2025-01-"), std::string::npos) << judged.text;
        EXPECT_EQ(judged.text.find("1970"), std::string::npos) << judged.text;
        EXPECT_EQ(judged.text.find("\n0 scores"), std::string::npos) << judged.text;
        EXPECT_EQ(judged.text.find("every 0 s"), std::string::npos) << judged.text;
        EXPECT_NE(judged.text.find("  technical "), std::string::npos) << judged.text;
        const auto analyzed = run("analyze --json " + file, "2>/dev/null");
        EXPECT_EQ(analyzed.code, 0);
        EXPECT_EQ(analyzed.text.find("\"age_ms\": -1,\"reading\":\"neutral\""), std::string::npos);
        const auto replayed = run("replay " + file, "2>/dev/null");
        EXPECT_EQ(replayed.code, 0);
        EXPECT_NE(replayed.text.find("technical "), std::string::npos) << name;
    }
}

TEST_F(ImportCommand, PartsOfLongerCandlesAreUnderstood) {
    const auto outcome =
        run("import " + write("BTCUSDT.csv", test::candle_table(50, 180'000)) + " -o " + journal());
    EXPECT_EQ(outcome.code, 0);
    EXPECT_NE(outcome.text.find("50 records, 50 of them understood"), std::string::npos) << outcome.text;
}

TEST_F(Histories, WithoutAPriceAreNotJudged) {
    const std::string rates =
        "timestamp_ms,funding_rate\n1736899200000,0.0001\n1736928000000,0.0002\n1736956800000,0.0001\n";
    const auto alone = run("evaluate " + write("BTCUSDT-funding.csv", rates));
    EXPECT_EQ(alone.code, 4) << alone.text;
    EXPECT_NE(alone.text.find("tells no price"), std::string::npos) << alone.text;
    const auto beside = run("evaluate " + write("ETHUSDT-funding.csv", rates) + " " +
                            write("BTCUSDT_5m.csv", candle_table(400, 300'000)));
    EXPECT_EQ(beside.code, 0) << beside.text;
    EXPECT_NE(beside.text.find("ETHUSDT is not judged"), std::string::npos) << beside.text;
}

TEST_F(Histories, AreTheSameFromTheFileAndFromItsJournal) {
    const auto file = write("BTCUSDT_5m.csv", candle_table(400, 300'000));
    ASSERT_EQ(run("import " + file + " -o " + journal()).code, 0);
    const auto direct = run("replay " + file, "2>/dev/null");
    EXPECT_EQ(direct.code, 0);
    EXPECT_EQ(run("replay " + journal(), "2>/dev/null").text, direct.text);
}

TEST_F(Histories, AWrongTimeframeIsRefusedByTheSpacingOfRows) {
    const auto file = write("BTCUSDT.csv", candle_table(50, 180'000));
    const auto outcome = run("analyze --timeframe 1m " + file);
    EXPECT_EQ(outcome.code, 4) << outcome.text;
    EXPECT_NE(outcome.text.find("3m apart, not 1m"), std::string::npos) << outcome.text;
}

TEST_F(Histories, ATimeInSecondsIsAskedAbout) {
    const auto outcome = run("analyze --at 1736899200 " + write("BTCUSDT.csv", candle_table(5, 60'000)));
    EXPECT_EQ(outcome.code, 2) << outcome.text;
    EXPECT_NE(outcome.text.find("in seconds"), std::string::npos) << outcome.text;
    EXPECT_NE(outcome.text.find("1736899200000"), std::string::npos) << outcome.text;
}

TEST_F(Histories, RolledUpRowsSayThatTheyArePartialAndGoOnBehindAHole) {
    std::string text = candle_table(40, 60'000);
    std::size_t line = 0;
    for (int i = 0; i < 13; ++i) {
        line = text.find('\n', line) + 1;
    }
    text.erase(line, text.find('\n', line) + 1 - line);  // one minute within the third five
    const auto outcome = run("indicators --timeframe 5m --csv " + write("BTCUSDT.csv", text), "2>/dev/null");
    EXPECT_EQ(outcome.code, 0);
    std::string partial;
    for (std::size_t at = outcome.text.find('\n'); at != std::string::npos && at > 0;
         at = outcome.text.find('\n', at + 1)) {
        partial += outcome.text[at - 1];
    }
    EXPECT_EQ(partial, "l00100000") << "the header's last letter, then each row's mark";
}

}  // namespace
}  // namespace virtuoso
