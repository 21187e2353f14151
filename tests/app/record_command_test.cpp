// `record` says what it lost, and does not begin what it cannot write.
#include "support/places.hpp"
#include "support/running_program.hpp"
#include "support/temporary_file.hpp"
#include "support/virtuoso_command.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

namespace virtuoso {
namespace {

namespace fs = std::filesystem;
using test::ProgramEnd;
using test::quoted;
using test::run;
using test::run_in_bash;
using test::RunningProgram;

class RecordCommand : public ::testing::Test {
  protected:
    [[nodiscard]] RunningProgram start() const {
        return RunningProgram({.arguments = {"record", "--exchange", "sim", "--sim-symbols", "2", "--out",
                                             folder.file("journals")},
                               .out = folder.file("out"),
                               .errors = folder.file("errors")});
    }
    void expect_recording(RunningProgram& program) const {
        EXPECT_TRUE(test::within_half_a_minute([&] {
            return (program.errors().contains("recording 2 symbols") &&
                    !fs::is_empty(folder.file("journals"))) ||
                   !program.runs();
        }));
    }
    test::TemporaryDirectory folder;
};

TEST_F(RecordCommand, FailsWhenItsFolderVanished) {
    auto program = start();
    expect_recording(program);
    fs::remove_all(folder.file("journals"));
    program.signal(SIGINT);
    EXPECT_EQ(program.end(), (ProgramEnd{.code = 6})) << program.errors();
    EXPECT_TRUE(program.errors().contains("E_FILE_WRITE")) << program.errors();
    EXPECT_TRUE(program.errors().contains("records are lost")) << program.errors();
    EXPECT_FALSE(program.out().contains(" 0 dropped")) << program.out();
}

TEST_F(RecordCommand, FailsWhenAnythingWasDropped) {
    const auto outcome = run_in_bash(
        "ulimit -f 20; \"$virtuoso\" record --exchange sim --sim-symbols 20 --duration 8 "
        "--out \"" +
        folder.file("journals") + "\"");
    EXPECT_EQ(outcome.code, 6) << outcome.text;
    EXPECT_NE(outcome.text.find("E_FILE_WRITE"), std::string::npos) << outcome.text;
    for (const auto& each : fs::directory_iterator(folder.file("journals"))) {
        EXPECT_EQ(run("replay " + quoted(each.path().string())).code, 0) << "what it has is whole";
    }
}

TEST_F(RecordCommand, DoesNotBeginWhereNothingCanBeWritten) {
    std::ofstream(folder.file("file")) << "x";
    const std::string words = "record --exchange sim --sim-symbols 2 --duration 2 --out ";
    for (const std::string& path : {folder.file("file"), folder.file("file") + "/below",
                                    std::string("/dev/null"), std::string("/proc/nothing/here")}) {
        const auto outcome = run(words + quoted(path));
        EXPECT_EQ(outcome.code, 6) << path << ": " << outcome.text;
        EXPECT_NE(outcome.text.find("--out"), std::string::npos) << outcome.text;
        EXPECT_EQ(outcome.text.find("recording"), std::string::npos) << outcome.text;
    }
    if (test::is_sanitized) {
        return;  // the thread sanitizer writes a file of its own before the program begins
    }
    const auto full =
        run_in_bash("ulimit -f 0; \"$virtuoso\" " + words + "\"" + folder.file("journals") + "\"");
    EXPECT_EQ(full.code, 6) << full.text;
    EXPECT_EQ(full.text.find("recording"), std::string::npos) << full.text;
    EXPECT_TRUE(fs::is_empty(folder.file("journals")));
}

TEST_F(RecordCommand, LeavesNothingBesideItsJournals) {
    auto program = start();
    expect_recording(program);
    program.signal(SIGTERM);
    EXPECT_EQ(program.end(), (ProgramEnd{.code = 0})) << program.errors();
    std::size_t journals = 0;
    for (const auto& each : fs::directory_iterator(folder.file("journals"))) {
        EXPECT_EQ(each.path().extension(), ".vjn") << each.path();
        ++journals;
    }
    EXPECT_EQ(journals, 1U);
}

}  // namespace
}  // namespace virtuoso
