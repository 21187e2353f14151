#include "exchange/bybit/stream.hpp"

#include "exchange/bybit/subscription_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace virtuoso::bybit {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr std::int64_t ping_every_ms = 20'000;
constexpr std::int64_t quiet_ping_ms = 5'000;  ///< asked sooner when nothing at all is heard
constexpr std::int64_t dead_after_ms = 10'000;
constexpr std::int64_t answer_within_ms = 5'000;
constexpr int unanswered_max = 3;
constexpr std::int64_t reconnect_first_ms = 100;
constexpr std::int64_t reconnect_max_ms = 30'000;
constexpr std::int64_t refused_first_ms = 5'000;
constexpr std::int64_t refused_max_ms = 5 * ms_per_minute;

}  // namespace

BybitStream::BybitStream(Transport& transport, StreamOwner& owner, std::uint32_t number, std::uint64_t seed)
    : transport_(transport),
      owner_(owner),
      number_(number),
      backoff_(reconnect_first_ms, reconnect_max_ms, seed) {}

void BybitStream::open() {
    ++generation_;
    last_heard_ = last_ping_ = transport_.now();
    connection_ = transport_.connect(*this);
}

void BybitStream::add(const std::string& topic) {
    if (topics_.emplace(topic, Entry{}).second) {
        length_ += topic.size() + 3;
    }
    if (open_) {
        subscribe_wanted();
    }
}

void BybitStream::remove(const std::string& topic) {
    if (topics_.erase(topic) > 0) {
        length_ -= topic.size() + 3;
        if (open_) {
            request(false, {topic});
        }
    }
}

void BybitStream::renew(const std::string& topic) {
    const auto found = topics_.find(topic);
    if (found == topics_.end() || !open_) {
        return;
    }
    found->second.state = TopicState::asked;
    request(false, {topic});
    request(true, {topic});
}

bool BybitStream::is_live(const std::string& topic) const {
    const auto found = topics_.find(topic);
    return found != topics_.end() && found->second.state == TopicState::live;
}

void BybitStream::reconnect(const std::string& reason) {
    lose({ErrorCode::network, reason});
}

void BybitStream::on_open() {
    open_ = true;
    steady_ = false;
    unanswered_ = 0;
    last_heard_ = last_ping_ = transport_.now();
    subscribe_wanted();
}

void BybitStream::subscribe_wanted() {
    std::vector<std::string> chunk;
    for (auto& [topic, entry] : topics_) {
        if (entry.state != TopicState::wanted) {
            continue;
        }
        entry.state = TopicState::asked;
        chunk.push_back(topic);
        if (chunk.size() == arguments_per_request) {
            request(true, std::exchange(chunk, {}));
        }
    }
    if (!chunk.empty()) {
        request(true, std::move(chunk));
    }
}

void BybitStream::request(bool subscribes, std::vector<std::string> topics) {
    std::string id = fmt::format("{}-{}", number_, ++next_request_);
    connection_->send(request_text(subscribes ? "subscribe" : "unsubscribe", id, topics));
    requests_.emplace(std::move(id), Request{subscribes, std::move(topics), transport_.now()});
}

void BybitStream::on_frame(PaddedFrame frame, LocalTime received) {
    last_heard_ = received;
    const RawRecord record{received, number_, "bybit/ws", frame};
    const auto decoded = codec_.decode(frame);
    if (!decoded) {
        owner_.on_refused(*this, record, decoded.error());
        return;
    }
    switch (decoded->kind) {
        case FrameKind::market:
            if (!steady_) {
                steady_ = true;
                backoff_.reset();
            }
            owner_.on_market(*this, record, *decoded);
            return;
        case FrameKind::subscribed:
        case FrameKind::unsubscribed:
        case FrameKind::subscription_failed:
            owner_.on_control(record);
            on_answer(*decoded, decoded->kind != FrameKind::subscription_failed);
            return;
        default:
            owner_.on_control(record);
            return;
    }
}

void BybitStream::on_answer(const DecodedFrame& frame, bool accepted) {
    const auto found = requests_.find(frame.request_id);
    if (found == requests_.end()) {
        return;  // answered twice, or after it was repeated
    }
    const Request answered = std::move(found->second);
    requests_.erase(found);
    unanswered_ = 0;
    // What is subscribed already is what we wanted.
    if (accepted || frame.detail.find("already subscribed") != std::string_view::npos) {
        accept(answered);
    } else {
        refuse(answered, frame.detail);
    }
}

void BybitStream::accept(const Request& answered) {
    if (!answered.subscribes) {
        return;
    }
    for (const auto& topic : answered.topics) {
        const auto found = topics_.find(topic);
        if (found != topics_.end()) {
            found->second.state = TopicState::live;
            found->second.refusals = 0;
            owner_.on_live(topic);
        }
    }
}

void BybitStream::refuse(const Request& answered, std::string_view reason) {
    if (!answered.subscribes) {
        return;
    }
    if (answered.topics.size() > 1) {
        const auto middle = answered.topics.begin() + static_cast<std::ptrdiff_t>(answered.topics.size() / 2);
        request(true, {answered.topics.begin(), middle});
        request(true, {middle, answered.topics.end()});
        return;
    }
    const auto found = topics_.find(answered.topics.front());
    if (found == topics_.end()) {
        return;
    }
    Entry& entry = found->second;
    const std::int64_t wait = std::min(refused_max_ms, refused_first_ms << std::min(entry.refusals, 10));
    ++entry.refusals;
    entry.state = TopicState::refused;
    entry.try_at = {transport_.now().ns + wait * ns_per_ms};
    owner_.on_topic_refused(found->first, reason);
}

void BybitStream::repeat_unanswered(LocalTime now) {
    bool any = false;
    for (auto at = requests_.begin(); at != requests_.end();) {
        if (now - at->second.sent < answer_within_ms * ns_per_ms) {
            ++at;
            continue;
        }
        any = true;
        for (const auto& topic : at->second.topics) {
            const auto entry = topics_.find(topic);
            if (at->second.subscribes && entry != topics_.end()) {
                entry->second.state = TopicState::wanted;
            }
        }
        at = requests_.erase(at);
    }
    unanswered_ += any ? 1 : 0;
}

void BybitStream::check() {
    if (!open_) {
        return;
    }
    const LocalTime now = transport_.now();
    const std::int64_t quiet_ms = (now - last_heard_) / ns_per_ms;
    if (quiet_ms > dead_after_ms) {
        lose({ErrorCode::network,
              fmt::format("nothing was heard for {} s, not even an answer to pings", quiet_ms / 1'000)});
        return;
    }
    const std::int64_t since_ping_ms = (now - last_ping_) / ns_per_ms;
    if (since_ping_ms >= ping_every_ms || (quiet_ms >= quiet_ping_ms && since_ping_ms >= quiet_ping_ms)) {
        last_ping_ = now;
        connection_->send(fmt::format(R"({{"req_id":"{}-{}","op":"ping"}})", number_, ++next_request_));
    }
    repeat_unanswered(now);
    if (unanswered_ >= unanswered_max) {
        lose({ErrorCode::network, "subscriptions are not answered"});
        return;
    }
    for (auto& [topic, entry] : topics_) {
        if (entry.state == TopicState::refused && now >= entry.try_at) {
            entry.state = TopicState::wanted;
        }
    }
    subscribe_wanted();
}

void BybitStream::on_close(const Error& reason) {
    lose(reason);
}

void BybitStream::lose(const Error& reason) {
    const bool was_open = std::exchange(open_, false);
    connection_.reset();
    requests_.clear();
    for (auto& [topic, entry] : topics_) {
        entry.state = TopicState::wanted;
    }
    const std::uint64_t lost = generation_;
    transport_.after(backoff_.next(), [this, lost] {
        if (generation_ == lost) {
            open();
        }
    });
    owner_.on_lost(*this, reason, was_open);
}

}  // namespace virtuoso::bybit
