// Turning WebSocket frames of an exchange into market events.
#pragma once

#include "base/error.hpp"
#include "base/padded_frame.hpp"
#include "market/event.hpp"

#include <span>
#include <string_view>

namespace virtuoso {

enum class FrameKind : std::uint8_t {
    market,      ///< `events` holds what happened
    subscribed,  ///< subscription accepted
    unsubscribed,
    subscription_failed,  ///< `detail` is the exchange's reason
    pong,
    authenticated,
    authentication_failed,
    request,  ///< a client's own request, recorded beside the answers
    quiet     ///< known and valid, but nothing for the market state
};

/// What a frame that was refused would have told.
enum class RefusedTopic : std::uint8_t {
    unknown,  ///< it broke before that was read
    book,
    trades,
    other
};

[[nodiscard]] constexpr std::string_view name_of(RefusedTopic topic) noexcept {
    switch (topic) {
        case RefusedTopic::book:
            return "book";
        case RefusedTopic::trades:
            return "trades";
        case RefusedTopic::other:
            return "other";
        case RefusedTopic::unknown:
            break;
    }
    return "unknown";
}

/// One decoded frame. Views point into the codec or the frame: valid until the next decode.
struct DecodedFrame {
    FrameKind kind = FrameKind::quiet;
    std::span<const MarketEvent> events{};
    std::string_view topic{};  ///< as it was subscribed to; empty when the frame does not tell
    std::string_view request_id{};
    std::string_view connection_id{};
    std::string_view detail{};
};

/// One codec serves one connection and one thread. Nothing is allocated per frame once warm.
class StreamCodec {
  public:
    virtual ~StreamCodec() = default;

    /// The error names the field or the unsupported product. O(bytes).
    [[nodiscard]] virtual Result<DecodedFrame> decode(PaddedFrame frame) = 0;

    /// Symbol of the last refused frame when it could be told, else empty.
    [[nodiscard]] virtual std::string_view refused_symbol() const noexcept = 0;
    /// What the last refused frame was of: data of that kind was lost with it.
    [[nodiscard]] virtual RefusedTopic refused_topic() const noexcept = 0;
    /// True when it was a book update: that symbol's book has lost data.
    [[nodiscard]] bool refused_book() const noexcept { return refused_topic() == RefusedTopic::book; }
};

}  // namespace virtuoso
