// What is written loses nothing: neither what stood in its place, nor half of what is new.
#include "base/output_file.hpp"

#include "base/small_file.hpp"
#include "support/temporary_file.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace virtuoso {
namespace {

namespace fs = std::filesystem;

class Outputs : public ::testing::Test {
  protected:
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(file(name), std::ios::binary) << text;
    }
    [[nodiscard]] std::string file(const std::string& name) const { return folder.file(name); }
    [[nodiscard]] std::string text(const std::string& name) const {
        std::ifstream in(file(name), std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    [[nodiscard]] std::size_t files() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()));
    }
    /// The message of the refusal; empty when it is written.
    [[nodiscard]] std::string refusal(const std::string& path, const std::vector<std::string>& inputs = {},
                                      bool force = false) const {
        auto output =
            OutputFile::create({.path = path,
                                .name = "--out",
                                .inputs = inputs,
                                .is_own = [](std::string_view begin) { return begin.starts_with("own"); },
                                .may_replace = [force] { return force; }});
        if (!output) {
            return output.error().text();
        }
        return output->write("own: new") && output->finish() ? "" : "not written";
    }
    test::TemporaryDirectory folder;
};

void expect_has(const std::string& text, std::string_view part) {
    EXPECT_NE(text.find(part), std::string::npos) << text << "\nlacks " << part;
}

TEST_F(Outputs, AppearWholeAtTheEnd) {
    {
        auto output = OutputFile::create({.path = file("page")});
        ASSERT_TRUE(output);
        ASSERT_TRUE(output->write("half, "));
        EXPECT_FALSE(fs::exists(file("page")));
        EXPECT_EQ(files(), 1U) << "beside it";
        ASSERT_TRUE(output->write("whole"));
        EXPECT_EQ(output->size(), 11U);
        ASSERT_TRUE(output->finish());
    }
    EXPECT_EQ(text("page"), "half, whole");
    EXPECT_EQ(files(), 1U);
}

TEST_F(Outputs, LeaveNothingWhenTheyAreNotFinished) {
    write("page", "own: before");
    {
        auto output =
            OutputFile::create({.path = file("page"), .is_own = [](std::string_view) { return true; }});
        ASSERT_TRUE(output);
        ASSERT_TRUE(output->write("half"));
    }
    EXPECT_EQ(text("page"), "own: before");
    EXPECT_EQ(files(), 1U);
    auto output = OutputFile::create({.path = file("other")});
    ASSERT_TRUE(output);
    EXPECT_EQ(files(), 2U);
    OutputFile::remove_unfinished();  // as a signal does
    EXPECT_EQ(files(), 1U);
}

TEST_F(Outputs, AreRegularFilesAlone) {
    struct stat before {};
    ASSERT_EQ(::stat("/dev/null", &before), 0);
    expect_has(refusal("/dev/null", {}, true), "a device");
    struct stat after {};
    ASSERT_EQ(::stat("/dev/null", &after), 0);
    EXPECT_TRUE(S_ISCHR(after.st_mode));
    EXPECT_EQ(before.st_ino, after.st_ino);
    expect_has(refusal("/dev/full", {}, true), "E_FILE_WRITE");
    ASSERT_EQ(::mkfifo(file("pipe").c_str(), 0600), 0);
    expect_has(refusal(file("pipe"), {}, true), "a pipe");
    expect_has(refusal(folder.path().string(), {}, true), "a folder");
    expect_has(refusal(file("none") + "/", {}, true), "E_FILE_WRITE");
    expect_has(refusal(file("no/such/folder"), {}, true), "No such file");
    fs::create_symlink(file("nowhere"), file("link"));
    expect_has(refusal(file("link"), {}, true), "leads nowhere");
    expect_has(refusal("", {}, true), "E_ARGUMENT");
    expect_has(refusal("-", {}, true), "./-");
    EXPECT_EQ(files(), 2U);
}

TEST_F(Outputs, AreNoneOfTheInputs) {
    write("in", "own: input");
    fs::create_symlink(file("in"), file("link"));
    fs::create_hard_link(file("in"), file("hard"));
    fs::create_directory(file("folder"));
    const std::vector<std::string> inputs{file("absent"), file("in")};
    for (const auto& path : {file("in"), file("link"), file("hard"), file("folder/../in")}) {
        const auto told = refusal(path, inputs, true);
        expect_has(told, "E_ARGUMENT");
        expect_has(told, "is the input");
    }
    const std::vector<std::string> through_link{file("link")};
    expect_has(refusal(file("hard"), through_link, true), "is the input");
    EXPECT_EQ(text("in"), "own: input");
    EXPECT_EQ(files(), 4U);
}

TEST_F(Outputs, NeverTouchWhatLiesBesideThem) {
    write("x.partial", "own: an input");
    const std::vector<std::string> inputs{file("x.partial")};
    EXPECT_EQ(refusal(file("x"), inputs), "");
    EXPECT_EQ(text("x.partial"), "own: an input");
    EXPECT_EQ(text("x"), "own: new");
    for (int i = 0; i < 50; ++i) {  // names that a process of this number may have left
        write(fmt::format("y.{}-{}.partial", ::getpid(), i), "left behind");
    }
    EXPECT_EQ(refusal(file("y")), "");
    EXPECT_EQ(text("y"), "own: new");
    EXPECT_EQ(files(), 53U);
}

TEST_F(Outputs, ReplaceWhatIsTheirOwnOrWhatTheyMay) {
    write("own", "own: before");
    write("empty", "");
    write("foreign", "mine");
    EXPECT_EQ(refusal(file("own")), "");
    EXPECT_EQ(refusal(file("empty")), "");
    const auto told = refusal(file("foreign"));
    expect_has(told, "E_ARGUMENT");
    expect_has(told, "--force");
    EXPECT_EQ(text("foreign"), "mine");
    EXPECT_EQ(refusal(file("foreign"), {}, true), "");
    EXPECT_EQ(text("foreign"), "own: new");
    ASSERT_EQ(::chmod(file("own").c_str(), 0440), 0);
    expect_has(refusal(file("own")), "write-protected");
    EXPECT_EQ(refusal(file("own"), {}, true), "");
}

TEST_F(Outputs, KeepALinkAndTheModeOfWhatTheyReplace) {
    write("page", "own: before");
    ASSERT_EQ(::chmod(file("page").c_str(), 0640), 0);
    fs::create_symlink("page", file("link"));
    EXPECT_EQ(refusal(file("link")), "");
    EXPECT_TRUE(fs::is_symlink(file("link")));
    EXPECT_EQ(text("page"), "own: new");
    struct stat status {};
    ASSERT_EQ(::stat(file("page").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, 0640U);
}

TEST_F(Outputs, DoNotReplaceWhatCameMeanwhile) {
    auto output = OutputFile::create({.path = file("page")});
    ASSERT_TRUE(output);
    write("page", "somebody else's");
    const auto finished = output->finish();
    ASSERT_FALSE(finished);
    EXPECT_EQ(finished.error().code, ErrorCode::file_write);
    EXPECT_EQ(text("page"), "somebody else's");
    EXPECT_EQ(files(), 1U);
}

TEST_F(Outputs, HaveNamesAsLongAsNamesMayBe) {
    const std::string name(255, 'n');
    EXPECT_EQ(refusal(file(name)), "");
    EXPECT_EQ(text(name), "own: new");
}

/// The file-size limit of the process plays the full disk.
TEST_F(Outputs, LeaveNothingOnAFullDisk) {
    write("page", "own: before");
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    rlimit limit = before;
    limit.rlim_cur = 1'000;
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
    std::string told;
    {
        auto output =
            OutputFile::create({.path = file("page"), .is_own = [](std::string_view) { return true; }});
        const auto written =
            output ? output->write(std::string(5'000, 'x')) : std::unexpected(output.error());
        told = written ? "" : written.error().text();
    }
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
    expect_has(told, "E_FILE_WRITE");
    expect_has(told, "after 1000 bytes");
    EXPECT_EQ(text("page"), "own: before");
    EXPECT_EQ(files(), 1U);
}

TEST_F(Outputs, OfAnyNumberAtOnceAreRemovedByTheirObjects) {
    {
        std::vector<OutputFile> many;
        for (int i = 0; i < 40; ++i) {
            auto output = OutputFile::create({.path = file(fmt::format("f{}", i))});
            ASSERT_TRUE(output);
            many.push_back(std::move(*output));
        }
        EXPECT_EQ(files(), 40U);
    }
    EXPECT_EQ(files(), 0U);
}

TEST_F(Outputs, ThatGrowInTheirPlaceReplaceNothingAndKnowWhenTheyAreGone) {
    write("there", "mine");
    EXPECT_FALSE(OutputFile::create_in_place(file("there")));
    fs::create_symlink(file("there"), file("link"));
    EXPECT_FALSE(OutputFile::create_in_place(file("link")));
    auto output = OutputFile::create_in_place(file("new"));
    ASSERT_TRUE(output);
    ASSERT_TRUE(output->write("seen at once"));
    EXPECT_EQ(text("new"), "seen at once");
    output->cut(4);
    EXPECT_EQ(text("new"), "seen");
    EXPECT_FALSE(output->is_gone());
    fs::remove(file("new"));
    EXPECT_TRUE(output->is_gone());
}

TEST_F(Outputs, AreTheSameFileByWhateverName) {
    write("in", "x");
    fs::create_symlink(file("in"), file("link"));
    write("other", "x");
    EXPECT_TRUE(is_same_file(file("in"), file("link")));
    EXPECT_FALSE(is_same_file(file("in"), file("other")));
    EXPECT_FALSE(is_same_file(file("absent"), file("absent")));
}

using SmallFiles = Outputs;

TEST_F(SmallFiles, AreReadUpToTheirLimit) {
    write("small", std::string(64, 'x'));
    EXPECT_EQ(read_small_file(file("small"), 64).value_or(""), std::string(64, 'x'));
    EXPECT_FALSE(read_small_file(file("small"), 63));
    expect_has(read_small_file("/dev/zero", 64).error().text(), "a device");
    expect_has(read_small_file(folder.path().string(), 64).error().text(), "a folder");
    expect_has(read_small_file(file("absent"), 64).error().text(), "No such file");
}

TEST_F(SmallFiles, MayComeThroughAPipe) {
    ASSERT_EQ(::mkfifo(file("pipe").c_str(), 0600), 0);
    std::thread writer([&] { std::ofstream(file("pipe")) << "through a pipe"; });
    EXPECT_EQ(read_small_file(file("pipe"), 64).value_or(""), "through a pipe");
    writer.join();
    const std::string endless = file("pipe");
    std::thread giver([&] {
        std::signal(SIGPIPE, SIG_IGN);
        std::ofstream(endless) << std::string(1'000'000, 'x');
    });
    EXPECT_FALSE(read_small_file(file("pipe"), 64));
    giver.join();
}

}  // namespace
}  // namespace virtuoso
