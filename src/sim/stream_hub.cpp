#include "sim/stream_hub.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace virtuoso::sim {

namespace {

constexpr std::array stream_faults{FaultKind::disconnect, FaultKind::silence,   FaultKind::delay,
                                   FaultKind::duplicate,  FaultKind::drop,      FaultKind::reorder,
                                   FaultKind::malformed,  FaultKind::truncated, FaultKind::gap};

std::string corrupted(const std::string& frame, FaultKind kind, SeededRandom& random) {
    std::string text = frame;
    if (kind == FaultKind::truncated) {
        text.resize(1 + random.below(text.size() - 1));
    } else {
        // A control byte is allowed nowhere in JSON.
        text[random.below(text.size())] = '\x01';
    }
    return text;
}

bool carries_a_book(std::string_view topic) {
    return topic.starts_with("orderbook") || topic.find("@depth") != std::string_view::npos;
}

}  // namespace

void StreamHub::join(ServerPeer& client, std::string_view target) {
    auto joined = std::make_unique<Client>();
    joined->peer = &client;
    joined->number = ++next_number_;
    joined->target = target;
    joined->joined_ms = now_ms_;
    clients_.push_back(std::move(joined));
}

void StreamHub::leave(ServerPeer& peer) {
    Client* const client = find(peer);
    if (client == nullptr) {
        return;
    }
    for (const auto& name : client->topics) {
        std::erase(audience(name), client);
    }
    std::erase_if(clients_, [&](const auto& other) { return other.get() == client; });
}

void StreamHub::hang_up_all() {
    for (const auto& client : clients_) {
        hang_up(*client);
    }
}

void StreamHub::hang_up(Client& client) {
    if (!std::exchange(client.gone, true)) {
        client.peer->hang_up();
    }
}

StreamHub::Client* StreamHub::find(const ServerPeer& peer) {
    for (const auto& client : clients_) {
        if (client->peer == &peer) {
            return client.get();
        }
    }
    return nullptr;
}

bool StreamHub::hears(const Client& client, std::string_view topic) {
    return std::find(client.topics.begin(), client.topics.end(), topic) != client.topics.end();
}

void StreamHub::subscribe(Client& client, const std::string& topic) {
    client.topics.push_back(topic);
    client.arguments_length += topic.size() + 3;
    audience(topic).push_back(&client);
}

void StreamHub::unsubscribe(Client& client, const std::string& topic) {
    if (std::erase(client.topics, topic) > 0) {
        client.arguments_length -= topic.size() + 3;
        std::erase(audience(topic), &client);
    }
}

void StreamHub::deliver(Client& client, const SharedText& frame) {
    if (!client.gone && now_ms_ >= client.silent_until_ms) {
        ++frames_sent_;
        client.peer->send(frame);
    }
}

void StreamHub::publish(const Audience& audience, std::string text, std::string_view topic) {
    if (audience.empty()) {
        return;
    }
    const auto frame = std::make_shared<const std::string>(std::move(text));
    for (Client* const client : audience) {
        send(*client, frame, topic);
    }
}

void StreamHub::send(Client& client, const SharedText& frame, std::string_view topic) {
    const auto fault = faults_.strike(stream_faults, topic, now_ms_);
    if (!fault || (fault->kind == FaultKind::gap && !carries_a_book(topic))) {
        deliver(client, frame);
        if (const SharedText held = std::exchange(client.held, nullptr)) {
            deliver(client, held);
        }
        return;
    }
    switch (fault->kind) {
        case FaultKind::disconnect:
            hang_up(client);
            break;
        case FaultKind::silence:
            client.silent_until_ms = now_ms_ + fault->value;
            break;
        case FaultKind::delay:
            client.late.push_back({now_ms_ + fault->value, frame});
            break;
        case FaultKind::duplicate:
            deliver(client, frame);
            deliver(client, frame);
            break;
        case FaultKind::reorder:
            if (client.held) {
                deliver(client, frame);
            } else {
                client.held = frame;
            }
            break;
        case FaultKind::malformed:
        case FaultKind::truncated:
            deliver(client,
                    std::make_shared<const std::string>(corrupted(*frame, fault->kind, faults_.random())));
            break;
        default:
            break;  // drop, gap
    }
}

void StreamHub::advance(std::int64_t now_ms) {
    now_ms_ = now_ms;
    for (const auto& client : clients_) {
        if (lifetime_ms_ > 0 && !client->gone && now_ms_ - client->joined_ms >= lifetime_ms_) {
            hang_up(*client);
            ++ended_of_age_;
        }
        for (std::size_t i = 0; i < client->late.size();) {
            if (client->late[i].due_ms > now_ms_) {
                ++i;
                continue;
            }
            const SharedText frame = client->late[i].frame;
            client->late.erase(client->late.begin() + static_cast<std::ptrdiff_t>(i));
            deliver(*client, frame);
        }
    }
}

}  // namespace virtuoso::sim
