// Whether all topics of a symbol deliver.
#pragma once

#include "exchange/delivery_watch.hpp"
#include "market/event.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

class ExchangeClock;
struct SymbolTopics;

enum class TopicRole : std::uint8_t { book, trades, ticker, klines, day_ticker };
inline constexpr std::array topic_roles{TopicRole::book, TopicRole::trades, TopicRole::ticker,
                                        TopicRole::klines, TopicRole::day_ticker};

[[nodiscard]] std::string_view name_of(TopicRole role) noexcept;

/// Holds a symbol's topics against each other: where one shows that something was traded, the others have to
/// tell of it. Liquidations are rare and left alone. O(topics) a call.
class SymbolDelivery {
  public:
    /// `topics` and `clock` outlive it.
    SymbolDelivery(const SymbolTopics& topics, const ExchangeClock& clock, std::uint64_t seed);

    /// The first event of a frame.
    void note(const MarketEvent& event, LocalTime received);
    /// Candles that were asked for: minutes of which the topics should have told.
    void note_candles(const KlineHistory& history);

    [[nodiscard]] const std::string& topic_of(TopicRole role) const noexcept;
    [[nodiscard]] std::optional<TopicRole> role_of(std::string_view topic) const noexcept;
    [[nodiscard]] DeliveryWatch& watch(TopicRole role) noexcept {
        return watches_[static_cast<std::size_t>(role)];
    }
    [[nodiscard]] const DeliveryWatch& watch(TopicRole role) const noexcept {
        return watches_[static_cast<std::size_t>(role)];
    }
    /// A topic whose times are not the present's.
    [[nodiscard]] bool skewed() const noexcept;
    void add_concerns(std::vector<std::string>& reasons, LocalTime now) const;

  private:
    void note_ticker(const TickerUpdate& ticker, TopicRole role);
    void note_kline(const KlineUpdate& kline);
    /// Something was traded at or after `at`: everything but `shown_by` has to tell of it.
    void sign(TopicRole shown_by, LocalTime at);

    const SymbolTopics& topics_;
    const ExchangeClock& clock_;
    std::array<DeliveryWatch, topic_roles.size()> watches_;
    Price last_price_;
    double volume_24h_ = 0;
    ExchangeTime candle_;  ///< the newest that a topic told of
    double candle_volume_ = 0;
    ExchangeTime asked_candle_;  ///< the newest that was asked for and had volume
};

}  // namespace virtuoso
