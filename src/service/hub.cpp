#include "service/hub.hpp"

#include "base/thread_name.hpp"
#include "service/result_recorder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>

namespace virtuoso {

namespace {

constexpr auto turn_pause = std::chrono::milliseconds(20);
constexpr std::int64_t minute_ns = 60'000'000'000;
constexpr std::int64_t departed_every_ns = 5'000'000'000;
constexpr std::int64_t market_every_ns = 5'000'000'000;

/// " (BTCUSDT, ETHUSDT …)"
std::string names_text(const std::vector<std::string>& names) {
    constexpr std::size_t named_max = 5;
    if (names.empty()) {
        return {};
    }
    const std::size_t named = std::min(names.size(), named_max);
    return fmt::format(" ({}{})",
                       fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(named), ", "),
                       named < names.size() ? " …" : "");
}

}  // namespace

Hub::Hub(ShardGroup& shards, LatestResults& results, MarketDesk& desk, ServiceLog& log, const Clock& clock)
    : shards_(shards),
      results_(results),
      desk_(desk),
      log_(log),
      result_log_(log),
      clock_(clock),
      tell_event_([this](NotableEvent event) { desk_.note(std::move(event)); }) {}

void Hub::set(const FeedTroubleSettings& settings) {
    const std::lock_guard lock(mutex_);
    trouble_.set(settings);
}

void Hub::note_shard_trouble(std::uint32_t shard) {
    const std::lock_guard lock(mutex_);
    trouble_.on_shard_trouble(shard, clock_.now());
}

void Hub::look_for_trouble(LocalTime now) {
    const auto results = results_.all();
    const std::lock_guard lock(mutex_);
    if (!statuses_.empty()) {
        trouble_.look(results, now, statuses_.begin()->second->exchange_at(now), tell_event_);
    }
}

void Hub::set(const Ranking& ranking) {
    const std::lock_guard lock(mutex_);
    ranking_ = ranking;
    deep_.reset();
}

Hub::~Hub() {
    stop();
}

void Hub::start() {
    minute_ = clock_.now();
    thread_ = std::thread([this] {
        name_thread("hub");
        run();
    });
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
        look_for_trouble(now);
    }
    look_at_market(now);
}

// At once when it is known first, then every five seconds.
void Hub::look_at_market(LocalTime now) {
    const bool due = now - market_looked_ >= market_every_ns;
    if (due || desk_.overview() == nullptr) {
        market_looked_ = now;
        desk_.make_overview(shards_.shards().size());
    }
    if (due || ranked_.ns == 0) {
        rank(now);
    }
}

// Empty until every shard has told. The turnovers are the market's.
std::vector<RankedContract> Hub::followed_contracts() const {
    const auto followed = followed_names();
    std::vector<RankedContract> contracts;
    for (const auto& ticker : followed.empty() ? std::vector<TickerSample>{} : desk_.tickers()) {
        if (followed.contains(ticker.symbol)) {
            contracts.push_back({ticker.symbol, ticker.turnover_24h.value_or(0)});
        }
    }
    return contracts;
}

void Hub::rank(LocalTime now) {
    {
        const std::lock_guard lock(mutex_);
        if (deep_ != nullptr && now - ranked_ < ranking_.again_ns) {
            return;
        }
    }
    const auto contracts = followed_contracts();
    if (contracts.empty()) {
        return;
    }
    std::set<std::string, std::less<>> members;
    {
        const std::lock_guard lock(mutex_);
        if (deep_ == nullptr) {
            deep_ = std::make_unique<DeepRanking>(ranking_.options);
        }
        ranked_ = now;
        const DeepRanking::Change change = deep_->update(contracts);
        if (change.empty()) {
            return;
        }
        members = {deep_->members().begin(), deep_->members().end()};
        log_.info("universe", "deep",
                  fmt::format("{} deep symbols of {} followed: {} added{}, {} removed{}", members.size(),
                              contracts.size(), change.added.size(), names_text(change.added),
                              change.removed.size(), names_text(change.removed)));
    }
    shards_.tell_all("deep", [kept = std::move(members)](ShardSession& session) { session.set_deep(kept); });
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

void Hub::note(const ResultPointer& result) {
    const ResultPointer before = results_.put(result);
    result_log_.note(*result, before.get());
    if (recorder_ != nullptr) {
        recorder_->note(*result, before.get());
    }
}

void Hub::note(const std::shared_ptr<const ShardStatus>& status) {
    const std::lock_guard lock(mutex_);
    statuses_[status->shard] = status;
    trouble_.on_status(*status, last_notice_, tell_event_);
}

void Hub::note(const std::shared_ptr<const MarketSample>& sample) {
    desk_.note(sample);
}

void Hub::note(const std::shared_ptr<const NotableEvent>& event) {
    desk_.note(*event);
}

void Hub::note(const FetchRound& round) {
    const double seconds = static_cast<double>(round.total_ns) / 1e9;
    const std::size_t all = round.successful + round.failed;
    log_.info("history", "round",
              fmt::format("Parallel fetch complete: {}/{} successful, {} failed, total time: {:.2f}s (avg "
                          "{:.3f}s per symbol)",
                          round.successful, all, round.failed, seconds, seconds / static_cast<double>(all)));
    const std::lock_guard lock(mutex_);
    ++fetched_.rounds;
    fetched_.all.successful += round.successful;
    fetched_.all.failed += round.failed;
    fetched_.all.total_ns += round.total_ns;
}

FetchSummary Hub::fetched() const {
    const std::lock_guard lock(mutex_);
    return fetched_;
}

void Hub::note(const FeedNotice& notice) {
    last_notice_ = notice.text;
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
                       .dropped = shard->queue().dropped(),
                       .bytes = shard->queue().capacity() * sizeof(ShardMessage)});
    }
    return all;
}

// A shard that has not told what it follows may follow anything.
std::set<std::string, std::less<>> Hub::followed_names() const {
    const auto all = statuses();
    std::set<std::string, std::less<>> names;
    if (all.size() != shards_.shards().size() ||
        !std::ranges::all_of(all, [](const auto& status) { return status->started; })) {
        return names;
    }
    for (const auto& status : all) {
        names.insert(status->names.begin(), status->names.end());
    }
    return names;
}

// What no shard follows any more is not shown as if it were.
void Hub::remove_departed() {
    const auto followed = followed_names();
    if (followed.empty()) {
        return;
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
    const std::uint64_t received = messages >= messages_before_ ? messages - messages_before_ : messages;
    messages_before_ = messages;
    minute_ = now;
    log_.info("feed", "messages",
              fmt::format("WebSocket messages received: {} in the last 60 seconds", received));
}

}  // namespace virtuoso
