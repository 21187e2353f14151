// Chooses the codec for a channel of recorded traffic.
#pragma once

#include "base/error.hpp"
#include "exchange/raw_record.hpp"
#include "exchange/skipped_elements.hpp"
#include "market/event.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

/// Turns the records of channels with one key into events. Codecs keep buffers, so there is one per key
/// and not one per request.
class SourceDecoder {
  public:
    virtual ~SourceDecoder() = default;
    /// The channel; of REST channels, whose requests differ, the part before the request.
    [[nodiscard]] static std::string_view key_of(std::string_view channel) noexcept;

    /// `channel` has this decoder's key. Events are valid until the next call.
    [[nodiscard]] virtual Result<std::span<const MarketEvent>> decode(std::string_view channel,
                                                                      PaddedFrame frame) = 0;
    /// Whether records are read that tell something only together: parts of a longer candle.
    [[nodiscard]] virtual bool gathers() const noexcept { return false; }
    /// Symbol of the last refused record, empty when unknown.
    [[nodiscard]] virtual std::string_view refused_symbol() const noexcept { return {}; }
    [[nodiscard]] virtual bool refused_book() const noexcept { return false; }
    /// What the last decoded record held that could not be read; null when nothing of it is ever left out.
    [[nodiscard]] virtual const SkippedElements* skipped() const noexcept { return nullptr; }

    [[nodiscard]] const std::string& exchange() const noexcept { return exchange_; }

    /// Error: unknown_topic for channels of exchanges that are not known.
    [[nodiscard]] static Result<std::unique_ptr<SourceDecoder>> for_channel(std::string_view channel);

  protected:
    explicit SourceDecoder(std::string exchange) : exchange_(std::move(exchange)) {}

  private:
    std::string exchange_;
};

/// The decoders of a recording's channels, made as they are met.
class SourceDecoders {
  public:
    struct Source {
        std::string key;                         ///< the channel, of REST channels without the request
        std::unique_ptr<SourceDecoder> decoder;  ///< null: the channel is not known
        Error error{ErrorCode::unknown_topic, {}};
    };

    /// O(1) for the channel of the record before, else O(channels).
    [[nodiscard]] Source& of(std::string_view channel);

  private:
    std::vector<std::unique_ptr<Source>> sources_;
    Source* last_ = nullptr;
};

}  // namespace virtuoso
