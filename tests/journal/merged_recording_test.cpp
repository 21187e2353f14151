// Several recordings read as one.
#include "journal/merged_recording.hpp"

#include "journal/journal_writer.hpp"
#include "journal/recording.hpp"
#include "support/temporary_file.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace virtuoso {
namespace {

struct Line {
    std::int64_t received_ms;
    std::string text;
};

class Merged : public ::testing::Test {
  protected:
    std::string file(const std::string& name, const std::vector<Line>& lines) {
        const std::string path = folder_.file(name);
        auto writer = JournalWriter::create(path);
        FrameBuffer buffer;
        for (const auto& line : lines) {
            EXPECT_TRUE(
                writer->append({{line.received_ms * 1'000'000}, 0, "bybit/ws", buffer.assign(line.text)}));
        }
        EXPECT_TRUE(writer->close());
        return path;
    }
    std::string read(const std::vector<std::string>& paths, std::optional<ExchangeTime> until = {}) {
        auto merged = MergedRecording::open(paths, {}, until);
        if (!merged) {
            return merged.error().text();
        }
        std::string text;
        const auto read = read_records(**merged, {}, [&](const RawRecord& record) -> Result<void> {
            text += fmt::format("{}{}", text.empty() ? "" : " ", record.frame.text());
            return {};
        });
        if (!read) {
            return text + read.error().text();
        }
        notices = (*merged)->notices();
        return text;
    }
    std::vector<std::string> notices;
    test::TemporaryDirectory folder_;
};

TEST_F(Merged, FilesOneAfterTheOtherAreReadInTimeOrder) {
    const auto a = file("a", {{1, "a"}, {2, "b"}});
    const auto b = file("b", {{3, "c"}});
    EXPECT_EQ(read({b, a}), "a b c");
    EXPECT_TRUE(notices.empty());
}

TEST_F(Merged, OverlapsAreJoinedAndSaid) {
    const auto a = file("a", {{1, "a"}, {5, "e"}});
    const auto b = file("b", {{3, "c"}, {9, "f"}});
    const auto c = file("c", {{4, "d"}});
    EXPECT_EQ(read({c, b, a}), "a c d e f");
    ASSERT_EQ(notices.size(), 1U);
    EXPECT_EQ(notices[0].find("2 of 3 files begin before"), 0U) << notices[0];
}

TEST_F(Merged, WhatTwoFilesHoldIsTakenOnce) {
    const auto a = file("a", {{1, "a"}, {2, "b"}, {3, "c"}});
    const auto b = file("b", {{2, "b"}, {3, "c"}, {4, "d"}});
    EXPECT_EQ(read({a, b}), "a b c d");
    ASSERT_EQ(notices.size(), 2U);
    EXPECT_NE(notices[1].find("2 record(s)"), std::string::npos) << notices[1];
    EXPECT_EQ(read({a, a, a}), "a b c");
}

TEST_F(Merged, WhatOneFileHoldsTwiceIsTheReadersAffair) {
    const auto a = file("a", {{1, "a"}, {2, "a"}, {3, "b"}});
    const auto b = file("b", {{2, "a"}, {4, "a"}});
    EXPECT_EQ(read({a}), "a a b");
    EXPECT_EQ(read({a, b}), "a a b");
    const auto steady = file("steady", {{0, "x"}, {20'000, "x"}, {40'000, "x"}, {60'000, "x"}});
    EXPECT_EQ(read({steady, file("other", {{50'000, "y"}})}), "x x x y x");
}

TEST_F(Merged, OldRecordsAreForgotten) {
    EXPECT_EQ(read({file("a", {{0, "a"}, {100'000, "b"}}), file("b", {{31'000, "a"}})}), "a a b");
}

TEST_F(Merged, AFileKeepsTheOrderOfItsRecords) {
    EXPECT_EQ(read({file("a", {{5, "a"}, {3, "b"}, {8, "d"}}), file("b", {{6, "c"}})}), "a b c d");
}

TEST_F(Merged, WhatCameLaterIsAsIfItWereNotThere) {
    const auto a = file("a", {{5, "a"}, {3, "b"}, {8, "d"}});
    const auto b = file("b", {{4, "c"}});
    EXPECT_EQ(read({a, b}, ExchangeTime{4}), "b c");
    EXPECT_EQ(read({a, b}, ExchangeTime{2}), "");
    EXPECT_EQ(read({a}, ExchangeTime{8}), "a b d");
}

TEST_F(Merged, ErrorsNameTheFile) {
    const auto a = file("a", {{1, "a"}});
    EXPECT_NE(read({a, folder_.file("none")}).find("none"), std::string::npos);
    EXPECT_EQ(read({file("empty", {}), a}), "a");
}

}  // namespace
}  // namespace virtuoso
