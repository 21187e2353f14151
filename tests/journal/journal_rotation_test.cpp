#include "journal/journal_rotation.hpp"

#include "journal/journal_reader.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace virtuoso {
namespace {

class JournalRotationTest : public ::testing::Test {
  protected:
    JournalRotationTest()
        : folder(std::filesystem::temp_directory_path() /
                 fmt::format("virtuoso-rotation-{}",
                             ::testing::UnitTest::GetInstance()->current_test_info()->name())) {
        std::filesystem::remove_all(folder);
        std::filesystem::create_directories(folder);
    }
    ~JournalRotationTest() override { std::filesystem::remove_all(folder); }

    static constexpr std::int64_t start_ns = 1'795'564'800'000'000'000;  // on the hour

    Result<void> append(JournalRotation& journal, std::int64_t after_ns, std::string_view text) {
        return journal.append({{start_ns + after_ns}, 1, "bybit/ws", buffer.assign(text)});
    }
    [[nodiscard]] std::vector<std::string> files() const {
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            names.push_back(entry.path().filename().string());
        }
        std::sort(names.begin(), names.end());
        return names;
    }

    std::filesystem::path folder;
    FrameBuffer buffer;
};

TEST_F(JournalRotationTest, EveryHourBeginsAJournal) {
    JournalRotation journal({.folder = folder.string()});
    constexpr std::int64_t half_hour = 1'800'000'000'000;
    for (int i = 0; i < 5; ++i) {
        ASSERT_TRUE(append(journal, i * half_hour, fmt::format("frame {}", i)));
    }
    ASSERT_TRUE(journal.close());
    EXPECT_EQ(journal.records(), 5U);
    EXPECT_EQ(files(), (std::vector<std::string>{"bybit-20261125T000000Z.vjn", "bybit-20261125T010000Z.vjn",
                                                 "bybit-20261125T020000Z.vjn"}));
    auto reader = JournalReader::open((folder / files().front()).string());
    ASSERT_TRUE(reader);
    RawRecord record;
    ASSERT_TRUE(*(*reader)->next(record));
    EXPECT_EQ(record.frame.text(), "frame 0");
    EXPECT_TRUE((*reader)->indexed());
}

TEST_F(JournalRotationTest, NothingRecordedIsReplaced) {
    for (int i = 0; i < 2; ++i) {
        JournalRotation journal({.folder = folder.string()});
        ASSERT_TRUE(append(journal, 0, "same second"));
        ASSERT_TRUE(journal.close());
    }
    EXPECT_EQ(files().size(), 2U);
}

TEST_F(JournalRotationTest, AFolderThatVanishesIsCountedAndRecoveredFrom) {
    JournalRotation journal({.folder = (folder / "missing").string()});
    EXPECT_FALSE(append(journal, 0, "lost"));
    EXPECT_TRUE(append(journal, 1'000, "lost silently")) << "one notice every few seconds";
    EXPECT_EQ(journal.dropped(), 2U);
    std::filesystem::create_directories(folder / "missing");
    EXPECT_TRUE(append(journal, 6'000'000'000, "kept"));
    EXPECT_EQ(journal.records(), 1U);
    EXPECT_TRUE(journal.close());
}

}  // namespace
}  // namespace virtuoso
