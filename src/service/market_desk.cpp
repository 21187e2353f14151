#include "service/market_desk.hpp"

#include "service/result_recorder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace virtuoso {

namespace {

/// What a market does, however extreme, is no fault of the service: errors are its own.
LogLevel level_of(const NotableEvent& event) {
    const bool own = event.kind == EventKind::feed_trouble || event.kind == EventKind::shard_trouble ||
                     event.kind == EventKind::keeper_trouble;
    switch (event.severity) {
        case EventSeverity::info:
            return LogLevel::info;
        case EventSeverity::warning:
            return own ? LogLevel::warning : LogLevel::info;
        case EventSeverity::critical:
            return own ? LogLevel::error : LogLevel::warning;
    }
    return LogLevel::info;
}

}  // namespace

MarketDesk::MarketDesk(ServiceLog& log, const EventSettings& settings)
    : log_(log),
      cooldown_(settings),
      events_(static_cast<std::size_t>(std::max<std::int64_t>(1, settings.kept))) {
    breadth_.set(settings.breadth_extreme);
}

void MarketDesk::set(const EventSettings& settings) {
    const std::lock_guard lock(mutex_);
    cooldown_.set(settings);
    breadth_.set(settings.breadth_extreme);
}

void MarketDesk::note(std::shared_ptr<const MarketSample> sample) {
    const std::uint32_t shard = sample->shard;
    samples_[shard] = std::move(sample);
}

void MarketDesk::make_overview(std::size_t shards) {
    if (samples_.size() < shards || samples_.empty()) {
        return;
    }
    std::vector<std::vector<TickerSample>> parts;
    std::optional<RealisedVolatility> bitcoin;
    ExchangeTime as_of;
    for (const auto& [shard, sample] : samples_) {
        parts.push_back(sample->tickers);
        bitcoin = sample->bitcoin ? sample->bitcoin : bitcoin;
        as_of = std::max(as_of, sample->as_of);
    }
    std::vector<TickerSample> tickers = merged(parts);
    if (tickers.empty()) {
        return;
    }
    auto overview = std::make_shared<const MarketOverview>(maker_.make(tickers, bitcoin, as_of));
    log_overview(*overview);
    if (recorder_ != nullptr) {
        recorder_->note(*overview, this->overview().get());
    }
    std::optional<NotableEvent> extreme;
    {
        const std::lock_guard lock(mutex_);
        extreme = breadth_.look(*overview);
        overview_ = std::move(overview);
        tickers_ = std::move(tickers);
    }
    if (extreme) {
        note(*std::move(extreme));
    }
}

void MarketDesk::log_overview(const MarketOverview& overview) {
    log_.info("market", "breadth", breadth_line(overview));
    log_.info("market", "movers", movers_line(overview));
    const auto before = this->overview();
    const bool changed = before == nullptr || before->regime != overview.regime;
    if (overview.regime && changed) {
        log_.info("market", "regime", overview.regime_rule);
    }
}

void MarketDesk::note(NotableEvent event) {
    LogRecord record{
        .level = level_of(event), .part = "event", .kind = name_of(event.kind), .text = event.sentence};
    std::optional<NotableEvent> heard;
    {
        const std::lock_guard lock(mutex_);
        if (!cooldown_.admits(event)) {
            return;
        }
        ++counts_.told[static_cast<std::size_t>(event.kind)][static_cast<std::size_t>(event.severity)];
        if (recorder_ != nullptr) {
            recorder_->note(event, events_.pushed() + 1);
        }
        if (listener_) {
            heard = event;
        }
        events_.push(std::move(event));
    }
    log_.write(record);
    if (heard) {
        listener_(*heard);
    }
}

std::shared_ptr<const MarketOverview> MarketDesk::overview() const {
    const std::lock_guard lock(mutex_);
    return overview_;
}

std::vector<TickerSample> MarketDesk::tickers() const {
    const std::lock_guard lock(mutex_);
    return tickers_;
}

EventCounts MarketDesk::event_counts() const {
    const std::lock_guard lock(mutex_);
    EventCounts counts = counts_;
    for (const EventKind kind : all_event_kinds()) {
        counts.held_back[static_cast<std::size_t>(kind)] = cooldown_.held_back(kind);
    }
    counts.kept = events_.size();
    counts.bytes = events_.bytes();
    return counts;
}

EventRing::Answer MarketDesk::events(const EventRing::Filter& filter) const {
    const std::lock_guard lock(mutex_);
    return events_.read(filter);
}

}  // namespace virtuoso
