#include "service/trouble_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace virtuoso {

namespace {

constexpr double well_share = 0.9;
constexpr double lost_share = 0.5;

double whole_share(const ShardStatus& status) {
    return status.symbols == 0 ? 0 : static_cast<double>(status.whole) / static_cast<double>(status.symbols);
}

double seconds_since(LocalTime since, LocalTime now) {
    return static_cast<double>(std::max<std::int64_t>(0, now - since)) / 1e9;
}

/// A history that was given up for want of memory is no trouble of the feed.
bool is_whole(const SymbolResult& result) {
    return result.concerns.size() <= (result.history_given_up ? 1U : 0U);
}

}  // namespace

std::size_t TroubleWatch::broken() const noexcept {
    std::size_t all = 0;
    for (const auto& [number, shard] : shards_) {
        all += shard.broken;
    }
    return all;
}

void TroubleWatch::on_status(const ShardStatus& status, std::string_view notice, const EventSink& sink) {
    const auto [place, is_first] = shards_.try_emplace(status.shard);
    Shard& shard = place->second;
    const bool is_new = is_first || shard.life != status.life;
    const bool disconnected = !is_new && status.feed.disconnects > shard.disconnects;
    const std::size_t broken_now = status.symbols - std::min(status.symbols, status.whole);
    const double share = whole_share(status);
    const bool lost = shard.was_well && !is_new && share < lost_share;
    if (!feed_since_ && (disconnected || lost)) {
        broken_before_ = broken();
        const std::string reason =
            notice.empty() ? std::string("a connection was lost") : std::string(notice);
        begin_feed(
            status,
            disconnected ? reason : fmt::format("{} of {} symbols are whole", status.whole, status.symbols),
            sink);
    }
    shard.was_well = (shard.was_well && !is_new && !lost) || share >= well_share;
    shard.life = status.life;
    shard.disconnects = status.feed.disconnects;
    shard.symbols = status.symbols;
    shard.broken = broken_now;
    end_shard(status, sink);
    if (feed_since_ && feed_is_well(status.at)) {
        end_feed(status, sink);
    }
}

bool TroubleWatch::feed_is_well(LocalTime now) const noexcept {
    std::size_t symbols = 0;
    for (const auto& [number, shard] : shards_) {
        symbols += shard.symbols;
    }
    const std::size_t missing = broken();
    const std::int64_t lasted = now - *feed_since_;
    const bool most = static_cast<double>(missing) <= (1 - well_share) * static_cast<double>(symbols);
    return symbols > 0 && lasted >= settle_ns &&
           (missing <= broken_before_ || (most && lasted >= most_suffice_ns));
}

void TroubleWatch::begin_feed(const ShardStatus& status, std::string_view reason, const EventSink& sink) {
    feed_since_ = status.at;
    sink(feed_trouble_event({}, status.exchange_at(status.at), reason));
}

void TroubleWatch::end_feed(const ShardStatus& status, const EventSink& sink) {
    const LocalTime since = *std::exchange(feed_since_, std::nullopt);
    sink(feed_recovered_event({}, status.exchange_at(status.at), seconds_since(since, status.at)));
}

void TroubleWatch::end_shard(const ShardStatus& status, const EventSink& sink) {
    const auto failed = failed_.find(status.shard);
    if (failed != failed_.end() && status.at > failed->second && status.started &&
        whole_share(status) >= well_share) {
        sink(shard_recovered_event(status.shard, status.exchange_at(status.at),
                                   seconds_since(failed->second, status.at)));
        failed_.erase(failed);
    }
}

void TroubleWatch::end_symbol(const std::string& symbol, LocalTime now, ExchangeTime exchange_now,
                              const EventSink& sink) {
    const auto found = symbols_.find(symbol);
    if (found == symbols_.end()) {
        return;
    }
    if (found->second.told) {
        sink(feed_recovered_event(symbol, exchange_now, seconds_since(found->second.since, now)));
    }
    symbols_.erase(found);
}

void TroubleWatch::look(std::span<const ResultPointer> results, LocalTime now, ExchangeTime exchange_now,
                        const EventSink& sink) {
    ++looks_;
    std::size_t told = 0;
    for (const auto& result : results) {
        if (is_whole(*result)) {
            end_symbol(result->symbol, now, exchange_now, sink);
            continue;
        }
        Broken& trouble = symbols_.try_emplace(result->symbol, Broken{.since = now}).first->second;
        trouble.look = looks_;
        const double lasted = seconds_since(trouble.since, now);
        if (!trouble.told && !feed_since_ && told < told_a_look && lasted >= settings_.symbol_s) {
            trouble.told = true;
            ++told;
            sink(feed_trouble_event(result->symbol, exchange_now,
                                    fmt::format("{}, for {:.0f} s", result->concerns.front(), lasted)));
        }
    }
    // Nobody follows the others any more.
    std::erase_if(symbols_, [this](const auto& entry) { return entry.second.look != looks_; });
}

}  // namespace virtuoso
