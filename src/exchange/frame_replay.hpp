// Handing on frames that had to wait.
#pragma once

#include "base/padded_frame.hpp"
#include "exchange/trade_gate.hpp"

#include <memory>
#include <string>

namespace virtuoso {

class ExchangeDialect;
class FeedSink;
class StreamCodec;

/// Decodes anew: events are valid until their codec's next frame only, so that what waits is kept as bytes.
/// O(bytes) a frame.
class FrameReplay final : public TradeGate::Outlet {
  public:
    FrameReplay(const ExchangeDialect& dialect, FeedSink& sink);
    ~FrameReplay() override;

    void hand_on(const TradeGate::Frame& frame) override;

  private:
    FeedSink& sink_;
    std::unique_ptr<StreamCodec> codec_;
    std::string channel_;
    FrameBuffer buffer_;
};

}  // namespace virtuoso
