// A market event that owns what its spans point to.
#pragma once

#include "market/event.hpp"

#include <string>
#include <variant>
#include <vector>

namespace virtuoso::test {

class OwnedEvent {
  public:
    explicit OwnedEvent(const MarketEvent& event)
        : symbol_(event.symbol), time_(event.time), payload_(event.payload) {
        std::visit([this](auto& payload) { keep(payload); }, payload_);
    }

    [[nodiscard]] ExchangeTime time() const { return time_; }
    [[nodiscard]] const MarketPayload& payload() const { return payload_; }
    /// Valid while this object lives and does not move.
    [[nodiscard]] MarketEvent event() const {
        MarketPayload payload = payload_;
        std::visit([this](auto& part) { point(part); }, payload);
        return {symbol_, time_, payload};
    }

  private:
    template <typename T>
    static std::vector<T> copied(std::span<const T> span) {
        return {span.begin(), span.end()};
    }
    template <typename T>
    void keep(T& payload) {
        if constexpr (requires { payload.bids; }) {
            bids_ = copied(payload.bids);
            asks_ = copied(payload.asks);
        } else if constexpr (requires { payload.prints; }) {
            prints_ = copied(payload.prints);
        } else if constexpr (requires { payload.events; }) {
            liquidations_ = copied(payload.events);
        } else if constexpr (requires { payload.candles; }) {
            candles_ = copied(payload.candles);
        } else if constexpr (std::is_same_v<T, OpenInterestHistory>) {
            interest_ = copied(payload.points);
        } else if constexpr (std::is_same_v<T, FundingHistory>) {
            funding_ = copied(payload.points);
        } else if constexpr (std::is_same_v<T, AccountRatioHistory>) {
            ratio_ = copied(payload.points);
        }
    }
    template <typename T>
    void point(T& payload) const {
        if constexpr (requires { payload.bids; }) {
            payload.bids = bids_;
            payload.asks = asks_;
        } else if constexpr (requires { payload.prints; }) {
            payload.prints = prints_;
        } else if constexpr (requires { payload.events; }) {
            payload.events = liquidations_;
        } else if constexpr (requires { payload.candles; }) {
            payload.candles = candles_;
        } else if constexpr (std::is_same_v<T, OpenInterestHistory>) {
            payload.points = interest_;
        } else if constexpr (std::is_same_v<T, FundingHistory>) {
            payload.points = funding_;
        } else if constexpr (std::is_same_v<T, AccountRatioHistory>) {
            payload.points = ratio_;
        }
    }

    std::string symbol_;
    ExchangeTime time_;
    MarketPayload payload_;
    std::vector<BookLevel> bids_;
    std::vector<BookLevel> asks_;
    std::vector<TradePrint> prints_;
    std::vector<Liquidation> liquidations_;
    std::vector<Candle> candles_;
    std::vector<OpenInterestPoint> interest_;
    std::vector<FundingPoint> funding_;
    std::vector<AccountRatioPoint> ratio_;
};

}  // namespace virtuoso::test
