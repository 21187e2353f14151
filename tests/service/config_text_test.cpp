// Files that are broken, or no configuration at all.
#include "service/config_text.hpp"

#include "service/config_file.hpp"
#include "service/config_text_form.hpp"
#include "service/listen_address.hpp"
#include "support/config_samples.hpp"
#include "support/temporary_file.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <fstream>
#include <map>

namespace virtuoso {
namespace {

using test::errors_in;
using test::load_text;

std::vector<std::uint32_t> faulty_lines(const std::string& text) {
    std::vector<std::uint32_t> lines;
    for (const auto& fault : parse_config_text(text).faults) {
        lines.push_back(fault.line);
    }
    return lines;
}

using Lines = std::vector<std::uint32_t>;

TEST(ConfigText, ABrokenLineDoesNotHideTheOthers) {
    const auto text = parse_config_text(
        "[engine]\nshards = \ninterval_ms = 5 6\nhistory = tru\n[log\nlevel = \"info\n[api]\nlisten = "
        "\"a:1\"\n");
    Lines lines;
    for (const auto& fault : text.faults) {
        lines.push_back(fault.line);
    }
    EXPECT_EQ(lines, (Lines{2, 3, 4, 5, 6}));
    ASSERT_EQ(text.entries.size(), 1U);
    EXPECT_EQ(text.entries[0].section, "api");
    EXPECT_EQ(text.entries[0].line, 8U);
}

TEST(ConfigText, KeysBehindABrokenHeadAreHeldAgainstTheSectionThatWasMeant) {
    const auto loaded = load_text("[events.whale_trade\nmultiple = 0\nmultipel = 2\n");
    const std::string errors = errors_in(loaded);
    EXPECT_NE(errors.find("c.toml:2: [events.whale_trade] multiple = 0 is too small"), std::string::npos)
        << errors;
    EXPECT_NE(errors.find("c.toml:3: [events.whale_trade] has no key \"multipel\""), std::string::npos)
        << errors;
}

TEST(ConfigText, AListThatIsNotClosedIsOneFault) {
    EXPECT_EQ(faulty_lines("[universe]\nonly = [\"A\",\ndeep = 5\n[engine]\nshards = 2\n"), Lines{3});
    EXPECT_EQ(faulty_lines("[universe]\nonly = [\"A\"\n"), Lines{2});
    EXPECT_EQ(faulty_lines("[log]\nfile = \"\"\"\na\nb\nlevel = 3\n").size(), 1U);
    EXPECT_EQ(faulty_lines("[universe]\nonly = [\n  \"A\",\n  \"B\" \"C\",\n  \"D\"]\ndeep = \n"),
              (Lines{4, 6}));
}

TEST(ConfigText, RepetitionsAreRefusedHoweverTheyAreWritten) {
    for (const std::string text :
         {"[api]\nlisten = \"a:1\"\nlisten = \"a:1\"\n", "[api]\nlisten = \"a:1\"\n[api]\nlisten = \"a:1\"\n",
          "api.listen = \"a:1\"\n[api]\nlisten = \"a:1\"\n",
          "[api]\nlisten = \"a:1\"\n\"listen\" = \"a:1\"\n",
          "api = {listen = \"a:1\"}\n[api]\nlisten = \"a:1\"\n"}) {
        const auto loaded = load_text(text);
        ASSERT_FALSE(loaded) << text;
        for (const auto& error : loaded.error()) {
            EXPECT_TRUE(error.message.find("redefine") != std::string::npos ||
                        error.message.find("was already given on line") != std::string::npos)
                << error.text();
        }
    }
}

TEST(ConfigText, WhatStandsInASectionThatIsRepeatedIsHeldAgainstTheFirst) {
    const auto loaded = load_text("[api]\nlisten = \"a:1\"\n[log]\n[api]\nlisten = \"b:1\"\n");
    EXPECT_NE(errors_in(loaded).find("c.toml:5: [api] listen was already given on line 2"), std::string::npos)
        << errors_in(loaded);
}

TEST(ConfigText, ASectionIsOneTable) {
    for (const std::string text :
         {"[[api]]\nlisten = \"a:1\"\n", "api = 5\n", "events.whale_trade = true\n"}) {
        EXPECT_NE(errors_in(load_text(text)).find("is a section: write ["), std::string::npos) << text;
    }
    EXPECT_NE(
        errors_in(load_text("[engine.shards]\na = 1\n")).find("[engine] shards = a table is no whole number"),
        std::string::npos);
    EXPECT_NE(errors_in(load_text("listen = \"a:1\"\n")).find("is it [api] listen?"), std::string::npos);
    EXPECT_NE(errors_in(load_text("[log]\nlisten = \"a:1\"\n")).find("is it [api] listen?"),
              std::string::npos);
    EXPECT_NE(errors_in(load_text("[events.whale]\n")).find("is it [events.whale_trade]?"),
              std::string::npos);
    EXPECT_NE(errors_in(load_text("[whale_trade]\n")).find("is it [events.whale_trade]?"), std::string::npos);
}

TEST(ConfigText, CharactersBeyondAsciiAreTextLikeAnyOther) {
    // What toml++ would take for line ends or spaces, or is undefined for, among them.
    for (const std::string text : {"/home/jürgen", "日本", "a\u2028b", "a\u0085b", "\ufe7f", "\U0001f600",
                                   "?u0:00", "?u0:0000fc", "a\u00a0b"}) {
        const auto loaded =
            load_text(fmt::format("# {}\n[state] # {}\nfolder = \"{}\" # {}\n", text, text, text, text));
        ASSERT_TRUE(loaded) << errors_in(loaded);
        EXPECT_EQ(loaded->config.state.folder, text);
    }
    const std::string errors = errors_in(load_text("[log]\nfünf = 1\nlevel = ü\n\"größe\" = 1\n"));
    EXPECT_NE(errors.find("c.toml:2: "), std::string::npos) << errors;
    EXPECT_NE(errors.find("ü"), std::string::npos) << errors;
    EXPECT_NE(errors.find("[log] has no key \"größe\""), std::string::npos) << errors;
}

TEST(ConfigText, LinesMayEndAsWindowsEndsThemAndBeginWithAByteOrderMark) {
    const auto loaded = load_text("\xef\xbb\xbf[engine]\r\nshards = 2\r\n");
    ASSERT_TRUE(loaded) << errors_in(loaded);
    EXPECT_EQ(loaded->config.engine.shards, 2);
    EXPECT_EQ(faulty_lines("[engine]\r\nshards = \r\nhistory = \r\n"), (Lines{2, 3}));
}

TEST(ConfigText, WhatIsNoTextIsRefusedWithItsLine) {
    using namespace std::string_literals;
    EXPECT_NE(errors_in(load_text("[engine]\nshards = \"\0\"\n"s)).find("c.toml:2: holds the byte 0x00"),
              std::string::npos);
    EXPECT_NE(errors_in(load_text("\x7f\x45LF\x02")).find("c.toml:1: holds the byte 0x7f"),
              std::string::npos);
    EXPECT_NE(errors_in(load_text("# a\n# \xff\n")).find("c.toml:2: is not UTF-8"), std::string::npos);
    EXPECT_NE(errors_in(load_text(std::string(config_bytes_max + 1, '#'))).find("is larger than 256 kB"),
              std::string::npos);
    EXPECT_TRUE(load_text(std::string(config_bytes_max, '#')));
}

TEST(ConfigText, TablesInTablesWithoutEndAreRefused) {
    std::string name = "a";
    for (int i = 0; i < 100'000; ++i) {
        name += ".a";
    }
    for (const auto& text : {fmt::format("{} = 1\n", name), fmt::format("[{}]\n", name),
                             fmt::format("x = {{{} = 1}}\n", name), fmt::format("a = \"\\\"\" {}", name)}) {
        EXPECT_NE(errors_in(load_text(text)).find("c.toml:1: has more than 64 dots"), std::string::npos);
    }
    EXPECT_FALSE(load_text(std::string(100'000, '[')));
    EXPECT_FALSE(load_text(fmt::format("a = {}", std::string(100'000, '['))));
    // Dots in comments and texts open no tables.
    const std::string dots(1'000, '.');
    EXPECT_TRUE(
        load_text(fmt::format("state.folder = \"\\\"{}\" # {}\nlog.file = '{}'\n", dots, dots, dots)));
}

// Everything that could stand for a character beyond ASCII is there.
TEST(ConfigText, WhatCannotBeToldApartIsRefused) {
    std::string text = "# ü ";
    for (int i = 0; i < 64; ++i) {
        text += fmt::format("?u{}:", i);
    }
    EXPECT_FALSE(load_text(text));
}

TEST(ConfigText, EveryCutAndEveryChangedByteOfAFileIsReadOrRefused) {
    const std::string whole =
        "[engine]\nshards = 2 # two\n[universe]\nonly = [\"A\", 'B',\n \"\"\"C\"\"\"]\nhysteresis = 0.25\n"
        "[events]\nwhale_trade = {multiple = 2, notional_min = 1e6}\n";
    ASSERT_TRUE(load_text(whole)) << errors_in(load_text(whole));
    for (std::size_t i = 0; i < whole.size(); ++i) {
        for (const char byte : {'\0', '"', '\'', '[', ']', '=', '\n', '#', '.', '{', '9', 'x', '\xc3'}) {
            std::string changed = whole;
            changed[i] = byte;
            for (const auto& text : {changed, changed.substr(0, i + 1)}) {
                const auto loaded = load_text(text);
                ASSERT_TRUE(loaded || !loaded.error().empty()) << text;
            }
        }
    }
}

TEST(ConfigFile, OnlyPlainFilesAreRead) {
    const test::TemporaryDirectory folder;
    const auto refusal = [](const std::string& path) {
        const auto file = read_config_file(path);
        return file ? "read" : file.error().text();
    };
    EXPECT_NE(refusal(folder.file("none")).find("E_FILE_OPEN"), std::string::npos);
    EXPECT_NE(refusal(folder.file(".")).find("it is a folder"), std::string::npos);
    const std::string pipe = folder.file("pipe");
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    EXPECT_NE(refusal(pipe).find("it is a pipe"), std::string::npos) << "and nobody is waited for";
    EXPECT_NE(refusal("/dev/zero").find("it is a device"), std::string::npos);
    EXPECT_EQ(refusal("/dev/null"), "read");
    const std::string large = folder.file("large");
    std::ofstream(large) << std::string(config_bytes_max + 1, '#');
    EXPECT_NE(refusal(large).find("E_CONFIG"), std::string::npos);
    const std::string hidden = folder.file("hidden");
    std::ofstream(hidden) << "[engine]\n";
    ASSERT_EQ(::chmod(hidden.c_str(), 0), 0);
    if (::geteuid() != 0) {
        EXPECT_NE(refusal(hidden).find("E_FILE_OPEN"), std::string::npos);
    }
}

TEST(ConfigFile, TheUsersIsBeforeTheMachines) {
    const test::TemporaryDirectory folder;
    std::map<std::string, std::string> variables;
    const EnvironmentLookup lookup = [&](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
    const std::string machine = folder.file("machine.toml");
    EXPECT_EQ(find_config_file(lookup, machine), std::nullopt);
    std::ofstream(machine) << "\n";
    EXPECT_EQ(find_config_file(lookup, machine), machine);
    variables["HOME"] = folder.file("home");
    EXPECT_EQ(find_config_file(lookup, machine), machine) << "the user has none";
    const std::string at_home = folder.file("home/.config/virtuoso/config.toml");
    ASSERT_TRUE(write_new_config_file(at_home, "\n"));
    EXPECT_EQ(find_config_file(lookup, machine), at_home);
    variables["XDG_CONFIG_HOME"] = "relative";
    EXPECT_EQ(find_config_file(lookup, machine), at_home) << "as the standard wants it";
    variables["XDG_CONFIG_HOME"] = folder.file("xdg");
    EXPECT_EQ(find_config_file(lookup, machine), machine) << "it stands instead of ~/.config";
    const std::string in_xdg = folder.file("xdg/virtuoso/config.toml");
    std::filesystem::create_directories(in_xdg);
    EXPECT_EQ(find_config_file(lookup, machine), in_xdg) << "what is there is not passed over, to be told of";
}

TEST(ConfigFile, NothingIsOverwritten) {
    const test::TemporaryDirectory folder;
    const std::string path = folder.file("new/config.toml");
    ASSERT_TRUE(write_new_config_file(path, "first"));
    struct stat found {};
    ASSERT_EQ(::stat(path.c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777U, 0600U);
    const auto again = write_new_config_file(path, "second");
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, ErrorCode::file_write);
    EXPECT_NE(again.error().message.find("it is there already"), std::string::npos);
    EXPECT_EQ(read_config_file(path)->text, "first");
    const std::string link = folder.file("link");
    std::filesystem::create_symlink(folder.file("elsewhere"), link);
    EXPECT_FALSE(write_new_config_file(link, "through a link"));
    const auto full = write_new_config_file("/dev/full", "x");
    ASSERT_FALSE(full);
}

TEST(ListenAddress, IsAHostAndAPort) {
    const auto shown = [](std::string_view text) {
        const auto address = ListenAddress::parse(text);
        return address ? fmt::format("{} {}", address->host, address->port) : std::string("none");
    };
    EXPECT_EQ(shown("127.0.0.1:8080"), "127.0.0.1 8080");
    EXPECT_EQ(shown("[::1]:0"), "::1 0");
    EXPECT_EQ(shown("my-host.local:65535"), "my-host.local 65535");
    for (const std::string_view text :
         {"", ":", ":80", "a", "a:", "a:65536", "a:-1", "a:+1", "a: 1", "::1:80", "[]:80", "a b:80", "a/b:80",
          "http://a:80", "[::1]80", "a:8o"}) {
        EXPECT_EQ(shown(text), "none") << text;
    }
}

}  // namespace
}  // namespace virtuoso
