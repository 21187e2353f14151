// The simulated exchange without its sockets.
#pragma once

#include "sim/account_service.hpp"
#include "sim/faults.hpp"
#include "sim/market_model.hpp"
#include "sim/rest_service.hpp"
#include "sim/served_exchange.hpp"
#include "sim/stream_hub.hpp"
#include "sim/topic_board.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso::sim {

struct SimExchangeOptions {
    std::size_t symbols = 560;
    std::uint64_t seed = 1;
    ExchangeTime start{};
    double activity = 1;                      ///< times the usual orders, and messages that they cause
    std::int64_t connection_lifetime_ms = 0;  ///< then a stream is hung up on; 0: the exchange's own rule
};

/// A market model behind Bybit v5's public protocol.
class SimulatedExchange final : public ServedExchange {
  public:
    static constexpr std::size_t arguments_length_max = 21'000;

    explicit SimulatedExchange(SimExchangeOptions options);

    /// Runs the market and sends what is due.
    void advance(std::int64_t now_ms) override;
    [[nodiscard]] std::int64_t now_ms() const noexcept override { return now_ms_; }

    /// GET of the public API, or GET/POST of /admin: faults, listing, counters. `body` of a POST is a fault
    /// as `Fault::parse` reads it, or a symbol.
    [[nodiscard]] ServerAnswer answer(const ServerRequest& request) override;

    [[nodiscard]] bool streams_at(std::string_view path) const noexcept override {
        return path == "/v5/public/linear";
    }
    void join(ServerPeer& client, std::string_view) override { hub_.join(client); }
    void leave(ServerPeer& client) override { hub_.leave(client); }
    /// Answers to subscribe, unsubscribe and ping, and refusals.
    void receive(ServerPeer& client, std::string_view text) override;

    [[nodiscard]] FaultPlan& faults() noexcept { return faults_; }
    [[nodiscard]] MarketModel& model() noexcept { return model_; }
    /// nullptr while nobody has subscribed to it.
    [[nodiscard]] const BookTopic* book_topic(std::string_view name) const;
    [[nodiscard]] bool tls_fails() override;
    [[nodiscard]] std::uint64_t frames_sent() const noexcept { return hub_.frames_sent(); }
    [[nodiscard]] std::size_t clients() const noexcept { return hub_.clients(); }

    void delist(std::string_view symbol);

  private:
    using Client = StreamHub::Client;

    void reply(Client& client, bool success, std::string_view message, std::string_view request_id,
               std::string_view operation);
    void subscribe(Client& client, const std::vector<std::string>& topics, std::string_view request_id);
    void unsubscribe(Client& client, const std::vector<std::string>& topics, std::string_view request_id);
    [[nodiscard]] std::string refusal_of(const Client& client, const std::vector<std::string>& topics);
    [[nodiscard]] std::string truth_of(std::string_view topic, std::string_view update_id) const;

    MarketModel model_;
    RestService rest_;
    AccountService account_;
    FaultPlan faults_;
    std::int64_t now_ms_;
    StreamHub hub_;
    TopicBoard topics_;
};

}  // namespace virtuoso::sim
