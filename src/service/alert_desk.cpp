#include "service/alert_desk.hpp"

#include "alert/alert_request.hpp"

#include <fmt/format.h>

#include <utility>

namespace virtuoso {

Result<std::unique_ptr<AlertDesk>> AlertDesk::make(const AlertSetup& setup, const Secret::Lookup& environment,
                                                   ServiceLog& log, const Clock& clock) {
    auto sinks = resolve_sinks(setup.sinks, environment);
    if (!sinks) {
        return std::unexpected(std::move(sinks.error()));
    }
    return std::unique_ptr<AlertDesk>(new AlertDesk(setup, *std::move(sinks), log, clock));
}

AlertDesk::AlertDesk(const AlertSetup& setup, std::vector<AlertSink> sinks, ServiceLog& log,
                     const Clock& clock)
    : log_(log),
      clock_(clock),
      dispatcher_(setup.rules, setup.sinks),
      sender_(std::move(sinks), outbox_, clock, {},
              {.console = [this](const AlertMessage& message) { log_alert(message); },
               .report = [this](const DeliveryReport& report) { log_delivery(report); }}) {
    for (const auto& sink : setup.sinks) {
        sinks_.insert(sink.name);
    }
}

void AlertDesk::keep_with(Put put, const std::string& exchange) {
    kept_ = static_cast<bool>(put);
    if (!put) {
        outbox_.listen({});
        return;
    }
    outbox_.listen([put = std::move(put), exchange](const OutboxChange& change) {
        put({StoreTable::alerts, alert_row(change, exchange)});
    });
}

Result<void> AlertDesk::restore(Store& store, const std::string& exchange) {
    auto kept = read_alerts(store, exchange, clock_.now().ns / 1'000'000);
    if (!kept) {
        return std::unexpected(kept.error());
    }
    take_kept(*std::move(kept));
    return {};
}

void AlertDesk::take_kept(KeptAlerts kept) {
    for (const auto& key : kept.done) {
        outbox_.restore_done(key);
    }
    const LocalTime now = clock_.now();
    std::size_t restored = 0;
    for (auto& entry : kept.waiting) {
        const std::string key = entry.message.key;
        const bool has_sink = sinks_.contains(entry.message.sink);
        const bool is_late = now - entry.message.made > delivery_patience_ms * 1'000'000;
        if (!outbox_.restore(std::move(entry))) {
            continue;
        }
        if (!has_sink || is_late) {
            outbox_.dead(key, now,
                         has_sink ? "not delivered within an hour: the service was away"
                                  : "its sink is not configured any more");
        } else {
            ++restored;
        }
    }
    if (restored > 0) {
        log_.info("alert", "restored",
                  fmt::format("{} alerts of before are still to be delivered", restored));
        sender_.wake();
    }
    if (kept.unreadable > 0) {
        log_.warn("alert", "restored", fmt::format("{} alerts in the store cannot be read", kept.unreadable));
    }
}

void AlertDesk::start() {
    sender_.start();
}

void AlertDesk::stop(std::int64_t patience_ms) {
    {
        const std::lock_guard lock(mutex_);
        const LocalTime now = clock_.now();
        put(dispatcher_.flush(now), now);
    }
    sender_.stop(patience_ms);
    if (const auto left = outbox_.counts().waiting; left > 0) {
        log_.warn("alert", kept_ ? "kept" : "lost",
                  fmt::format("{} alerts were not delivered before the end: they {}", left,
                              kept_ ? "wait for the next start" : "are lost"));
    }
}

void AlertDesk::note(const NotableEvent& event) {
    take(occurrence_of(event));
}

void AlertDesk::take(const Occurrence& occurrence) {
    const std::lock_guard lock(mutex_);
    const LocalTime now = clock_.now();
    put(dispatcher_.take(occurrence, now), now);
}

void AlertDesk::look(const ServiceHealth& health, const MarketOverview* overview) {
    const LocalTime now = clock_.now();
    if (const auto occurrence = health_.look(health, now)) {
        take(*occurrence);
    }
    if (const auto occurrence = overview == nullptr ? std::nullopt : regime_.look(*overview)) {
        take(*occurrence);
    }
    const std::lock_guard lock(mutex_);
    put(dispatcher_.due(now), now);
}

void AlertDesk::put(std::vector<AlertMessage> messages, LocalTime now) {
    for (auto& message : messages) {
        outbox_.put(std::move(message), now);
    }
    if (!messages.empty()) {
        sender_.wake();
    }
}

void AlertDesk::log_alert(const AlertMessage& message) {
    log_.write({.level = message.severity() == AlertSeverity::info ? LogLevel::info : LogLevel::warning,
                .part = "alert",
                .kind = "told",
                .text = console_line(message),
                .fields = {{"rule", message.rule}, {"key", message.key}}});
}

void AlertDesk::log_delivery(const DeliveryReport& report) {
    const auto line = [&](LogLevel level, std::string_view kind, std::string_view what) {
        log_.write({.level = level,
                    .part = "alert",
                    .kind = kind,
                    .text = fmt::format("Sink {}: {} after attempt {}: {}", report.sink, what,
                                        report.attempts, report.reason),
                    .fields = {{"key", report.key}}});
    };
    if (report.dead) {
        line(LogLevel::error, "dead", "an alert is given up");
    } else if (report.verdict == DeliveryVerdict::later) {
        line(LogLevel::warning, "retry", "not delivered yet");
    } else {
        line(LogLevel::debug, "delivered", "delivered");
    }
}

AlertCounts AlertDesk::counts() const {
    const std::lock_guard lock(mutex_);
    return {.dispatch = dispatcher_.counts(), .outbox = outbox_.counts()};
}

}  // namespace virtuoso
