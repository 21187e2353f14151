// What is made of the command line itself, as shells and man read it.
#include "support/temporary_file.hpp"
#include "support/virtuoso_command.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace virtuoso {
namespace {

using test::run;
using test::run_in_bash;

bool is_installed(const std::string& program) {
    return run_in_bash("command -v " + program + " >/dev/null").code == 0;
}

std::set<std::string> words_of(const std::string& text) {
    std::istringstream words(text);
    return {std::istream_iterator<std::string>(words), {}};
}

/// What bash offers at the end of a line: "run --" asks for the options of run.
std::set<std::string> offered_by_bash(const std::string& line) {
    const auto outcome =
        run_in_bash("source <(\"$virtuoso\" completion bash); line='virtuoso " + line +
                    "'; read -ra COMP_WORDS <<<\"$line\"; [[ $line == *' ' ]] && COMP_WORDS+=(''); "
                    "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _virtuoso; printf '%s\\n' \"${COMPREPLY[@]}\"");
    EXPECT_EQ(outcome.code, 0) << line << ": " << outcome.text;
    return words_of(outcome.text);
}

TEST(Completion, BashOffersCommandsOptionsAndValues) {
    const auto commands = offered_by_bash("");
    EXPECT_TRUE(commands.contains("run") && commands.contains("watch") && commands.contains("--version"));
    EXPECT_FALSE(commands.contains("--exchange"));
    EXPECT_EQ(offered_by_bash("ke"), (std::set<std::string>{"keeper"}));
    const auto keeper = offered_by_bash("keeper ");
    EXPECT_TRUE(keeper.contains("run") && keeper.contains("show"));
    EXPECT_TRUE(offered_by_bash("keeper show --").contains("--limit"));
    EXPECT_FALSE(offered_by_bash("keeper run --").contains("--limit"));
    EXPECT_FALSE(offered_by_bash("keeper run --").contains("--exchange")) << "that is an option of run";
    EXPECT_EQ(offered_by_bash("export --format "), (std::set<std::string>{"csv", "ndjson"}));
    EXPECT_TRUE(offered_by_bash("analyze ").empty()) << "files are bash's own";
    EXPECT_TRUE(offered_by_bash("record --out ").empty()) << "likewise";
    EXPECT_EQ(offered_by_bash("record --exch"), (std::set<std::string>{"--exchange"}));
}

// Whatever the help of a command names is offered, by every shell.
TEST(Completion, EveryShellKnowsEveryOption) {
    const auto bash = run("completion bash").text;
    const auto zsh = run("completion zsh").text;
    const auto fish = run("completion fish").text;
    const auto manual = run("manual").text;
    for (const std::string command :
         {"", "run ", "watch ", "keeper show ", "alert try ", "sim ", "export "}) {
        std::istringstream lines(run(command + "--help").text);
        for (std::string line; std::getline(lines, line);) {
            const auto at = line.find("--");
            if (!line.starts_with("  -") || at == std::string::npos) {
                continue;
            }
            const auto name = line.substr(at, line.find_first_of(" ,:", at) - at);
            EXPECT_NE(bash.find(name), std::string::npos) << command << name;
            EXPECT_NE(zsh.find("'" + name + ":"), std::string::npos) << command << name;
            EXPECT_NE(fish.find(" -l " + name.substr(2) + " "), std::string::npos) << command << name;
            std::string in_roff;
            for (const char letter : name) {
                in_roff += letter == '-' ? "\\-" : std::string(1, letter);
            }
            EXPECT_NE(manual.find(in_roff), std::string::npos) << command << name;
        }
    }
}

TEST(Completion, AnUnknownShellIsRefused) {
    const auto outcome = run("completion tcsh", "2>&1");
    EXPECT_EQ(outcome.code, 2);
    EXPECT_NE(outcome.text.find("bash"), std::string::npos) << outcome.text;
}

TEST(Completion, ZshOffersThem) {
    if (!is_installed("zsh")) {
        GTEST_SKIP() << "zsh is not installed";
    }
    const test::TemporaryDirectory folder;
    std::ofstream(folder.file("script"))
        << "compdef() { : }\n_describe() { print -l -- ${${(P)2}%%:*} }\n_files() { print files }\n"
           "compadd() { shift; print -l -- $@ }\nsource <($virtuoso completion "
           "zsh)\n"
           "offer() { words=(virtuoso \"$@\"); CURRENT=$#words; print \"> $*\"; _virtuoso }\n"
           "offer ''\noffer keeper ''\noffer export --format ''\noffer analyze ''\noffer record --out ''\n"
           "offer keeper show --\n";
    const auto got = run_in_bash("zsh -f " + folder.file("script"));
    EXPECT_EQ(got.code, 0) << got.text;
    std::vector<std::set<std::string>> offers;
    std::istringstream lines(got.text);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("> ")) {
            offers.emplace_back();
        } else {
            ASSERT_FALSE(offers.empty()) << got.text;
            offers.back().insert(line);
        }
    }
    ASSERT_EQ(offers.size(), 6U) << got.text;
    EXPECT_TRUE(offers[0].contains("watch")) << got.text;
    EXPECT_TRUE(offers[1].contains("show")) << got.text;
    EXPECT_EQ(offers[2], (std::set<std::string>{"csv", "ndjson"})) << got.text;
    EXPECT_EQ(offers[3], (std::set<std::string>{"files"})) << got.text;
    EXPECT_EQ(offers[4], (std::set<std::string>{"files"})) << got.text;
    EXPECT_TRUE(offers[5].contains("--limit")) << got.text;
}

TEST(Completion, FishOffersThem) {
    if (!is_installed("fish")) {
        GTEST_SKIP() << "fish is not installed";
    }
    const test::TemporaryDirectory folder;
    const auto offered = [&](const std::string& line) {
        const auto got = run_in_bash(
            "export HOME=" + folder.path().string() +
            "; fish --no-config -c \"\\$virtuoso completion fish | source; complete -C '" + line + "'\"");
        EXPECT_EQ(got.code, 0) << got.text;
        std::set<std::string> names;
        std::istringstream lines(got.text);
        for (std::string one; std::getline(lines, one);) {
            names.insert(one.substr(0, one.find('\t')));
        }
        return names;
    };
    EXPECT_TRUE(offered("virtuoso wat").contains("watch"));
    EXPECT_EQ(offered("virtuoso export --format "), (std::set<std::string>{"csv", "ndjson"}));
    EXPECT_TRUE(offered("virtuoso keeper show --li").contains("--limit"));
    EXPECT_FALSE(offered("virtuoso keeper run --li").contains("--limit"));
    EXPECT_TRUE(offered("virtuoso keeper ").contains("show"));
}

TEST(Version, NamesTheCommitAndTheLibraries) {
    const auto words = run("version").text;
    const auto document = run("version --json").text;
    EXPECT_TRUE(run("--version").text.starts_with(words.substr(0, words.find(',')))) << words;
    for (const std::string name :
         {"Boost", "CLI11", "OpenSSL", "PostgreSQL client", "SQLite", "curl", "fmt", "nlohmann-json",
          "prometheus-cpp", "simdjson", "spdlog", "toml++", "zlib", "zstd"}) {
        const auto at = document.find('"' + name + "\": \"");
        ASSERT_NE(at, std::string::npos) << name << document;
        const char digit = document[at + name.size() + 5];
        EXPECT_TRUE(digit >= '0' && digit <= '9') << name << document;
        EXPECT_NE(words.find(" " + name + " "), std::string::npos) << name << words;
    }
    // What it was built from may be another commit than the newest.
    const std::string key = "\"commit\": \"";
    const auto at = document.find(key);
    ASSERT_NE(at, std::string::npos) << document;
    const auto commit = document.substr(at + key.size(), 40);
    const std::string git = "git -C \"" + test::source_path(".") + "\" ";
    if (run_in_bash(git + "rev-parse HEAD").code == 0) {
        EXPECT_EQ(run_in_bash(git + "cat-file -t " + commit).text, "commit\n") << document;
    }
}

TEST(Manual, IsReadWithoutComplaint) {
    if (!is_installed("mandoc")) {
        GTEST_SKIP() << "mandoc is not installed: the page was not judged by it";
    }
    // Outside a repository nothing tells its date.
    const auto judged =
        run_in_bash("\"$virtuoso\" manual | mandoc -T lint -W warning | grep -v \"missing date\"");
    EXPECT_EQ(judged.text, "");
    const auto page = run_in_bash("\"$virtuoso\" manual | mandoc -T utf8 | col -b").text;
    EXPECT_NE(page.find("keeper show"), std::string::npos);
    EXPECT_NE(page.find("--exchange"), std::string::npos);
    EXPECT_NE(page.find("EXIT STATUS"), std::string::npos);
}

}  // namespace
}  // namespace virtuoso
