// Where what happens becomes alerts that are on their way.
#pragma once

#include "alert/alert_dispatcher.hpp"
#include "alert/alert_outbox.hpp"
#include "alert/alert_sender.hpp"
#include "alert/alert_setup.hpp"
#include "base/clock.hpp"
#include "service/event_occurrence.hpp"
#include "service/kept_alerts.hpp"
#include "service/service_log.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace virtuoso {

struct AlertCounts {
    DispatchCounts dispatch;
    OutboxCounts outbox;
};

/// Rules, outbox and sender together. What waits is lost with the process unless it is kept in a store. Sinks
/// of kind console write to the log. One thread of its own, which delivers.
class AlertDesk {
  public:
    /// `log` and `clock` outlive it. Errors: config, file_open: a secret that cannot be read.
    [[nodiscard]] static Result<std::unique_ptr<AlertDesk>> make(const AlertSetup& setup,
                                                                 const Secret::Lookup& environment,
                                                                 ServiceLog& log, const Clock& clock);
    ~AlertDesk() = default;
    AlertDesk(const AlertDesk&) = delete;
    AlertDesk& operator=(const AlertDesk&) = delete;

    using Put = std::function<void(StoreRecord)>;
    /// From now on every change of an alert is put there as a row of `alerts`; none: no more. From any
    /// thread.
    void keep_with(Put put, const std::string& exchange);
    /// What a process before this one did not deliver goes on, with its keys. From any thread. Errors: those
    /// of `Store::select`.
    [[nodiscard]] Result<void> restore(Store& store, const std::string& exchange);

    void start();
    /// Sends what waits for a digest too; what is not delivered within `patience_ms` stays where it is kept,
    /// or is lost; the log says which.
    void stop(std::int64_t patience_ms);

    /// From any thread; waits for no delivery.
    void note(const NotableEvent& event);
    /// The same of what is no event.
    void take(const Occurrence& occurrence);
    /// Every second or so: health, regime, digests that are due. `overview` may be null.
    void look(const ServiceHealth& health, const MarketOverview* overview);

    [[nodiscard]] AlertCounts counts() const;

  private:
    AlertDesk(const AlertSetup& setup, std::vector<AlertSink> sinks, ServiceLog& log, const Clock& clock);
    /// The lock is held.
    void put(std::vector<AlertMessage> messages, LocalTime now);
    void take_kept(KeptAlerts kept);
    void log_alert(const AlertMessage& message);
    void log_delivery(const DeliveryReport& report);

    ServiceLog& log_;
    const Clock& clock_;
    std::set<std::string, std::less<>> sinks_;  ///< their names
    std::atomic<bool> kept_{false};
    mutable std::mutex mutex_;  ///< of the dispatcher
    AlertDispatcher dispatcher_;
    RegimeWatch regime_;
    HealthWatch health_;
    MemoryOutbox outbox_;
    AlertSender sender_;
};

}  // namespace virtuoso
