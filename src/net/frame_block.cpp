#include "net/frame_block.hpp"

#include <algorithm>
#include <string_view>

namespace virtuoso::net {

namespace {

constexpr std::string_view empty_line = "\r\n\r\n";
constexpr std::size_t idle_bytes_max = 4 * FrameBlock::read_bytes;  ///< kept while nothing waits

}  // namespace

std::span<char> FrameBlock::room() {
    if (begin_ > 0) {
        std::memmove(bytes_.data(), bytes_.data() + begin_, size());
        end_ -= begin_;
        begin_ = 0;
    }
    if (end_ == 0 && bytes_.size() > idle_bytes_max) {
        bytes_ = {};
    }
    // A long message doubles the block as it comes: its announced length is not believed.
    if (bytes_.size() < end_ + read_bytes + frame_padding) {
        bytes_.resize(end_ + std::max(end_, read_bytes) + frame_padding);
    }
    return std::span(bytes_).subspan(end_, bytes_.size() - end_ - frame_padding);
}

void FrameBlock::received(std::size_t bytes) {
    end_ += bytes;
    std::memset(bytes_.data() + end_, 0, frame_padding);
}

FrameBlock::Header FrameBlock::header() const noexcept {
    const auto byte = [this](std::size_t i) { return static_cast<std::uint8_t>(bytes_[begin_ + i]); };
    if (size() < 2) {
        return {};
    }
    const bool masked = (byte(1) & 0x80U) != 0;
    const unsigned code = byte(1) & 0x7fU;
    const std::size_t length_bytes = code == 126 ? 2U : code == 127 ? 8U : 0U;
    const std::size_t header_bytes = 2 + length_bytes + (masked ? 4U : 0U);
    if (size() < header_bytes) {
        return {};
    }
    std::uint64_t length = length_bytes == 0 ? code : 0;
    for (std::size_t i = 0; i < length_bytes; ++i) {
        length = length << 8U | byte(2 + i);
    }
    const bool canonical = length_bytes == 0 || length > (length_bytes == 2 ? 125U : 0xffffU);
    const bool data = byte(0) == 0x81 || byte(0) == 0x82;
    return {header_bytes, length, data && !masked && canonical && length <= message_bytes_max_};
}

BlockFront FrameBlock::front() const noexcept {
    if (empty_line_ < empty_line.size() || left_of_frame_ > 0) {
        return BlockFront::other;
    }
    const Header next = header();
    if (next.header_bytes == 0) {
        return BlockFront::partial;
    }
    if (!next.plain) {
        return BlockFront::other;
    }
    return size() - next.header_bytes < next.payload_bytes ? BlockFront::partial : BlockFront::message;
}

PaddedFrame FrameBlock::take_message() noexcept {
    const Header taken = header();
    const char* const text = bytes_.data() + begin_ + taken.header_bytes;
    const auto length = static_cast<std::size_t>(taken.payload_bytes);
    begin_ += taken.header_bytes + length;
    return {text, length};
}

// As many of the next bytes as belong to the handshake's answer.
std::size_t FrameBlock::handshake_bytes(std::size_t at_most) noexcept {
    std::size_t count = 0;
    while (count < at_most && empty_line_ < empty_line.size()) {
        const char c = bytes_[begin_ + count++];
        empty_line_ = c == empty_line[empty_line_] ? empty_line_ + 1 : (c == '\r' ? 1U : 0U);
    }
    return count;
}

std::size_t FrameBlock::serve(std::span<char> out) {
    std::size_t count = std::min(out.size(), size());
    if (empty_line_ < empty_line.size()) {
        count = handshake_bytes(count);
    } else {
        if (left_of_frame_ == 0) {
            const Header next = header();
            left_of_frame_ = next.header_bytes == 0 ? 0 : next.header_bytes + next.payload_bytes;
        }
        count = static_cast<std::size_t>(std::min<std::uint64_t>(count, left_of_frame_));
        left_of_frame_ -= count;
    }
    if (count > 0) {
        std::memcpy(out.data(), bytes_.data() + begin_, count);
        begin_ += count;
    }
    return count;
}

}  // namespace virtuoso::net
