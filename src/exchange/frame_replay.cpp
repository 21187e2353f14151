#include "exchange/frame_replay.hpp"

#include "exchange/exchange_dialect.hpp"
#include "exchange/feed.hpp"

#include <fmt/format.h>

namespace virtuoso {

FrameReplay::FrameReplay(const ExchangeDialect& dialect, FeedSink& sink)
    : sink_(sink), codec_(dialect.stream_codec()), channel_(fmt::format("{}/ws", dialect.exchange())) {}

FrameReplay::~FrameReplay() = default;

void FrameReplay::hand_on(const TradeGate::Frame& frame) {
    const PaddedFrame padded = buffer_.assign(frame.bytes);
    const auto decoded = codec_->decode(padded);
    if (!decoded || decoded->events.empty()) {
        return;  // it was decoded when it came
    }
    sink_.on_record({frame.received, frame.connection, channel_, padded});
    sink_.on_events(decoded->events);
}

}  // namespace virtuoso
