// Whatever a server sends and however it is cut: messages come out whole and in order, and the protocol's
// reader gets every other frame by itself.
#include "net/frame_block.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

namespace virtuoso::net {
namespace {

constexpr std::string_view handshake =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nX: \r\r\n\r\n";

struct Frame {
    std::string bytes;
    std::string payload;
    bool plain = false;
};

/// `length_bytes` 0, 2 or 8, be it the shortest or not.
Frame make_frame(std::uint8_t first, bool masked, int length_bytes, const std::string& payload) {
    Frame frame{.bytes = {}, .payload = payload};
    const std::size_t size = payload.size();
    const unsigned mask_bit = masked ? 0x80U : 0U;
    frame.bytes += static_cast<char>(first);
    const unsigned code = length_bytes == 0 ? static_cast<unsigned>(size) : length_bytes == 2 ? 126U : 127U;
    frame.bytes += static_cast<char>(mask_bit | code);
    for (int i = length_bytes - 1; i >= 0; --i) {
        frame.bytes += static_cast<char>(size >> (8 * i) & 0xffU);
    }
    frame.bytes += masked ? "mask" : "";
    frame.bytes += payload;
    const int shortest = size < 126 ? 0 : size < 65'536 ? 2 : 8;
    frame.plain = (first == 0x81 || first == 0x82) && !masked && length_bytes == shortest;
    return frame;
}

Frame random_frame(std::mt19937_64& random) {
    const std::array<std::size_t, 8> sizes{0, 1, 125, 126, 127, 1'000, 65'535, 65'536};
    std::size_t size = random() % 3 == 0 ? sizes[random() % sizes.size()] : random() % 400;
    std::string payload(size, ' ');
    std::generate(payload.begin(), payload.end(), [&] { return static_cast<char>(random()); });
    const std::array<std::uint8_t, 8> unusual{0x01, 0x00, 0x80, 0x88, 0x89, 0x8a, 0xc1, 0x91};
    const bool usual = random() % 4 != 0;
    const std::uint8_t first = usual ? (random() % 2 == 0 ? 0x81 : 0x82) : unusual[random() % unusual.size()];
    const int shortest = size < 126 ? 0 : size < 65'536 ? 2 : 8;
    return make_frame(first, random() % 20 == 0, random() % 20 == 0 ? 8 : shortest, payload);
}

/// Gives a block the stream in pieces and takes out whatever can be taken.
class Reader {
  public:
    explicit Reader(std::size_t message_bytes_max) : block_(message_bytes_max) {}

    void give(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto room = block_.room();
            const std::size_t count = std::min(room.size(), bytes.size());
            ASSERT_GT(count, 0U);
            std::memcpy(room.data(), bytes.data(), count);
            block_.received(count);
            bytes.remove_prefix(count);
            take();
        }
    }

    std::string served;
    std::vector<std::string> messages;  ///< with "other:" before what was served meanwhile

  private:
    void take() {
        while (true) {
            switch (block_.front()) {
                case BlockFront::message: {
                    flush();
                    const PaddedFrame frame = block_.take_message();
                    messages.emplace_back(frame.text());
                    break;
                }
                case BlockFront::partial:
                    return;
                case BlockFront::other: {
                    std::array<char, 700> piece{};
                    const std::size_t count = block_.serve(std::span(piece).first(1 + messages.size() % 700));
                    if (count == 0) {
                        return;
                    }
                    served.append(piece.data(), count);
                    break;
                }
            }
        }
    }
    void flush() {
        if (!served.empty()) {
            messages.push_back("other:" + std::exchange(served, {}));
        }
    }

    FrameBlock block_;
};

TEST(FrameBlock, GivesWholeMessagesInOrderHoweverTheBytesAreCut) {
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        std::mt19937_64 random(seed);
        std::string stream(handshake);
        std::string others(handshake);
        std::vector<std::string> expected;
        for (int i = 0; i < 80; ++i) {
            const Frame frame = random_frame(random);
            stream += frame.bytes;
            if (frame.plain) {
                if (!others.empty()) {
                    expected.push_back("other:" + std::exchange(others, {}));
                }
                expected.push_back(frame.payload);
            } else {
                others += frame.bytes;
            }
        }
        Reader reader(1U << 20);
        const std::size_t piece_max = std::array<std::size_t, 4>{1, 7, 1'000, 1U << 20}[seed % 4];
        for (std::string_view left = stream; !left.empty();) {
            const auto piece = left.substr(0, 1 + random() % piece_max);
            reader.give(piece);
            left.remove_prefix(piece.size());
        }
        ASSERT_EQ(reader.messages, expected) << "seed " << seed;
        ASSERT_EQ(reader.served, others) << "seed " << seed;
    }
}

TEST(FrameBlock, LeavesWhatIsTooLongToTheProtocol) {
    Reader reader(1'000);
    reader.give(handshake);
    reader.give(make_frame(0x81, false, 2, std::string(1'000, 'a')).bytes);
    ASSERT_EQ(reader.messages.size(), 2U);
    reader.give(make_frame(0x81, false, 2, std::string(1'001, 'a')).bytes);
    EXPECT_EQ(reader.messages.size(), 2U);
    EXPECT_EQ(reader.served.size(), 1'005U);
}

TEST(FrameBlock, DoesNotBelieveAnAnnouncedLength) {
    FrameBlock block(std::size_t{1} << 40U);
    const std::string start = std::string(handshake) + std::string("\x81\x7f\0\0\0\x7f\0\0\0\0abc", 13);
    std::memcpy(block.room().data(), start.data(), start.size());
    block.received(start.size());
    std::array<char, 500> answer{};
    ASSERT_EQ(block.serve(answer), handshake.size());
    EXPECT_EQ(block.front(), BlockFront::partial);
    EXPECT_LE(block.room().size(), 4 * FrameBlock::read_bytes);
}

TEST(FrameBlock, PutsZerosBehindTheLastMessage) {
    FrameBlock block(1U << 20);
    const std::string start = std::string(handshake) + make_frame(0x81, false, 0, "12345").bytes;
    auto room = block.room();
    std::fill(room.begin(), room.end(), '9');
    std::memcpy(room.data(), start.data(), start.size());
    block.received(start.size());
    std::array<char, 500> answer{};
    ASSERT_EQ(block.serve(answer), handshake.size());
    const PaddedFrame message = block.take_message();
    EXPECT_EQ(message.text(), "12345");
    EXPECT_EQ(std::string(message.data + message.size, frame_padding), std::string(frame_padding, '\0'));
}

}  // namespace
}  // namespace virtuoso::net
