// The simulated exchange without its sockets.
#pragma once

#include "exchange/sim/faults.hpp"
#include "exchange/sim/market_model.hpp"
#include "exchange/sim/rest_service.hpp"
#include "exchange/sim/topic.hpp"
#include "exchange/transport.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso::sim {

struct SimExchangeOptions {
    std::size_t symbols = 560;
    std::uint64_t seed = 1;
    ExchangeTime start{};
};

using FrameText = std::shared_ptr<const std::string>;

/// One WebSocket client, as the exchange sees it. Neither call may call the exchange back at once.
class SimClient {
  public:
    virtual ~SimClient() = default;
    virtual void deliver(const FrameText& frame) = 0;
    /// The exchange hangs up. `SimulatedExchange::leave` is still to be called.
    virtual void hang_up() = 0;
};

struct SimAnswer {
    HttpAnswer http;
    std::int64_t delay_ms = 0;
};

/// Speaks Bybit v5's public protocol over whatever carries the bytes: real sockets, or a test in virtual
/// time. Single-threaded. All time is given to `advance`.
class SimulatedExchange {
  public:
    static constexpr std::size_t arguments_length_max = 21'000;
    static constexpr std::int64_t slot_ms = 10;

    explicit SimulatedExchange(SimExchangeOptions options);
    ~SimulatedExchange();

    /// Runs the market and sends what is due, slot by slot.
    void advance(std::int64_t now_ms);
    [[nodiscard]] std::int64_t now_ms() const noexcept { return now_ms_; }

    /// GET of the public API, or GET/POST of /admin: faults, listing, counters. `body` of a POST is a fault
    /// as `Fault::parse` reads it, or a symbol.
    [[nodiscard]] SimAnswer answer(std::string_view method, std::string_view target,
                                   std::string_view body = {});

    void join(SimClient& client);
    void leave(SimClient& client);
    /// A frame from a client. Answers to subscribe, unsubscribe, ping and auth, and refusals.
    void receive(SimClient& client, std::string_view text);

    [[nodiscard]] FaultPlan& faults() noexcept { return faults_; }
    [[nodiscard]] MarketModel& model() noexcept { return model_; }
    /// nullptr while nobody has subscribed to it.
    [[nodiscard]] const BookTopic* book_topic(std::string_view name) const;
    /// True when a TLS handshake shall fail now.
    [[nodiscard]] bool tls_fails();
    [[nodiscard]] std::uint64_t frames_sent() const noexcept { return frames_sent_; }
    [[nodiscard]] std::size_t clients() const noexcept { return clients_.size(); }

    void delist(std::string_view symbol);

  private:
    struct Client;
    struct Subscribed;

    void publish(std::int64_t slot);
    void publish_topic(Subscribed& subscribed, std::int64_t slot);
    void send(Client& client, const FrameText& frame, std::string_view topic);
    void send_later(Client& client, const FrameText& frame, std::int64_t delay_ms);
    void send_due();
    void deliver(Client& client, const FrameText& frame);
    void reply(Client& client, bool success, std::string_view message, std::string_view request_id,
               std::string_view operation);
    void subscribe(Client& client, const std::vector<std::string>& topics, std::string_view request_id);
    void unsubscribe(Client& client, const std::vector<std::string>& topics, std::string_view request_id);
    [[nodiscard]] std::string refusal_of(const Client& client, const std::vector<std::string>& topics);
    [[nodiscard]] Subscribed* topic_named(const std::string& name);
    [[nodiscard]] Client* find(SimClient& client);
    [[nodiscard]] HttpAnswer admin(std::string_view method, std::string_view path, std::string_view body);
    [[nodiscard]] std::int64_t clock_ms() const { return now_ms_ + faults_.clock_skew_ms(now_ms_); }

    MarketModel model_;
    RestService rest_;
    FaultPlan faults_;
    std::int64_t now_ms_;
    std::map<std::string, std::unique_ptr<Subscribed>, std::less<>> topics_;
    std::vector<std::vector<Subscribed*>> by_symbol_;
    std::vector<std::unique_ptr<Client>> clients_;
    std::uint64_t next_connection_ = 0;
    std::uint64_t frames_sent_ = 0;
    std::vector<std::string> frames_;
};

}  // namespace virtuoso::sim
