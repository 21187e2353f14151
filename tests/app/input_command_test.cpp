// Whatever a shell gives to be read is read: gzipped journals, the standard input, named pipes, `<(command)`.
#include "support/candle_table.hpp"
#include "support/shared_file.hpp"
#include "support/temporary_file.hpp"
#include "support/virtuoso_command.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace virtuoso {
namespace {

using test::quoted;
using test::run;
using test::run_in_bash;

class Read : public ::testing::Test {
  protected:
    Read() {
        std::ofstream(folder.file("BTCUSDT.csv")) << test::candle_table(300, 300'000);
        std::filesystem::copy_file(test::source_path("tests/fixtures/demo.jsonl.gz"), demo());
        EXPECT_EQ(run("import " + quoted(demo()) + " -o " + quoted(journal())).code, 0);
    }
    [[nodiscard]] std::string demo() const { return folder.file("demo.jsonl.gz"); }
    [[nodiscard]] std::string journal() const { return folder.file("demo.vjn"); }
    /// In its folder.
    [[nodiscard]] test::Outcome bash(const std::string& line) const {
        return run_in_bash("cd \"" + folder.path().string() + "\" && " + line);
    }
    void expect_same(const std::string& line, const std::string& as_line) {
        auto known = printed_.find(as_line);
        if (known == printed_.end()) {
            known = printed_.emplace(as_line, bash(as_line)).first;
        }
        const auto& wanted = known->second;
        const auto got = bash(line);
        EXPECT_EQ(wanted.code, 0) << as_line << ": " << wanted.text;
        EXPECT_EQ(got.code, 0) << line << ": " << got.text;
        EXPECT_EQ(got.text, wanted.text) << line;
        EXPECT_FALSE(wanted.text.empty()) << as_line;
    }
    test::TemporaryDirectory folder;

  private:
    std::map<std::string, test::Outcome> printed_;
};

TEST_F(Read, JournalsGzippedAndZipped) {
    ASSERT_EQ(bash("gzip -k demo.vjn && python3 -m zipfile -c demo.zip demo.vjn").code, 0);
    for (const std::string command : {"replay", "analyze", "evaluate --every 10"}) {
        for (const std::string packed : {"demo.vjn.gz", "demo.zip"}) {
            expect_same("\"$virtuoso\" " + command + " " + packed + " 2>/dev/null",
                        "\"$virtuoso\" " + command + " demo.vjn 2>/dev/null");
        }
    }
    const auto imported = bash("\"$virtuoso\" import demo.vjn.gz -o again.vjn");
    EXPECT_EQ(imported.code, 0) << imported.text;
    expect_same("\"$virtuoso\" replay again.vjn 2>/dev/null", "\"$virtuoso\" replay demo.vjn 2>/dev/null");
}

TEST_F(Read, AGzippedJournalThatIsCutUpToTheCut) {
    const auto cut = bash(
        "gzip -k demo.vjn && head -c $(($(stat -c %s demo.vjn.gz) / 2)) demo.vjn.gz > cut.vjn.gz && "
        "\"$virtuoso\" replay cut.vjn.gz");
    EXPECT_EQ(cut.code, 0) << cut.text;
    EXPECT_NE(cut.text.find("records, digest"), std::string::npos) << cut.text;
    EXPECT_NE(cut.text.find("note:"), std::string::npos) << cut.text;
}

TEST_F(Read, FromPipesOfEveryKind) {
    for (const std::string command : {"replay", "analyze", "evaluate --every 10"}) {
        for (const std::string name : {"demo.jsonl.gz", "demo.vjn"}) {
            const std::string as_file = "\"$virtuoso\" " + command + " " + name + " 2>/dev/null";
            expect_same("\"$virtuoso\" " + command + " - 2>/dev/null <" + name, as_file);
            expect_same("cat " + name + " | \"$virtuoso\" " + command + " - 2>/dev/null", as_file);
            expect_same("\"$virtuoso\" " + command + " <(cat " + name + ") 2>/dev/null", as_file);
            expect_same(
                "rm -f p; mkfifo p; cat " + name + " >p & \"$virtuoso\" " + command + " p 2>/dev/null",
                as_file);
        }
    }
}

TEST_F(Read, TablesFromPipesWhoseSymbolIsSaid) {
    const std::string named = " --symbol-name BTCUSDT 2>/dev/null";
    for (const std::string command : {"replay", "analyze", "evaluate"}) {
        const std::string as_file = "\"$virtuoso\" " + command + " BTCUSDT.csv" + named;
        expect_same("\"$virtuoso\" " + command + " -" + named + " <BTCUSDT.csv", as_file);
        expect_same("gzip -c BTCUSDT.csv | \"$virtuoso\" " + command + " -" + named, as_file);
        expect_same("\"$virtuoso\" " + command + " <(cat BTCUSDT.csv)" + named, as_file);
        const auto unsaid = bash("cat BTCUSDT.csv | \"$virtuoso\" " + command + " -");
        EXPECT_EQ(unsaid.code, 4) << unsaid.text;
        EXPECT_NE(unsaid.text.find("--symbol-name"), std::string::npos) << unsaid.text;
    }
    const std::string as_file = "\"$virtuoso\" indicators --csv BTCUSDT.csv 2>/dev/null";
    expect_same("cat BTCUSDT.csv | \"$virtuoso\" indicators --csv - 2>/dev/null", as_file);
    expect_same("\"$virtuoso\" indicators --csv <(cat BTCUSDT.csv) 2>/dev/null", as_file);
    expect_same("rm -f p; mkfifo p; cat BTCUSDT.csv >p & \"$virtuoso\" indicators --csv p 2>/dev/null",
                as_file);
}

TEST_F(Read, SeveralPipesAreOneHistory) {
    ASSERT_EQ(bash("zcat demo.jsonl.gz > all; head -n 3000 all > a.jsonl; tail -n +3001 all > b.jsonl").code,
              0);
    expect_same("\"$virtuoso\" replay <(cat b.jsonl) <(cat a.jsonl) 2>/dev/null",
                "\"$virtuoso\" replay a.jsonl b.jsonl 2>/dev/null");
}

TEST_F(Read, ImportsFromThePipeToTheSameJournal) {
    for (const std::string line : {"cat demo.jsonl.gz | \"$virtuoso\" import - -o piped.vjn",
                                   "\"$virtuoso\" import <(cat demo.jsonl.gz) -o piped.vjn",
                                   "mkfifo p; cat demo.jsonl.gz >p & \"$virtuoso\" import p -o piped.vjn"}) {
        const auto imported = bash("rm -f piped.vjn; " + line);
        EXPECT_EQ(imported.code, 0) << line << ": " << imported.text;
        expect_same("cat piped.vjn | cksum", "cat demo.vjn | cksum");
    }
}

TEST_F(Read, NothingThatIsNoFileOrPipe) {
    for (const std::string words :
         {"analyze /dev/null", "analyze /dev/zero", "replay .", "analyze - </dev/null",
          "import /dev/zero -o x.vjn", "indicators /dev/zero"}) {
        const auto outcome = bash("\"$virtuoso\" " + words);
        EXPECT_EQ(outcome.code, 3) << words << ": " << outcome.text;
        EXPECT_NE(outcome.text.find("E_FILE_OPEN"), std::string::npos) << words << ": " << outcome.text;
    }
    const auto nothing = bash(": | \"$virtuoso\" analyze -");
    EXPECT_EQ(nothing.code, 4) << nothing.text;
    EXPECT_NE(nothing.text.find("is empty"), std::string::npos) << nothing.text;
}

TEST_F(Read, WeightsOfAnySourceAreRead) {
    const auto endless = bash("\"$virtuoso\" analyze demo.vjn --weights /dev/zero");
    EXPECT_EQ(endless.code, 3) << endless.text;
    const auto long_pipe = bash("\"$virtuoso\" analyze demo.vjn --weights <(cat /dev/zero)");
    EXPECT_EQ(long_pipe.code, 3) << long_pipe.text;
    EXPECT_NE(long_pipe.text.find("longer than 64 kB"), std::string::npos) << long_pipe.text;
    const auto unwritten = bash("mkfifo w; \"$virtuoso\" analyze demo.vjn --weights w");
    EXPECT_EQ(unwritten.code, 3) << unwritten.text;
    EXPECT_NE(unwritten.text.find("nobody writes"), std::string::npos) << unwritten.text;
    const auto piped =
        bash("\"$virtuoso\" analyze demo.vjn --weights <(printf \"[components]\\norderflow = 1\\n\")");
    EXPECT_EQ(piped.code, 0) << piped.text;
}

}  // namespace
}  // namespace virtuoso
