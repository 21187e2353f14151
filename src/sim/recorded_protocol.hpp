// How one exchange's clients are told what a recording holds.
#pragma once

#include "sim/recorded_market.hpp"
#include "sim/stream_hub.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso::sim {

/// Times leave moved by `shift_ms`; `clock_ms` is the exchange's clock, so moved.
class RecordedProtocol {
  public:
    virtual ~RecordedProtocol() = default;
    [[nodiscard]] static std::unique_ptr<RecordedProtocol> make(const RecordedMarket& market,
                                                                std::int64_t shift_ms);

    [[nodiscard]] virtual bool streams_at(std::string_view path) const noexcept = 0;
    /// Whether a client that joined at `target` is told of this topic. Subscribing is accepted all the same.
    [[nodiscard]] virtual bool delivers(std::string_view target, std::string_view topic) const noexcept = 0;
    [[nodiscard]] virtual HttpAnswer answer(std::string_view target, std::int64_t clock_ms) const = 0;

    struct Request {
        enum class Kind : std::uint8_t { subscribe, unsubscribe, other };
        Kind kind = Kind::other;
        std::vector<std::string> topics;
        std::string reply;
    };
    /// What a client's frame asks for, and the answer to it. `client`: what it is subscribed to.
    [[nodiscard]] virtual Request read(std::string_view text, const StreamHub::Client& client) const = 0;
    /// What a subscription begins with; empty when it waits for the next message.
    [[nodiscard]] virtual std::string snapshot(std::string_view topic, std::int64_t clock_ms) const = 0;
    /// The name under which frames for subscribers of `topic` are recorded.
    [[nodiscard]] virtual std::string recorded_as(std::string_view topic) const = 0;
    /// The recorded frame as a subscriber of `topic` gets it, times not yet moved.
    [[nodiscard]] virtual std::string frame_for(std::string_view topic,
                                                const RecordedMarket::Frame& frame) const = 0;
};

/// The request's `limit`, at most `most`.
[[nodiscard]] std::size_t limit_of(const RestRequest& request, std::size_t absent, std::size_t most);

/// "16578.50" with the decimals that a step of `step_units` needs.
[[nodiscard]] std::string units_text(std::int64_t units, std::int64_t step_units);
/// The same of an amount that may be beyond the exact range.
[[nodiscard]] std::string amount_text(double amount, std::int64_t step_units);

/// `[["price","size"],…]` of a side from the touch outwards, at most `limit` levels.
[[nodiscard]] std::string levels_text(const RecordedSymbol& symbol, const BookView& book, bool bids,
                                      std::size_t limit);

/// The newest `limit` candles, oldest first, the open one last.
[[nodiscard]] std::vector<Candle> newest_candles(const RecordedSymbol& symbol, Timeframe timeframe,
                                                 std::size_t limit);

}  // namespace virtuoso::sim
