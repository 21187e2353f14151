// What a WebSocket server sends, cut by the first byte: whatever it is, the block gives every byte out once.
#include "net/frame_block.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace virtuoso::net;
    if (size == 0) {
        return 0;
    }
    const std::size_t piece = 1 + data[0];
    FrameBlock block(1U << 16);
    std::size_t out = 0;
    for (std::size_t at = 1; at < size; at += piece) {
        const auto room = block.room();
        const std::size_t count = std::min(piece, size - at);
        std::copy_n(data + at, count, room.data());
        block.received(count);
        std::array<char, 100> served{};
        bool more = true;
        while (more) {
            if (block.front() == BlockFront::message) {
                const auto message = block.take_message();
                out += message.size + (message.size < 126 ? 2U : message.size < 65'536 ? 4U : 10U);
            } else {
                const std::size_t bytes = block.front() == BlockFront::other ? block.serve(served) : 0;
                out += bytes;
                more = bytes > 0;
            }
        }
    }
    if (out > size - 1) {
        std::abort();
    }
    return 0;
}
