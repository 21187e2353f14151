#include "api/stream_desk.hpp"

#include "api/stream_message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr std::int64_t ns_per_second = 1'000 * ns_per_ms;

// RFC 6455, section 7.4.1, and the registry that it began.
constexpr std::uint16_t going_away = 1001;
constexpr std::uint16_t against_rules = 1008;
constexpr std::uint16_t try_later = 1013;

}  // namespace

void StreamDesk::join(ServerPeer& peer) {
    if (clients_.size() >= limits_.clients_max) {
        peer.close(try_later, fmt::format("{} clients are served already: try again later", clients_.size()));
        return;
    }
    clients_.try_emplace(&peer);
}

void StreamDesk::leave(ServerPeer& peer) {
    const auto found = clients_.find(&peer);
    if (found == clients_.end()) {
        return;
    }
    for (auto& [name, subscription] : found->second.subscriptions) {
        forget(*subscription.topic);
    }
    clients_.erase(found);
}

void StreamDesk::receive(ServerPeer& peer, std::string_view text) {
    const auto found = clients_.find(&peer);
    if (found == clients_.end() || !admits_message(peer, found->second)) {
        return;
    }
    Client& client = found->second;
    if (const auto request = StreamRequest::parse(text)) {
        obey(peer, client, *request);
    } else {
        send(peer, client, stream_error("null", {}, request.error()));
    }
}

void StreamDesk::receive_binary(ServerPeer& peer, std::size_t bytes) {
    const auto found = clients_.find(&peer);
    if (found == clients_.end() || !admits_message(peer, found->second)) {
        return;
    }
    send(peer, found->second,
         stream_error("null", {},
                      {ErrorCode::json_syntax,
                       fmt::format("the message of {} bytes is binary: send JSON in text frames", bytes)}));
}

bool StreamDesk::admits_message(ServerPeer& peer, Client& client) {
    if (client.closed) {
        return false;
    }
    const LocalTime now = service_.clock().now();
    if (now - client.second >= ns_per_second) {
        client.second = now;
        client.messages = 0;
    }
    ++client.messages;
    if (client.messages > limits_.messages_most) {
        client.closed = true;
        peer.close(against_rules, fmt::format("more than {} messages in a second: send at most {}",
                                              limits_.messages_most, limits_.messages_max));
        return false;
    }
    if (client.messages == limits_.messages_max + 1) {
        send(peer, client,
             stream_error("null", {},
                          {ErrorCode::argument, fmt::format("more than {} messages in a second: this one and "
                                                            "those that follow in it are not looked at",
                                                            limits_.messages_max)}));
    }
    return client.messages <= limits_.messages_max;
}

void StreamDesk::obey(ServerPeer& peer, Client& client, const StreamRequest& request) {
    switch (request.op) {
        case StreamOp::subscribe:
            subscribe(peer, client, request);
            return;
        case StreamOp::unsubscribe:
            unsubscribe(peer, client, request);
            return;
        case StreamOp::list: {
            std::vector<std::string> names;
            for (const auto& name : std::views::keys(client.subscriptions)) {
                names.push_back(name);
            }
            send(peer, client, stream_channels("channels", request.id, names));
            return;
        }
        case StreamOp::ping:
            send(peer, client, stream_pong(request.id, service_.clock().now().ns / ns_per_ms));
            return;
    }
}

void StreamDesk::subscribe(ServerPeer& peer, Client& client, const StreamRequest& request) {
    std::vector<std::string> names;
    for (const auto& channel : request.channels) {
        auto name = subscribe_to(client, channel);
        if (name) {
            names.push_back(*std::move(name));
        } else {
            send(peer, client, stream_error(request.id, channel, name.error()));
        }
    }
    if (!names.empty()) {
        send(peer, client, stream_channels("subscribed", request.id, names));
    }
    send_due(peer, client);
}

void StreamDesk::unsubscribe(ServerPeer& peer, Client& client, const StreamRequest& request) {
    std::vector<std::string> names;
    for (const auto& channel : request.channels) {
        const auto found = client.subscriptions.find(channel);
        if (found == client.subscriptions.end()) {
            send(peer, client,
                 stream_error(request.id, channel,
                              {ErrorCode::argument,
                               fmt::format("channel {} is not subscribed to: op list tells what is",
                                           in_quotes(channel))}));
            continue;
        }
        forget(*found->second.topic);
        client.subscriptions.erase(found);
        names.push_back(channel);
    }
    if (!names.empty()) {
        send(peer, client, stream_channels("unsubscribed", request.id, names));
    }
}

// Who subscribes again begins again, with a snapshot.
Result<std::string> StreamDesk::subscribe_to(Client& client, const std::string& name) {
    const auto channel = StreamChannel::parse(name);
    if (!channel) {
        return std::unexpected(channel.error());
    }
    if (const auto known = client.subscriptions.find(name); known != client.subscriptions.end()) {
        known->second.had = std::nullopt;
        return name;
    }
    if (client.subscriptions.size() >= limits_.subscriptions_max) {
        return fail(ErrorCode::argument,
                    fmt::format("channel {} would be one more than the {} that a client may subscribe to: "
                                "unsubscribe from others first",
                                in_quotes(name), limits_.subscriptions_max));
    }
    const auto topic = topic_of(*channel);
    if (!topic) {
        return std::unexpected(topic.error());
    }
    ++(*topic)->subscribers;
    client.subscriptions.emplace(name, Subscription{.topic = *topic, .had = {}});
    return name;
}

Result<StreamTopic*> StreamDesk::topic_of(const StreamChannel& channel) {
    const std::string name = channel.name();
    if (const auto found = topics_.find(name); found != topics_.end()) {
        return found->second.get();
    }
    if (!channel.symbol.empty() && service_.results().look(channel.symbol) == nullptr) {
        return fail(ErrorCode::unknown_symbol,
                    fmt::format("symbol {} of channel {} is not followed, or was not evaluated yet: "
                                "/api/v1/symbols lists those that are",
                                in_quotes(channel.symbol), in_quotes(name)));
    }
    if (channel.is_of_shard() && shard_channels_ >= limits_.shard_channels_max) {
        return fail(ErrorCode::argument,
                    fmt::format("channel {} would be one more than the {} books and candles that are sent to "
                                "all clients: ask over HTTP instead, or later",
                                in_quotes(name), limits_.shard_channels_max));
    }
    shard_channels_ += channel.is_of_shard() ? 1U : 0U;
    auto topic = std::make_unique<StreamTopic>(channel, service_);
    topic->look();
    return topics_.emplace(name, std::move(topic)).first->second.get();
}

void StreamDesk::forget(StreamTopic& topic) {
    if (--topic.subscribers > 0) {
        return;
    }
    shard_channels_ -= topic.channel().is_of_shard() ? 1U : 0U;
    topics_.erase(topic.channel().name());
}

void StreamDesk::send(ServerPeer& peer, Client& client, const SharedText& text) {
    client.unsent += text->size();
    peer.send(text);
}

void StreamDesk::drained(ServerPeer& peer) {
    const auto found = clients_.find(&peer);
    if (found == clients_.end()) {
        return;
    }
    Client& client = found->second;
    client.unsent = 0;
    for (auto& subscription : std::views::values(client.subscriptions)) {
        subscription.on_its_way = false;
    }
    send_due(peer, client);
}

// Begins behind the channel that was sent last, so that the first ones do not take all the room.
void StreamDesk::send_due(ServerPeer& peer, Client& client) {
    if (client.closed) {
        return;
    }
    const std::string from = client.last_sent;
    auto& all = client.subscriptions;
    const auto middle = all.upper_bound(from);
    for (auto at = middle; at != all.end(); ++at) {
        if (!send_one(peer, client, at->first, at->second)) {
            return;
        }
    }
    for (auto at = all.begin(); at != middle; ++at) {
        if (!send_one(peer, client, at->first, at->second)) {
            return;
        }
    }
}

bool StreamDesk::send_one(ServerPeer& peer, Client& client, const std::string& name,
                          Subscription& subscription) {
    StreamTopic& topic = *subscription.topic;
    const bool due = topic.ready() && (!subscription.had || *subscription.had < topic.sequence());
    if (!due || subscription.on_its_way) {
        return true;
    }
    if (client.unsent >= limits_.unsent_bytes) {
        return false;
    }
    const SharedText text = topic.message(subscription.had);
    subscription.had = topic.sequence();
    subscription.on_its_way = true;
    client.last_sent = name;
    send(peer, client, text);
    return true;
}

void StreamDesk::tick() {
    for (auto& topic : std::views::values(topics_)) {
        topic->look();
    }
    for (auto& [peer, client] : clients_) {
        send_due(*peer, client);
    }
}

void StreamDesk::close_all() {
    for (auto& [peer, client] : clients_) {
        if (!std::exchange(client.closed, true)) {
            peer->close(going_away, "the service stops");
        }
    }
}

}  // namespace virtuoso
