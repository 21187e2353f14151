// The WebSocket clients of a simulated exchange: who hears which topic, and what faults do to it.
#pragma once

#include "sim/faults.hpp"
#include "sim/served_exchange.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso::sim {

class StreamHub {
  public:
    struct Client {
        struct Late {
            std::int64_t due_ms;
            SharedText frame;
        };
        ServerPeer* peer = nullptr;
        std::uint64_t number = 0;
        std::string target;  ///< path and query that it joined at
        std::int64_t joined_ms = 0;
        std::vector<std::string> topics;
        std::size_t arguments_length = 0;  ///< of its topics, with quotes and commas
        std::int64_t silent_until_ms = 0;
        SharedText held;  ///< reordered: goes out after the next frame
        std::vector<Late> late;
        bool gone = false;
    };
    /// Subscribers of one topic.
    using Audience = std::vector<Client*>;

    StreamHub(FaultPlan& faults, std::int64_t now_ms) : faults_(faults), now_ms_(now_ms) {}

    void join(ServerPeer& client, std::string_view target = {});
    void leave(ServerPeer& client);
    static void hang_up(Client& client);
    /// Clients are hung up on after so long; 0: never.
    void set_lifetime(std::int64_t ms) noexcept { lifetime_ms_ = ms; }
    [[nodiscard]] std::uint64_t ended_of_age() const noexcept { return ended_of_age_; }
    /// The exchange hangs up on everybody.
    void hang_up_all();
    /// nullptr when it has not joined. O(clients).
    [[nodiscard]] Client* find(const ServerPeer& client);

    /// Never moves.
    [[nodiscard]] Audience& audience(const std::string& topic) { return audiences_[topic]; }
    void subscribe(Client& client, const std::string& topic);
    void unsubscribe(Client& client, const std::string& topic);
    [[nodiscard]] static bool hears(const Client& client, std::string_view topic);

    /// Market data: faults may strike it.
    void send(Client& client, const SharedText& frame, std::string_view topic);
    void publish(const Audience& audience, std::string text, std::string_view topic);
    /// Answers: only silence stops them.
    void deliver(Client& client, const SharedText& frame);
    /// Sends the frames whose delay is over.
    void advance(std::int64_t now_ms);

    [[nodiscard]] std::uint64_t frames_sent() const noexcept { return frames_sent_; }
    [[nodiscard]] std::size_t clients() const noexcept { return clients_.size(); }

  private:
    FaultPlan& faults_;
    std::int64_t now_ms_;
    std::map<std::string, Audience, std::less<>> audiences_;
    std::vector<std::unique_ptr<Client>> clients_;
    std::uint64_t next_number_ = 0;
    std::uint64_t frames_sent_ = 0;
    std::int64_t lifetime_ms_ = 0;
    std::uint64_t ended_of_age_ = 0;
};

}  // namespace virtuoso::sim
