// Secrets: where they may come from, and that nothing gives them away.
#include "alert/secret.hpp"

#include "support/alert_samples.hpp"
#include "support/temporary_file.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <type_traits>

namespace virtuoso {
namespace {

using test::environment_of;

const std::string word = "S3CR3T-S3CR3T-S3CR3T";

std::string written(const test::TemporaryDirectory& folder, const std::string& text, unsigned mode) {
    const std::string path = folder.file("secret file");
    std::ofstream(path) << text;
    std::filesystem::permissions(path, static_cast<std::filesystem::perms>(mode));
    return path;
}

TEST(Secret, ComesFromTheEnvironment) {
    const auto secret = Secret::read("env:WORD", "token", environment_of({{"WORD", word}}));
    EXPECT_EQ(secret->exposed(), word);
    const auto absent = Secret::read("env:WORLD", "token", environment_of({{"WORD", word}}));
    ASSERT_FALSE(absent);
    EXPECT_NE(absent.error().message.find("token = \"env:WORLD\""), std::string::npos);
    EXPECT_FALSE(Secret::read("env:WORD", "token", environment_of({{"WORD", ""}})).has_value());
}

TEST(Secret, ComesFromAFileOfItsOwner) {
    const test::TemporaryDirectory folder;
    const std::string path = written(folder, word + "\n", 0600);
    EXPECT_EQ(Secret::read("file:" + path, "token", environment_of({}))->exposed(), word);
    EXPECT_FALSE(Secret::read("file:" + path + "x", "token", environment_of({})).has_value());
    EXPECT_FALSE(Secret::read("file:" + std::filesystem::path(path).parent_path().string(), "token",
                              environment_of({}))
                     .has_value());
}

TEST(Secret, AFileThatOthersReadOrWriteIsRefused) {
    for (const unsigned mode : {0640U, 0604U, 0620U, 0602U, 0644U}) {
        const test::TemporaryDirectory folder;
        const auto secret = Secret::read("file:" + written(folder, word, mode), "token", environment_of({}));
        ASSERT_FALSE(secret) << fmt::format("{:o}", mode);
        EXPECT_NE(secret.error().message.find("chmod 600"), std::string::npos);
        EXPECT_EQ(secret.error().message.find("S3CR3T"), std::string::npos);
    }
}

TEST(Secret, ErrorsDoNotRepeatIt) {
    for (const auto& text : {word, word + " " + word, word + "\n" + word, std::string(5'000, 'x') + word}) {
        for (const auto& reference : {std::string("env:WORD"), word}) {
            const auto secret = Secret::read(reference, "token", environment_of({{"WORD", text}}));
            if (!secret) {
                EXPECT_EQ(secret.error().text().find("S3CR3T"), std::string::npos) << secret.error().text();
            }
        }
    }
}

TEST(Secret, CannotBeComparedOrPrinted) {
    static_assert(!std::equality_comparable<Secret>);
    static_assert(!fmt::is_formattable<Secret>::value);
    static_assert(!std::is_convertible_v<Secret, std::string>);
    static_assert(!std::is_convertible_v<Secret, std::string_view>);
}

TEST(Secret, IsHiddenInTextsWholeAndCut) {
    const Secret secret(word);
    EXPECT_EQ(secret.hidden_in("before " + word + " after"), "before *** after");
    EXPECT_EQ(secret.hidden_in("cut " + word.substr(0, 12)), "cut ***");
    EXPECT_EQ(secret.hidden_in("nothing"), "nothing");
    EXPECT_EQ(Secret().hidden_in("nothing"), "nothing");
}

TEST(Secret, SinksDoNotShowIt) {
    const auto sink =
        test::sink_of("d: discord url=env:URL", {{"URL", "https://discord.com/api/webhooks/1/" + word}});
    EXPECT_EQ(sink.spec.address, "env:URL");
    EXPECT_EQ(sink.hidden_in("no answer from https://discord.com/api/webhooks/1/" + word),
              "no answer from ***");
    const auto plain = AlertSink::resolve(*SinkSpec::parse("d: discord url=env:URL"),
                                          environment_of({{"URL", "http://discord.com/" + word}}));
    ASSERT_FALSE(plain);
    EXPECT_EQ(plain.error().text().find("S3CR3T"), std::string::npos);
}

}  // namespace
}  // namespace virtuoso
