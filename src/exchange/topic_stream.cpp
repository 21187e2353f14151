#include "exchange/topic_stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::string_view before_name = "topic:";  ///< in the reason of a refusal
constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr std::int64_t ping_every_ms = 20'000;
constexpr std::int64_t quiet_ping_ms = 5'000;  ///< asked sooner when nothing at all is heard
constexpr std::int64_t dead_after_ms = 10'000;
constexpr std::int64_t open_within_ms = 30'000;
constexpr std::int64_t answer_within_ms = 5'000;
constexpr int unanswered_max = 3;
constexpr std::int64_t steady_ms = 2'000;
constexpr std::int64_t reconnect_first_ms = 100;
constexpr std::int64_t reconnect_max_ms = 30'000;
/// A connection that was given up proves no better, mostly: the exchange has trouble.
constexpr GrowingPause::Limits doubts{
    .first_ms = 30'000, .max_ms = 10 * ms_per_minute, .calm_ms = 10 * ms_per_minute};
constexpr std::int64_t restricted_wait_ms = 5 * ms_per_minute;  ///< such a refusal does not pass by itself
constexpr std::int64_t refused_first_ms = 5'000;
constexpr std::int64_t refused_max_ms = 5 * ms_per_minute;
/// Lifetimes are drawn from the last part of what is allowed: four of 24 hours.
constexpr std::int64_t lifetime_parts = 6;

std::int64_t drawn_lifetime(const TopicStream::Identity& identity, const StreamLimits& limits) {
    const std::int64_t most = identity.lifetime_ms > 0 ? identity.lifetime_ms : limits.lifetime_ms;
    SeededRandom random(identity.seed ^ 0x11fe);
    return most -
           static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(most / lifetime_parts + 1)));
}

}  // namespace

TopicStream::TopicStream(Transport& transport, const ExchangeDialect& dialect, StreamOwner& owner,
                         Identity identity)
    : transport_(transport),
      owner_(&owner),
      dialect_(dialect),
      limits_(dialect.stream_limits()),
      lifetime_ms_(drawn_lifetime(identity, limits_)),
      channel_(fmt::format("{}/ws", dialect.exchange())),
      identity_(identity),
      codec_(dialect.stream_codec()),
      backoff_(reconnect_first_ms, reconnect_max_ms, identity.seed),
      doubts_(doubts, identity.seed),
      bucket_(limits_.requests_per_second, limits_.burst) {}

void TopicStream::open() {
    ++generation_;
    last_heard_ = last_ping_ = transport_.now();
    connection_ = transport_.connect(dialect_.stream_routes()[identity_.route].path, *this);
}

void TopicStream::close() {
    ++generation_;
    open_ = false;
    connection_.reset();
}

void TopicStream::add(const std::string& topic) {
    if (topics_.emplace(topic, Entry{}).second) {
        load_ += dialect_.topic_cost(topic);
        any_to_ask_ = true;
    }
    if (open_) {
        subscribe_wanted();
    }
}

void TopicStream::remove(const std::string& topic) {
    if (topics_.erase(topic) > 0) {
        load_ -= dialect_.topic_cost(topic);
        if (open_) {
            request(false, {topic});
        }
    }
}

void TopicStream::renew(const std::string& topic) {
    const auto found = topics_.find(topic);
    if (found == topics_.end() || !open_) {
        return;
    }
    found->second.state = TopicState::asked;
    request(false, {topic});
    request(true, {topic});
}

bool TopicStream::is_live(const std::string& topic) const {
    const auto found = topics_.find(topic);
    return found != topics_.end() && found->second.state == TopicState::live;
}

std::int64_t TopicStream::age_ms() const {
    return open_ ? (transport_.now() - opened_) / ns_per_ms : 0;
}

bool TopicStream::is_old() const {
    return lifetime_ms_ > 0 && age_ms() > lifetime_ms_;
}

std::vector<std::string> TopicStream::topics() const {
    std::vector<std::string> names;
    names.reserve(topics_.size());
    for (const auto& [name, entry] : topics_) {
        names.push_back(name);
    }
    return names;
}

void TopicStream::reconnect(const std::string& reason) {
    const LocalTime now = transport_.now();
    if (open_ && doubts_.over(now)) {
        doubts_.asked(now);
        lose({ErrorCode::network, reason});
    }
}

void TopicStream::on_open() {
    open_ = true;
    steady_ = false;
    failures_ = 0;
    unanswered_ = 0;
    opened_ = last_heard_ = last_ping_ = transport_.now();
    subscribe_wanted();
}

void TopicStream::subscribe_wanted() {
    std::vector<std::string> chunk;
    for (auto& [topic, entry] : topics_) {
        if (entry.state != TopicState::wanted) {
            continue;
        }
        entry.state = TopicState::asked;
        chunk.push_back(topic);
        if (chunk.size() == limits_.topics_per_request) {
            request(true, std::exchange(chunk, {}));
        }
    }
    if (!chunk.empty()) {
        request(true, std::move(chunk));
    }
}

void TopicStream::request(bool subscribes, std::vector<std::string> topics) {
    std::string id = std::to_string(++next_request_);
    waiting_.push_back(id);
    requests_.emplace(std::move(id), Request{subscribes, std::move(topics), {}});
    send_waiting();
}

void TopicStream::send_waiting() {
    const LocalTime now = transport_.now();
    while (!waiting_.empty() && bucket_.take(now) == 0) {
        const auto found = requests_.find(waiting_.front());
        waiting_.pop_front();
        found->second.sent = now;
        connection_->send(
            dialect_.request_text(found->second.subscribes, found->first, found->second.topics));
    }
}

void TopicStream::on_frame(PaddedFrame frame, LocalTime received) {
    last_heard_ = received;
    const RawRecord record{received, identity_.number, channel_, frame};
    const auto decoded = codec_->decode(frame);
    if (!decoded) {
        owner_->on_refused(*this, record, decoded.error());
        return;
    }
    switch (decoded->kind) {
        case FrameKind::market:
            steady_ = true;
            owner_->on_market(*this, record, *decoded);
            return;
        case FrameKind::subscribed:
        case FrameKind::unsubscribed:
        case FrameKind::subscription_failed:
            owner_->on_control(record);
            on_answer(*decoded, decoded->kind != FrameKind::subscription_failed);
            return;
        default:
            owner_->on_control(record);
            return;
    }
}

void TopicStream::on_answer(const DecodedFrame& frame, bool accepted) {
    const auto found = requests_.find(frame.request_id);
    if (found == requests_.end()) {
        return;  // answered twice, or after it was repeated
    }
    const Request answered = std::move(found->second);
    requests_.erase(found);
    unanswered_ = 0;
    if (accepted) {
        accept(answered);
    } else {
        refuse(answered, frame.detail);
    }
}

void TopicStream::accept(const Request& answered) {
    if (!answered.subscribes) {
        return;
    }
    for (const auto& topic : answered.topics) {
        const auto found = topics_.find(topic);
        if (found != topics_.end()) {
            found->second.state = TopicState::live;
            found->second.refusals = 0;
            owner_->on_live(topic);
        }
    }
}

void TopicStream::refuse(const Request& answered, std::string_view reason) {
    if (!answered.subscribes) {
        return;
    }
    // What is subscribed already is what we wanted; the others of its request are not subscribed by that.
    const bool live = reason.find("already subscribed") != std::string_view::npos;
    if (set_aside(answered, reason, live)) {
        return;
    }
    if (answered.topics.size() > 1) {
        const auto middle = answered.topics.begin() + static_cast<std::ptrdiff_t>(answered.topics.size() / 2);
        request(true, {answered.topics.begin(), middle});
        request(true, {middle, answered.topics.end()});
        return;
    }
    if (live && reason.find(before_name) == std::string_view::npos) {
        accept(answered);
    } else {
        refuse_topic(answered.topics.front(), reason);
    }
}

bool TopicStream::set_aside(const Request& answered, std::string_view reason, bool live) {
    const auto at = reason.rfind(before_name);
    if (at == std::string_view::npos) {
        return false;
    }
    const auto named = std::ranges::find(answered.topics, reason.substr(at + before_name.size()));
    if (named == answered.topics.end()) {
        return false;
    }
    if (live) {
        accept({true, {*named}, {}});
    } else {
        refuse_topic(*named, reason);
    }
    std::vector<std::string> rest;
    std::ranges::copy_if(answered.topics, std::back_inserter(rest), [&](const std::string& topic) {
        return topic != *named && topics_.contains(topic);
    });
    if (!rest.empty()) {
        request(true, std::move(rest));
    }
    return true;
}

void TopicStream::refuse_topic(const std::string& topic, std::string_view reason) {
    const auto found = topics_.find(topic);
    if (found == topics_.end()) {
        return;
    }
    Entry& entry = found->second;
    const std::int64_t wait = std::min(refused_max_ms, refused_first_ms << std::min(entry.refusals, 10));
    ++entry.refusals;
    entry.state = TopicState::refused;
    any_to_ask_ = true;
    entry.try_at = {transport_.now().ns + wait * ns_per_ms};
    owner_->on_topic_refused(found->first, reason);
}

void TopicStream::repeat_unanswered(LocalTime now) {
    bool any = false;
    for (auto at = requests_.begin(); at != requests_.end();) {
        if (at->second.sent.ns == 0 || now - at->second.sent < answer_within_ms * ns_per_ms) {
            ++at;
            continue;
        }
        any = true;
        for (const auto& topic : at->second.topics) {
            const auto entry = topics_.find(topic);
            if (at->second.subscribes && entry != topics_.end()) {
                entry->second.state = TopicState::wanted;
                any_to_ask_ = true;
            }
        }
        at = requests_.erase(at);
    }
    unanswered_ += any ? 1 : 0;
}

void TopicStream::check() {
    const LocalTime now = transport_.now();
    if (!open_) {
        if (connection_ && now - last_heard_ > open_within_ms * ns_per_ms) {
            lose({ErrorCode::network, fmt::format("it did not open within {} s", open_within_ms / 1'000)});
        }
        return;
    }
    const std::int64_t quiet_ms = (now - last_heard_) / ns_per_ms;
    if (quiet_ms > dead_after_ms) {
        lose({ErrorCode::network,
              fmt::format("nothing was heard for {} s, not even an answer to pings", quiet_ms / 1'000)});
        return;
    }
    const std::int64_t since_ping_ms = (now - last_ping_) / ns_per_ms;
    if (since_ping_ms >= ping_every_ms || (quiet_ms >= quiet_ping_ms && since_ping_ms >= quiet_ping_ms)) {
        last_ping_ = now;
        connection_->send(dialect_.ping_text(std::to_string(++next_request_)));
    }
    send_waiting();
    repeat_unanswered(now);
    if (unanswered_ >= unanswered_max) {
        lose({ErrorCode::network, "subscriptions are not answered"});
        return;
    }
    ask_again(now);
}

// Thousands of topics that are all live are not walked through ten times a second.
void TopicStream::ask_again(LocalTime now) {
    if (!std::exchange(any_to_ask_, false)) {
        return;
    }
    for (auto& [topic, entry] : topics_) {
        if (entry.state == TopicState::refused) {
            entry.state = now >= entry.try_at ? TopicState::wanted : TopicState::refused;
            any_to_ask_ = true;
        }
    }
    subscribe_wanted();
}

void TopicStream::on_close(const Error& reason) {
    lose(reason);
}

void TopicStream::lose(const Error& reason) {
    const bool was_open = std::exchange(open_, false);
    // One that is closed as soon as it delivers is no better than one that does not open.
    if (was_open && steady_ && transport_.now() - opened_ >= steady_ms * ns_per_ms) {
        backoff_.reset();
    }
    failures_ += was_open ? 0U : 1U;
    trouble_ = reason.message;
    connection_.reset();
    requests_.clear();
    waiting_.clear();
    for (auto& [topic, entry] : topics_) {
        entry.state = TopicState::wanted;
    }
    any_to_ask_ = true;
    const std::uint64_t lost = generation_;
    const std::int64_t wait_ms =
        reason.code == ErrorCode::restricted_place ? restricted_wait_ms : backoff_.next();
    transport_.after(wait_ms, guard_([this, lost] {
                         if (generation_ == lost) {
                             open();
                         }
                     }));
    owner_->on_lost(*this, reason, was_open);
}

}  // namespace virtuoso
