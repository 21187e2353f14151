#include "service/event_ring.hpp"

#include <algorithm>
#include <utility>

namespace virtuoso {

namespace {

bool passes(const EventRing::Filter& filter, const NotableEvent& event) {
    const bool kind =
        filter.kinds.empty() || std::ranges::find(filter.kinds, event.kind) != filter.kinds.end();
    return kind && (filter.symbol.empty() || filter.symbol == event.symbol) &&
           event.severity >= filter.severity_min && (!filter.since || event.time >= *filter.since);
}

}  // namespace

std::size_t EventRing::bytes_of(const NotableEvent& event) noexcept {
    constexpr std::size_t counts = 2 * sizeof(void*);  // beside a shared value
    return sizeof(event) + counts + event.symbol.capacity() + event.sentence.capacity();
}

std::uint64_t EventRing::push(NotableEvent event) {
    if (events_.size() == events_.capacity()) {
        held_bytes_ -= bytes_of(*events_.front());
    }
    auto kept = std::make_shared<const NotableEvent>(std::move(event));
    held_bytes_ += bytes_of(*kept);
    events_.push(kept);
    return events_.pushed();
}

EventRing::Answer EventRing::read(const Filter& filter) const {
    Answer answer;
    answer.newest = events_.pushed();
    const std::uint64_t gone = dropped();
    answer.missed = filter.after < gone ? gone - filter.after : 0;
    for (std::size_t age = 0; age < events_.size(); ++age) {
        const std::uint64_t number = events_.pushed() - age;
        if (number <= filter.after) {
            break;
        }
        if (!passes(filter, *events_.newest(age))) {
            continue;
        }
        if (answer.events.size() == filter.limit) {
            answer.more = true;
            break;
        }
        answer.events.push_back({number, events_.newest(age)});
    }
    std::ranges::reverse(answer.events);
    return answer;
}

}  // namespace virtuoso
