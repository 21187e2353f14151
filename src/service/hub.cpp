#include "service/hub.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>

namespace virtuoso {

namespace {

constexpr auto turn_pause = std::chrono::milliseconds(10);
constexpr std::int64_t minute_ns = 60'000'000'000;
constexpr std::int64_t departed_every_ns = 5'000'000'000;

}  // namespace

Hub::Hub(ShardGroup& shards, LatestResults& results, ServiceLog& log, const Clock& clock)
    : shards_(shards), results_(results), log_(log), result_log_(log), clock_(clock) {}

Hub::~Hub() {
    stop();
}

void Hub::start() {
    minute_ = clock_.now();
    thread_ = std::thread([this] { run(); });
}

void Hub::stop() {
    {
        const std::lock_guard lock(stop_mutex_);
        stop_ = true;
    }
    stop_asked_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void Hub::run() {
    std::unique_lock lock(stop_mutex_);
    while (!stop_asked_.wait_for(lock, turn_pause, [this] { return stop_; })) {
        lock.unlock();
        turn();
        lock.lock();
    }
    turn();
}

void Hub::turn() {
    for (const auto& shard : shards_.shards()) {
        take(*shard);
    }
    const LocalTime now = clock_.now();
    last_turn_ns_ = now.ns;
    if (now - minute_ >= minute_ns) {
        count_messages(now);
    }
    if (now - departed_looked_ >= departed_every_ns) {
        departed_looked_ = now;
        remove_departed();
    }
}

void Hub::take(Shard& shard) {
    // Not more than there was room for: a shard that is faster must not keep the others waiting.
    for (std::size_t taken = 0; taken < shard.queue().capacity(); ++taken) {
        auto message = shard.queue().pop();
        if (!message) {
            return;
        }
        std::visit([this](auto&& part) { note(std::forward<decltype(part)>(part)); }, std::move(*message));
    }
}

void Hub::note(ResultPointer result) {
    const ResultPointer before = results_.put(result);
    result_log_.note(*result, before.get());
}

void Hub::note(const std::shared_ptr<const ShardStatus>& status) {
    const std::lock_guard lock(mutex_);
    statuses_[status->shard] = status;
}

void Hub::note(const FetchRound& round) {
    const double seconds = static_cast<double>(round.total_ns) / 1e9;
    const std::size_t all = round.successful + round.failed;
    log_.info("history", "round",
              fmt::format("Parallel fetch complete: {}/{} successful, {} failed, total time: {:.2f}s (avg "
                          "{:.3f}s per symbol)",
                          round.successful, all, round.failed, seconds, seconds / static_cast<double>(all)));
}

void Hub::note(const FeedNotice& notice) {
    log_.warn("feed", "notice", notice.text);
}

std::vector<std::shared_ptr<const ShardStatus>> Hub::statuses() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::shared_ptr<const ShardStatus>> all;
    all.reserve(statuses_.size());
    for (const auto& [shard, status] : statuses_) {
        all.push_back(status);
    }
    return all;
}

std::vector<QueueStatus> Hub::queues() const {
    std::vector<QueueStatus> all;
    for (const auto& shard : shards_.shards()) {
        all.push_back({.shard = shard->index(),
                       .waiting = shard->queue().size(),
                       .capacity = shard->queue().capacity(),
                       .dropped = shard->queue().dropped()});
    }
    return all;
}

// What no shard follows any more is not shown as if it were.
void Hub::remove_departed() {
    const auto statuses = this->statuses();
    if (statuses.size() < shards_.shards().size() ||
        std::ranges::any_of(statuses, [](const auto& status) { return !status->started; })) {
        return;
    }
    std::set<std::string_view> followed;
    for (const auto& status : statuses) {
        followed.insert(status->names.begin(), status->names.end());
    }
    for (const auto& result : results_.all()) {
        if (!followed.contains(result->symbol)) {
            results_.remove(result->symbol);
        }
    }
}

void Hub::count_messages(LocalTime now) {
    std::uint64_t messages = 0;
    for (const auto& status : statuses()) {
        messages += status->feed.frames;
    }
    // A shard that was made anew counts from nothing.
    messages_last_minute_ = messages >= messages_before_ ? messages - messages_before_ : messages;
    messages_before_ = messages;
    minute_ = now;
    log_.info(
        "feed", "messages",
        fmt::format("WebSocket messages received: {} in the last 60 seconds", messages_last_minute_.load()));
}

}  // namespace virtuoso
