// Who has subscribed to what at /ws, and what they were sent of it.
#pragma once

#include "api/stream_request.hpp"
#include "api/stream_topic.hpp"
#include "net/server.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace virtuoso {

/// Beyond a limit a client is told so; its connection stays, but for `messages_most`.
struct StreamDeskLimits {
    std::size_t clients_max = 1'536;                    ///< then 1013
    std::size_t subscriptions_max = 100;                ///< of a client
    std::size_t shard_channels_max = 1'024;             ///< different books and candles, of all clients
    std::size_t unsent_bytes = std::size_t{256} << 10;  ///< on their way to a client; then states are skipped
    std::size_t messages_max = 20;                      ///< of a client, in a second: more are not looked at
    std::size_t messages_most = 100;                    ///< then 1008
};

/// Tells every client of its channels: first how they are, then what changes. A client that does not read
/// is sent no state until what it was sent has gone out: then the newest, and how many it was not sent. One
/// thread, the server's.
class StreamDesk {
  public:
    static constexpr std::int64_t interval_ms = 100;  ///< to call `tick` at

    /// `service` outlives it.
    explicit StreamDesk(Service& service, const StreamDeskLimits& limits = {})
        : service_(service), limits_(limits) {}

    void join(ServerPeer& peer);
    void leave(ServerPeer& peer);
    void receive(ServerPeer& peer, std::string_view text);
    void receive_binary(ServerPeer& peer, std::size_t bytes);
    void drained(ServerPeer& peer);
    /// Looks what is new, and sends it.
    void tick();
    /// 1001 to every client.
    void close_all();
    [[nodiscard]] std::size_t clients() const noexcept { return clients_.size(); }

  private:
    struct Subscription {
        StreamTopic* topic = nullptr;
        std::optional<std::uint64_t> had;  ///< number of what was sent last; nullopt: nothing was
        bool on_its_way = false;
    };
    struct Client {
        std::map<std::string, Subscription, std::less<>> subscriptions;
        std::string last_sent;   ///< the channel to go on behind
        std::size_t unsent = 0;  ///< bytes since everything had gone out
        LocalTime second{};
        std::size_t messages = 0;  ///< in this second
        bool closed = false;
    };

    [[nodiscard]] bool admits_message(ServerPeer& peer, Client& client);
    void obey(ServerPeer& peer, Client& client, const StreamRequest& request);
    void subscribe(ServerPeer& peer, Client& client, const StreamRequest& request);
    void unsubscribe(ServerPeer& peer, Client& client, const StreamRequest& request);
    [[nodiscard]] Result<std::string> subscribe_to(Client& client, const std::string& name);
    [[nodiscard]] Result<StreamTopic*> topic_of(const StreamChannel& channel);
    void forget(StreamTopic& topic);
    void send(ServerPeer& peer, Client& client, const SharedText& text);
    /// What is due, as far as there is room.
    void send_due(ServerPeer& peer, Client& client);
    /// False when there is no room.
    [[nodiscard]] bool send_one(ServerPeer& peer, Client& client, const std::string& name,
                                Subscription& subscription);

    Service& service_;
    StreamDeskLimits limits_;
    std::map<std::string, std::unique_ptr<StreamTopic>, std::less<>> topics_;
    std::map<ServerPeer*, Client> clients_;
    std::size_t shard_channels_ = 0;
};

}  // namespace virtuoso
