// What commands write loses nothing: no input, no device, no file of somebody else's, nothing half behind.
#include "support/candle_table.hpp"
#include "support/places.hpp"
#include "support/running_program.hpp"
#include "support/temporary_file.hpp"
#include "support/virtuoso_command.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace virtuoso {
namespace {

namespace fs = std::filesystem;
using test::candle_table;
using test::ProgramEnd;
using test::quoted;
using test::run;
using test::run_in_bash;
using test::RunningProgram;
using test::text_of;

class Written : public ::testing::Test {
  protected:
    Written() { write("BTCUSDT.csv", candle_table(300, 300'000)); }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(folder.file(name), std::ios::binary) << text;
    }
    [[nodiscard]] std::string at(const std::string& name) const { return quoted(folder.file(name)); }
    [[nodiscard]] std::string text(const std::string& name) const { return text_of(folder.file(name)); }
    [[nodiscard]] std::size_t files() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()));
    }
    void expect_refused(const std::string& words, int code, std::string_view told) const {
        const std::size_t before = files();
        const auto outcome = run(words);
        EXPECT_EQ(outcome.code, code) << words << ": " << outcome.text;
        EXPECT_NE(outcome.text.find(told), std::string::npos) << words << ": " << outcome.text;
        EXPECT_EQ(files(), before) << words << " leaves something behind";
    }
    test::TemporaryDirectory folder;
};

TEST_F(Written, ADeviceIsNeverReplaced) {
    struct stat before {};
    ASSERT_EQ(::stat("/dev/null", &before), 0);
    for (const std::string force : {"", " --force"}) {
        expect_refused("import " + at("BTCUSDT.csv") + " -o /dev/null" + force, 6, "a device");
        expect_refused("evaluate " + at("BTCUSDT.csv") + " --html /dev/null" + force, 6, "a device");
        expect_refused("evaluate " + at("BTCUSDT.csv") + " --walk-forward --save-weights /dev/null" + force,
                       6, "a device");
        expect_refused("sim --port 0 --tls-port 0 --certificate /dev/null" + force, 6, "a device");
    }
    struct stat after {};
    ASSERT_EQ(::stat("/dev/null", &after), 0);
    EXPECT_TRUE(S_ISCHR(after.st_mode));
    EXPECT_EQ(before.st_ino, after.st_ino);
}

TEST_F(Written, AnInputIsNeverReplaced) {
    const std::string before = text("BTCUSDT.csv");
    fs::create_symlink(folder.file("BTCUSDT.csv"), folder.file("link"));
    fs::create_hard_link(folder.file("BTCUSDT.csv"), folder.file("hard"));
    for (const std::string name : {"BTCUSDT.csv", "link", "hard"}) {
        const std::string input = at("BTCUSDT.csv") + " --force";
        expect_refused("import " + input + " -o " + at(name), 2, "is the input");
        expect_refused("evaluate " + input + " --html " + at(name), 2, "is the input");
        expect_refused("evaluate " + input + " --walk-forward --save-weights " + at(name), 2, "is the input");
    }
    expect_refused("import - -o " + at("hard") + " --force <" + at("BTCUSDT.csv"), 2, "is the input");
    write("w.toml", "# fitted on X\n[components]\norderflow = 1\n");
    expect_refused("evaluate " + at("BTCUSDT.csv") + " --weights " + at("w.toml") +
                       " --walk-forward --save-weights " + at("w.toml"),
                   2, "is the input");
    EXPECT_EQ(text("BTCUSDT.csv"), before);
}

TEST_F(Written, WhatOnlyLooksLikeATemporaryFileIsAnInput) {
    ASSERT_EQ(run("import " + at("BTCUSDT.csv") + " -o " + at("x.vjn.partial")).code, 0);
    const std::string before = text("x.vjn.partial");
    const auto outcome = run("import " + at("x.vjn.partial") + " -o " + at("x.vjn"));
    EXPECT_EQ(outcome.code, 0) << outcome.text;
    EXPECT_EQ(text("x.vjn.partial"), before);
    EXPECT_EQ(run("replay " + at("x.vjn"), "2>/dev/null").text,
              run("replay " + at("x.vjn.partial"), "2>/dev/null").text);
    EXPECT_EQ(files(), 3U);
}

TEST_F(Written, AFileOfSomebodyElseIsReplacedByForceAlone) {
    write("mine", "my notes\n");
    const struct {
        std::string words;
        std::string name;
    } commands[] = {{"import " + at("BTCUSDT.csv") + " -o ", "x.vjn"},
                    {"evaluate " + at("BTCUSDT.csv") + " --html ", "x.html"}};
    for (const auto& [words, name] : commands) {
        expect_refused(words + at("mine"), 2, "--force");
        EXPECT_EQ(text("mine"), "my notes\n");
        for (int i = 0; i < 2; ++i) {  // the second time it is the command's own
            const auto outcome = run(words + at(name));
            EXPECT_EQ(outcome.code, 0) << outcome.text;
        }
        const auto forced = run(words + at("mine") + " --force");
        EXPECT_EQ(forced.code, 0) << forced.text;
        EXPECT_EQ(text("mine"), text(name));
        write("mine", "my notes\n");
    }
    expect_refused("evaluate " + at("BTCUSDT.csv") + " --walk-forward --save-weights " + at("mine"), 2,
                   "--force");
    expect_refused("sim --port 0 --tls-port 0 --certificate " + at("mine"), 2, "--force");
    expect_refused("config init " + at("mine"), 6, "there already");
    EXPECT_EQ(text("mine"), "my notes\n");
}

TEST_F(Written, ACertificateIsItsCommandsOwn) {
    for (int i = 0; i < 2; ++i) {
        RunningProgram sim({.arguments = {"sim", "--port", "0", "--tls-port", "0", "--symbols", "2",
                                          "--certificate", folder.file("ca.pem")},
                            .out = folder.file(fmt::format("out{}", i)),
                            .errors = folder.file("errors")});
        ASSERT_TRUE(test::within_half_a_minute([&] { return sim.out().contains("faults") || !sim.runs(); }));
        EXPECT_TRUE(text("ca.pem").contains("BEGIN CERTIFICATE")) << sim.errors();
        sim.signal(SIGINT);
        EXPECT_EQ(sim.end(), (ProgramEnd{.code = 0})) << sim.errors();
    }
}

TEST_F(Written, NothingIsLeftOfAnImportThatFails) {
    expect_refused("import " + at("absent.csv") + " -o " + at("x.vjn"), 3, "E_FILE_OPEN");
    write("junk.csv", "nothing,of,the,kind\n");
    expect_refused("import " + at("junk.csv") + " -o " + at("x.vjn"), 4, "E_FILE_FORMAT");
    expect_refused("import " + at("BTCUSDT.csv") + " -o " + at("no/such/folder.vjn"), 6, "No such file");
    expect_refused("import " + at("BTCUSDT.csv") + " -o " + quoted(folder.path().string()), 6, "a folder");
    const auto full = run_in_bash("ulimit -f 1; \"$virtuoso\" import \"" + folder.file("BTCUSDT.csv") +
                                  "\" -o \"" + folder.file("x.vjn") + "\"");
    EXPECT_EQ(full.code, 6) << full.text;
    EXPECT_TRUE(full.text.contains("E_FILE_WRITE")) << full.text;
    EXPECT_EQ(files(), 2U);
}

TEST_F(Written, NothingIsLeftOfAnImportThatIsInterrupted) {
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
        fs::remove(folder.file("pipe"));
        ASSERT_EQ(::mkfifo(folder.file("pipe").c_str(), 0600), 0);
        RunningProgram import({.arguments = {"import", folder.file("pipe"), "-o", folder.file("x.vjn")},
                               .out = "/dev/null",
                               .errors = "/dev/null"});
        ASSERT_TRUE(test::within_half_a_minute([&] { return files() == 3; })) << "nobody writes to the pipe";
        import.signal(number);
        EXPECT_EQ(import.end(), (ProgramEnd{.code = 128 + number}));
        EXPECT_EQ(files(), 2U);
    }
}

}  // namespace
}  // namespace virtuoso
