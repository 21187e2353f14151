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

/// One decoded frame. Views point into the codec or the frame: valid until the next decode.
struct DecodedFrame {
    FrameKind kind = FrameKind::quiet;
    std::span<const MarketEvent> events{};
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
    /// True when the last refused frame was a book update: that symbol's book has lost data.
    [[nodiscard]] virtual bool refused_book() const noexcept = 0;
};

}  // namespace virtuoso
