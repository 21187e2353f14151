#include "service/state_folder.hpp"

#include "support/temporary_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <map>

namespace virtuoso {

namespace {

EnvironmentLookup lookup(std::map<std::string, std::string> values) {
    return [kept = std::move(values)](const std::string& name) -> std::optional<std::string> {
        const auto found = kept.find(name);
        return found == kept.end() ? std::nullopt : std::optional(found->second);
    };
}

TEST(StateFolder, ThePlaceIsTheFirstOneThatIsSet) {
    std::map<std::string, std::string> values{{"HOME", "/home/a"}};
    EXPECT_EQ(default_state_folder(lookup(values)), "/home/a/.local/state/virtuoso");
    values["XDG_STATE_HOME"] = "/data";
    EXPECT_EQ(default_state_folder(lookup(values)), "/data/virtuoso");
    values["STATE_DIRECTORY"] = "/var/lib/virtuoso:/var/lib/other";
    EXPECT_EQ(default_state_folder(lookup(values)), "/var/lib/virtuoso");
}

TEST(StateFolder, RelativeAndEmptyPlacesAreNone) {
    const auto place = default_state_folder(
        lookup({{"STATE_DIRECTORY", ""}, {"XDG_STATE_HOME", "state"}, {"HOME", "home"}}));
    ASSERT_FALSE(place);
    EXPECT_EQ(place.error().code, ErrorCode::state_folder);
    EXPECT_NE(place.error().message.find("--state-dir"), std::string::npos);
}

TEST(StateFolder, IsMadeForItsOwnerAlone) {
    const test::TemporaryDirectory place;
    const std::filesystem::path path = place.file("deep/er");
    const auto folder = StateFolder::open(path);
    ASSERT_TRUE(folder) << folder.error().message;
    struct stat status {};
    ASSERT_EQ(::stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0700U);
    EXPECT_EQ((*folder)->file("warm").string(), (path / "warm").string());
}

TEST(StateFolder, IsHeldByOneAtATime) {
    const test::TemporaryDirectory place;
    const std::filesystem::path path = place.file("state");
    {
        const auto first = StateFolder::open(path);
        ASSERT_TRUE(first);
        const auto second = StateFolder::open(path);
        ASSERT_FALSE(second);
        EXPECT_NE(second.error().message.find(std::to_string(::getpid())), std::string::npos)
            << second.error().message;
    }
    EXPECT_TRUE(StateFolder::open(path));
}

TEST(StateFolder, IsFreeOnceItsHolderWasKilled) {
    const test::TemporaryDirectory place;
    const std::filesystem::path path = place.file("state");
    const pid_t child = ::fork();
    if (child == 0) {
        const auto held = StateFolder::open(path);
        ::kill(::getpid(), held ? SIGKILL : SIGTERM);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(WTERMSIG(status), SIGKILL);
    EXPECT_TRUE(StateFolder::open(path));
}

TEST(StateFolder, WhatIsNoFolderIsRefused) {
    const test::TemporaryDirectory place;
    const std::filesystem::path file = place.file("state");
    std::ofstream(file) << "not a folder";
    const auto folder = StateFolder::open(file);
    ASSERT_FALSE(folder);
    EXPECT_NE(folder.error().message.find("not a folder"), std::string::npos) << folder.error().message;
    const auto below = StateFolder::open(file / "state");
    ASSERT_FALSE(below);
    EXPECT_EQ(below.error().code, ErrorCode::state_folder);
}

}  // namespace

}  // namespace virtuoso
