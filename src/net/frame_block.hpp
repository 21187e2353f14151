// WebSocket bytes received ahead of their use.
#pragma once

#include "base/padded_frame.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace virtuoso::net {

/// What lies at the front of a block.
enum class BlockFront : std::uint8_t {
    message,  ///< a whole message in one frame: `take_message`
    partial,  ///< the beginning of one, or nothing: receive more
    other     ///< a control frame, a fragment, anything unusual: for the protocol's own reader, by `serve`
};

/// Takes what a server sends in large pieces and gives whole messages out where they lie, without a copy. It
/// decides nothing of the protocol: whatever is not a plain message (RFC 6455 §5.2: final, unmasked, no
/// extension, text or binary, of canonical length) is served to a complete implementation, which therefore
/// gets exactly one frame at a time, and never a byte of the message after it. At first it serves the
/// answer to the handshake, up to its empty line.
///
/// Texts are not checked for UTF-8: who reads them refuses what he cannot read.
class FrameBlock {
  public:
    static constexpr std::size_t read_bytes = std::size_t{128} << 10;

    explicit FrameBlock(std::size_t message_bytes_max) : message_bytes_max_(message_bytes_max) {}

    /// Where at least `read_bytes` more may be written, then told by `received`. Ends what was handed out.
    [[nodiscard]] std::span<char> room();
    void received(std::size_t bytes);

    [[nodiscard]] BlockFront front() const noexcept;
    /// Precondition: front() == BlockFront::message. Valid until `room`.
    [[nodiscard]] PaddedFrame take_message() noexcept;

    /// Copies the next bytes, at most the rest of the handshake's answer or of the frame at the front. 0:
    /// more has to be received.
    [[nodiscard]] std::size_t serve(std::span<char> out);

  private:
    struct Header {
        std::size_t header_bytes = 0;  ///< 0: not all of it is here
        std::uint64_t payload_bytes = 0;
        bool plain = false;
    };
    [[nodiscard]] Header header() const noexcept;
    [[nodiscard]] std::size_t size() const noexcept { return end_ - begin_; }
    [[nodiscard]] std::size_t handshake_bytes(std::size_t at_most) noexcept;

    std::size_t message_bytes_max_;
    std::vector<char> bytes_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::size_t empty_line_ = 0;  ///< characters of "\r\n\r\n" that the handshake's answer has shown last
    std::uint64_t left_of_frame_ = 0;  ///< still to be served
};

}  // namespace virtuoso::net
