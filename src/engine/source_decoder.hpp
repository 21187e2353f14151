// Chooses the codec for a channel of recorded traffic.
#pragma once

#include "base/error.hpp"
#include "journal/raw_record.hpp"
#include "market/event.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace virtuoso {

/// Turns the records of one channel into events. One per channel: codecs keep buffers.
class SourceDecoder {
  public:
    virtual ~SourceDecoder() = default;
    /// Events are valid until the next call.
    [[nodiscard]] virtual Result<std::span<const MarketEvent>> decode(PaddedFrame frame) = 0;
    /// Symbol of the last refused record, empty when unknown.
    [[nodiscard]] virtual std::string_view refused_symbol() const noexcept { return {}; }
    [[nodiscard]] virtual bool refused_book() const noexcept { return false; }

    [[nodiscard]] const std::string& exchange() const noexcept { return exchange_; }

    /// Error: unknown_topic for channels of exchanges that are not known.
    [[nodiscard]] static Result<std::unique_ptr<SourceDecoder>> for_channel(std::string_view channel);

  protected:
    explicit SourceDecoder(std::string exchange) : exchange_(std::move(exchange)) {}

  private:
    std::string exchange_;
};

}  // namespace virtuoso
