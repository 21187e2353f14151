// The simulated exchange as Binance's USD-M futures, without its sockets.
#pragma once

#include "exchange/binance/stream_tier.hpp"
#include "sim/binance_request.hpp"
#include "sim/binance_rest.hpp"
#include "sim/binance_topic.hpp"
#include "sim/faults.hpp"
#include "sim/market_model.hpp"
#include "sim/served_exchange.hpp"
#include "sim/simulated_exchange.hpp"
#include "sim/stream_hub.hpp"
#include "sim/topic_board.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace virtuoso::sim {

/// A market model behind Binance's public protocol as it is since April 2026: `/public/stream` delivers
/// books, `/market/stream` everything else; every path acknowledges every subscription. A connection ends
/// after 24 hours, with more than ten messages a second, and holds at most 1024 streams.
class SimulatedBinance final : public ServedExchange {
  public:
    static constexpr std::int64_t lifetime_ms = ms_per_day;
    static constexpr std::size_t streams_max = 1'024;
    static constexpr int messages_per_second_max = 10;

    explicit SimulatedBinance(SimExchangeOptions options);

    /// Runs the market and sends what is due.
    void advance(std::int64_t now_ms) override;
    [[nodiscard]] std::int64_t now_ms() const noexcept override { return now_ms_; }

    /// GET of the public API, or GET and POST of /admin: faults and their like.
    [[nodiscard]] ServerAnswer answer(const ServerRequest& request) override;
    [[nodiscard]] bool streams_at(std::string_view path) const noexcept override;
    void join(ServerPeer& client, std::string_view target) override;
    void leave(ServerPeer& client) override;
    void receive(ServerPeer& client, std::string_view text) override;
    [[nodiscard]] bool tls_fails() override;

    [[nodiscard]] FaultPlan& faults() noexcept { return faults_; }
    [[nodiscard]] MarketModel& model() noexcept { return model_; }
    [[nodiscard]] const BinanceRest& rest() const noexcept { return rest_; }
    /// nullptr while nobody has subscribed to it.
    [[nodiscard]] const BinanceDepthTopic* depth_topic(std::string_view stream) const;
    [[nodiscard]] std::size_t clients() const noexcept { return hub_.clients(); }
    /// Connections ended because of their age.
    [[nodiscard]] std::uint64_t rotations() const noexcept { return hub_.ended_of_age(); }

    void delist(std::string_view symbol);

  private:
    struct Session {
        binance::StreamTier tier = binance::StreamTier::books;
        RequestWindow messages{ms_per_second, messages_per_second_max};
    };
    void subscribe(StreamHub::Client& client, binance::StreamTier tier, const BinanceRequest& request);
    /// A snapshot of a book is about to be taken.
    void note_seen(const RestRequest& request);

    MarketModel model_;
    FaultPlan faults_;
    BinanceRest rest_;
    std::int64_t now_ms_;
    StreamHub hub_;
    TopicBoard topics_;
    std::map<const ServerPeer*, Session> sessions_;
};

}  // namespace virtuoso::sim
