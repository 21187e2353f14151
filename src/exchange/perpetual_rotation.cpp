// The part of PerpetualFeed that replaces its connections before the exchange ends them.
#include "exchange/perpetual_feed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::int64_t rotation_pause_ms = ms_per_minute;  ///< after one that did not succeed

}  // namespace

void PerpetualFeed::rotate_old_streams(LocalTime now) {
    if (rotation_ == nullptr) {
        const auto old = std::ranges::find_if(streams_, [](const auto& stream) { return stream->is_old(); });
        if (now >= next_rotation_ && old != streams_.end()) {
            StreamOwner& owner = *this;
            rotation_ = std::make_unique<StreamRotation>(transport_, *dialect_, owner, **old,
                                                         next_identity((*old)->route()));
        }
        return;
    }
    switch (rotation_->check(now)) {
        case StreamRotation::Progress::waiting:
            break;
        case StreamRotation::Progress::covered:
            finish_rotation();
            break;
        case StreamRotation::Progress::failed:
            sink_.on_notice(fmt::format("connection {} could not be replaced before its time: tried again",
                                        rotation_->old().number()));
            abandon_rotation(now);
            break;
        case StreamRotation::Progress::over:
            rotation_.reset();
            break;
    }
}

void PerpetualFeed::finish_rotation() {
    TopicStream& old = rotation_->old();
    auto made = rotation_->take_over();
    old.close();  // what it would bring still, its successor brings
    TopicStream& successor = *made;
    for (const auto& [name, symbol] : symbols_) {
        symbol->move(old, successor);
    }
    const auto slot = std::ranges::find_if(streams_, [&](const auto& each) { return each.get() == &old; });
    sink_.on_notice(
        fmt::format("connection {} is replaced by connection {}", old.number(), successor.number()));
    retired_.push_back(std::exchange(*slot, std::move(made)));
    ++statistics_.rotations;
    // The old one ended too soon for these.
    for (const auto& topic : rotation_->uncovered()) {
        SymbolFeed* const symbol = find(dialect_->symbol_of(topic));
        if (symbol == nullptr) {
            continue;
        }
        symbol->on_topic_lost(topic);
        if (symbol->is_book(topic)) {
            sink_.on_disconnect(symbol->name());
        }
        if (successor.is_live(topic)) {
            symbol->on_live(topic);
        }
    }
    rotation_->release();
}

// The old connection brought everything so far, and goes on.
void PerpetualFeed::abandon_rotation(LocalTime now) {
    if (rotation_ != nullptr && !rotation_->took_over()) {
        rotation_.reset();
        next_rotation_ = {now.ns + rotation_pause_ms * 1'000'000};
    }
}

}  // namespace virtuoso
