#include "journal/journal_format.hpp"
#include "journal/journal_reader.hpp"
#include "journal/journal_writer.hpp"
#include "support/shared_file.hpp"
#include "support/temporary_file.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <fstream>

namespace virtuoso {
namespace {

struct Kept {
    std::int64_t received_ns;
    std::uint32_t connection;
    std::string channel;
    std::string text;
    friend bool operator==(const Kept&, const Kept&) = default;
};

Kept sample(int i) {
    return {1'000'000'000LL + i * 1'000LL, static_cast<std::uint32_t>(i % 3),
            i % 5 == 0 ? "bybit/rest/v5/market/time" : "bybit/ws", "frame " + std::to_string(i * 7919)};
}

void append(JournalWriter& writer, const Kept& kept) {
    FrameBuffer buffer;
    const auto done =
        writer.append({{kept.received_ns}, kept.connection, kept.channel, buffer.assign(kept.text)});
    ASSERT_TRUE(done) << done.error().message;
}

/// Five blocks of 40 records, written to memory by way of a file.
std::string small_journal(bool closed = true) {
    const test::TemporaryDirectory folder;
    const std::string path = folder.file("small.journal");
    {
        auto writer = JournalWriter::create(path);
        EXPECT_TRUE(writer);
        for (int i = 0; i < 200; ++i) {
            append(*writer, sample(i));
            if (i % 40 == 39) {
                EXPECT_TRUE(writer->flush());
            }
        }
        if (closed) {
            EXPECT_TRUE(writer->close());
        }
    }
    return test::read_text(path);
}

std::vector<Kept> read_all(JournalReader& reader) {
    std::vector<Kept> result;
    RawRecord record;
    for (;;) {
        const auto more = reader.next(record);
        EXPECT_TRUE(more);
        if (!more || !*more) {
            return result;
        }
        result.push_back({record.received.ns, record.connection, std::string(record.channel),
                          std::string(record.frame.text())});
    }
}

TEST(Journal, GivesBackWhatItGot) {
    const std::string bytes = small_journal();
    auto reader = JournalReader::over(bytes);
    ASSERT_TRUE(reader);
    const auto all = read_all(**reader);
    ASSERT_EQ(all.size(), 200U);
    for (int i = 0; i < 200; ++i) {
        EXPECT_EQ(all[static_cast<std::size_t>(i)], sample(i));
    }
    EXPECT_TRUE((*reader)->indexed());
    EXPECT_TRUE((*reader)->notices().empty());
    EXPECT_EQ((*reader)->progress(), 1.0);
}

TEST(Journal, SplitsIntoBlocksByItself) {
    const test::TemporaryDirectory folder;
    const std::string path = folder.file("long.journal");
    auto writer = JournalWriter::create(path);
    ASSERT_TRUE(writer);
    const std::string text(900, 'x');
    for (int i = 0; i < 5'000; ++i) {
        append(*writer, {i, 0, "bybit/ws", text});
    }
    append(*writer, {5'000, 0, "bybit/ws", std::string(3 << 20, 'y')});
    append(*writer, {5'001, 0, "bybit/ws", ""});
    ASSERT_TRUE(writer->close());
    auto reader = JournalReader::open(path);
    ASSERT_TRUE(reader);
    const auto all = read_all(**reader);
    ASSERT_EQ(all.size(), 5'002U);
    EXPECT_EQ(all[5'000].text.size(), std::size_t{3} << 20);
    EXPECT_TRUE(all[5'001].text.empty());
}

TEST(Journal, CutAtAnyByteLosesAtMostTheLastBlock) {
    const std::string whole = small_journal();
    std::vector<std::size_t> ends;  // where each block ends
    for (std::size_t at = journal_format::file_header_bytes; whole.compare(at, 4, "VBLK") == 0;) {
        at += journal_format::block_header_bytes + journal_format::get<std::uint32_t>(whole.data() + at + 12);
        ends.push_back(at);
    }
    ASSERT_EQ(ends.size(), 5U);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const std::vector<char> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        auto reader = JournalReader::over(cut);
        if (size < journal_format::file_header_bytes) {
            ASSERT_FALSE(reader) << size;
            ASSERT_EQ(reader.error().code, ErrorCode::journal_header);
            continue;
        }
        ASSERT_TRUE(reader) << size;
        const auto blocks =
            std::count_if(ends.begin(), ends.end(), [&](std::size_t end) { return end <= size; });
        const auto all = read_all(**reader);
        ASSERT_EQ(all.size(), static_cast<std::size_t>(blocks) * 40) << "cut at " << size;
        for (std::size_t i = 0; i < all.size(); ++i) {
            ASSERT_EQ(all[i], sample(static_cast<int>(i)));
        }
        ASSERT_FALSE((*reader)->notices().empty()) << "cut at " << size << " and not reported";
        ASSERT_EQ((*reader)->damage().corrupt_blocks, 0U);
    }
}

TEST(Journal, AnyFlippedByteCostsAtMostItsBlockAndIsReported) {
    const std::string whole = small_journal();
    for (std::size_t at = 0; at < whole.size(); ++at) {
        std::string damaged = whole;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x20);
        auto reader = JournalReader::over(damaged);
        if (at < journal_format::file_header_bytes) {
            ASSERT_FALSE(reader);
            continue;
        }
        ASSERT_TRUE(reader);
        const auto all = read_all(**reader);
        ASSERT_GE(all.size(), 160U) << at;
        ASSERT_FALSE((*reader)->notices().empty()) << at;
        for (const auto& kept : all) {
            const auto i = static_cast<int>((kept.received_ns - 1'000'000'000) / 1'000);
            ASSERT_EQ(kept, sample(i)) << "a damaged record was given out";
        }
    }
}

TEST(Journal, SeeksWithAndWithoutIndex) {
    for (const bool closed : {true, false}) {
        const std::string bytes = small_journal(closed);
        auto reader = JournalReader::over(bytes);
        ASSERT_TRUE(reader);
        EXPECT_EQ((*reader)->indexed(), closed);
        for (const int wanted : {125, 0, 199, 40, 39}) {
            (*reader)->seek({sample(wanted).received_ns});
            RawRecord record;
            ASSERT_TRUE(*(*reader)->next(record));
            EXPECT_EQ(std::string(record.frame.text()), sample(wanted / 40 * 40).text)
                << "start of its block";
        }
        (*reader)->seek({sample(200).received_ns});
        RawRecord record;
        EXPECT_FALSE(*(*reader)->next(record));
    }
}

TEST(Journal, UnclosedIsReadAndReported) {
    const std::string bytes = small_journal(false);
    auto reader = JournalReader::over(bytes);
    EXPECT_EQ(read_all(**reader).size(), 200U);
    ASSERT_EQ((*reader)->notices().size(), 1U);
    EXPECT_TRUE((*reader)->notices()[0].starts_with("E_JOURNAL_TORN"));
}

TEST(Journal, RefusesOtherVersionsByNumber) {
    std::string bytes = small_journal();
    bytes[8] = 9;
    const auto checksum = journal_format::checksum(std::span(bytes).first(12));
    std::memcpy(bytes.data() + 12, &checksum, 4);
    const auto reader = JournalReader::over(bytes);
    ASSERT_FALSE(reader);
    EXPECT_NE(reader.error().message.find("version 9"), std::string::npos);
}

TEST(Journal, TellsWhenItCannotBeCreated) {
    const auto writer = JournalWriter::create("/nonexistent/folder/a.journal");
    ASSERT_FALSE(writer);
    EXPECT_EQ(writer.error().code, ErrorCode::file_write);
    const auto device = JournalWriter::create("/dev/full");
    ASSERT_FALSE(device);
    EXPECT_NE(device.error().message.find("File exists"), std::string::npos)
        << "what is there is not replaced";
}

/// The file-size limit of the process plays the full disk.
TEST(Journal, AFullDiskKeepsWholeBlocksAndLosesNothingOnceThereIsSpace) {
    const test::TemporaryDirectory folder;
    const std::string path = folder.file("full.journal");
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit unlimited{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &unlimited), 0);
    auto writer = JournalWriter::create(path);
    ASSERT_TRUE(writer);
    for (int i = 0; i < 40; ++i) {
        append(*writer, sample(i));
    }
    ASSERT_TRUE(writer->flush());
    rlimit limit = unlimited;
    limit.rlim_cur = writer->bytes_written() + 60;  // room for a part of the next block
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
    for (int i = 40; i < 80; ++i) {
        append(*writer, sample(i));
    }
    const auto flushed = writer->flush();
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &unlimited), 0);
    ASSERT_FALSE(flushed);
    EXPECT_EQ(flushed.error().code, ErrorCode::file_write);
    {
        auto reader = JournalReader::open(path);
        ASSERT_TRUE(reader);
        EXPECT_EQ(read_all(**reader).size(), 40U);
        EXPECT_EQ((*reader)->damage().torn_bytes, 0U) << "no half block stays behind";
    }
    ASSERT_TRUE(writer->close());
    auto reader = JournalReader::open(path);
    ASSERT_TRUE(reader);
    EXPECT_EQ(read_all(**reader).size(), 80U);
}

}  // namespace
}  // namespace virtuoso
