#include "exchange/stream_rotation.hpp"

#include "base/text_hash.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;
/// What the old connection brings later than this after the new one was subscribed was sent to both.
constexpr std::int64_t latency_ms_max = 2'000;

std::uint64_t place_of(const MarketEvent& event) {
    if (const auto* const delta = std::get_if<BookDelta>(&event.payload)) {
        return delta->last_update_id;
    }
    if (const auto* const snapshot = std::get_if<BookSnapshot>(&event.payload)) {
        return snapshot->update_id;
    }
    const auto* const trades = std::get_if<Trades>(&event.payload);
    if (trades != nullptr && trades->ids_ascend && !trades->prints.empty()) {
        return trades->prints.back().id;
    }
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, event.time.ms));
}

/// Few, and recognised by their text wherever they come from: they need no order.
bool comes_from_both(const DecodedFrame& frame) {
    return std::holds_alternative<Liquidations>(frame.events.front().payload);
}

}  // namespace

StreamRotation::StreamRotation(Transport& transport, const ExchangeDialect& dialect, StreamOwner& owner,
                               TopicStream& old, TopicStream::Identity identity)
    : transport_(transport),
      owner_(owner),
      old_(&old),
      channel_(fmt::format("{}/ws", dialect.exchange())),
      begun_(transport.now()),
      codec_(dialect.stream_codec()) {
    StreamOwner& self = *this;
    made_ = std::make_unique<TopicStream>(transport, dialect, self, identity);
    successor_ = made_.get();
    for (const auto& topic : old.topics()) {
        topics_[topic].needed = old.is_live(topic);
        successor_->add(topic);
    }
    successor_->open();
}

// ---- what the connections bring ----

bool StreamRotation::came_before(const Topic& topic, std::uint64_t place, std::string_view bytes) {
    return place < topic.newest ||
           (place == topic.newest &&
            std::ranges::find(topic.at_newest, text_hash(bytes)) != topic.at_newest.end());
}

void StreamRotation::handed_on(const RawRecord& record, const DecodedFrame& frame) {
    const auto found = topics_.find(frame.topic);
    if (found == topics_.end() || frame.events.empty() || comes_from_both(frame)) {
        return;
    }
    Topic& topic = found->second;
    topic.old_heard = record.received;
    const std::uint64_t place = place_of(frame.events.front());
    if (place > topic.newest) {
        topic.newest = place;
        topic.at_newest.clear();
    }
    if (place == topic.newest) {
        topic.at_newest.push_back(text_hash(record.frame.text()));
    }
    std::erase_if(topic.held, [&](const Held& held) { return came_before(topic, held.place, held.bytes); });
    topic.covered = topic.covered || (topic.first && *topic.first <= topic.newest);
}

void StreamRotation::on_market(TopicStream& stream, const RawRecord& record, const DecodedFrame& frame) {
    const auto found = topics_.find(frame.topic);
    if (found == topics_.end() || frame.events.empty() || comes_from_both(frame)) {
        owner_.on_market(stream, record, frame);
        return;
    }
    Topic& topic = found->second;
    const std::uint64_t place = place_of(frame.events.front());
    if (!took_over() && !topic.first) {
        topic.first = place;
        topic.covered = topic.newest > 0 && place <= topic.newest;
    }
    if (came_before(topic, place, record.frame.text())) {
        return;
    }
    if (took_over()) {
        owner_.on_market(stream, record, frame);
    } else {
        topic.held.push_back({record.received, place, std::string(record.frame.text())});
    }
}

// A connection that begins with what cannot be read is no better than the old one.
void StreamRotation::on_refused(TopicStream& stream, const RawRecord& record, const Error& error) {
    if (took_over()) {
        owner_.on_refused(stream, record, error);
        return;
    }
    owner_.on_control(record);
    failed_ = true;
}

void StreamRotation::on_live(const std::string& topic) {
    const auto found = topics_.find(topic);
    if (took_over()) {
        owner_.on_live(topic);
    } else if (found != topics_.end()) {
        found->second.live_since = transport_.now();
    }
}

void StreamRotation::on_topic_refused(const std::string& topic, std::string_view reason) {
    if (took_over()) {
        owner_.on_topic_refused(topic, reason);
    }
}

void StreamRotation::on_lost(TopicStream& stream, const Error& reason, bool was_open) {
    if (took_over()) {
        topics_.clear();  // what comes now begins anew
        owner_.on_lost(stream, reason, was_open);
        return;
    }
    failed_ = failed_ || was_open;
}

// ---- progress ----

// Without a common frame: when neither brings anything there is no hole, when only the new one does there may
// be.
void StreamRotation::judge(Topic& topic, LocalTime now) {
    if (topic.covered || topic.live_since.ns == 0) {
        return;
    }
    if (!topic.held.empty()) {
        topic.doubtful = now - topic.held.front().received > quiet_ms * ns_per_ms;
    } else {
        topic.covered = now - topic.live_since > quiet_ms * ns_per_ms &&
                        topic.old_heard - topic.live_since < latency_ms_max * ns_per_ms;
    }
}

StreamRotation::Progress StreamRotation::check(LocalTime now) {
    if (took_over()) {
        if (now - took_over_ < repeats_ms * ns_per_ms) {
            return Progress::waiting;
        }
        successor_->belong_to(owner_);
        return Progress::over;
    }
    successor_->check();
    if (failed_ || now - begun_ > give_up_ms * ns_per_ms) {
        return Progress::failed;
    }
    bool all = successor_->is_open();
    for (auto& [name, topic] : topics_) {
        judge(topic, now);
        all = all && (topic.covered || topic.doubtful || !topic.needed);
    }
    return all ? Progress::covered : Progress::waiting;
}

bool StreamRotation::may_take_over() const {
    return !failed_ && successor_->is_open() && std::ranges::all_of(topics_, [](const auto& entry) {
        return entry.second.live_since.ns > 0 || !entry.second.needed;
    });
}

std::unique_ptr<TopicStream> StreamRotation::take_over() {
    old_ = nullptr;
    took_over_ = transport_.now();
    return std::move(made_);
}

std::vector<std::string> StreamRotation::uncovered() const {
    std::vector<std::string> names;
    for (const auto& [name, topic] : topics_) {
        if (!topic.covered) {
            names.push_back(name);
        }
    }
    return names;
}

// What waits is decoded anew: the codec that read it went on. Handing on may end in the loss of the stream.
void StreamRotation::release() {
    std::vector<Held> frames;
    for (auto& [name, topic] : topics_) {
        std::ranges::move(std::exchange(topic.held, {}), std::back_inserter(frames));
    }
    std::ranges::stable_sort(frames, {}, [](const Held& frame) { return frame.received.ns; });
    for (const auto& frame : frames) {
        const PaddedFrame padded = buffer_.assign(frame.bytes);
        if (const auto decoded = codec_->decode(padded)) {
            owner_.on_market(*successor_, {frame.received, successor_->number(), channel_, padded}, *decoded);
        }
    }
}

}  // namespace virtuoso
