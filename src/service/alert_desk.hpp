// Where what happens becomes alerts that are on their way.
#pragma once

#include "alert/alert_dispatcher.hpp"
#include "alert/alert_outbox.hpp"
#include "alert/alert_sender.hpp"
#include "alert/alert_setup.hpp"
#include "base/clock.hpp"
#include "service/event_occurrence.hpp"
#include "service/service_log.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace virtuoso {

struct AlertCounts {
    DispatchCounts dispatch;
    OutboxCounts outbox;
};

/// Rules, outbox and sender together. What waits lies in memory: it is lost with the process. Sinks of kind
/// console write to the log. One thread of its own, which delivers.
class AlertDesk {
  public:
    /// `log` and `clock` outlive it. Errors: config, file_open: a secret that cannot be read.
    [[nodiscard]] static Result<std::unique_ptr<AlertDesk>> make(const AlertSetup& setup,
                                                                 const Secret::Lookup& environment,
                                                                 ServiceLog& log, const Clock& clock);
    ~AlertDesk() = default;
    AlertDesk(const AlertDesk&) = delete;
    AlertDesk& operator=(const AlertDesk&) = delete;

    void start();
    /// Sends what waits for a digest too; what is not delivered within `patience_ms` is lost, and logged.
    void stop(std::int64_t patience_ms);

    /// From any thread; waits for no delivery.
    void note(const NotableEvent& event);
    /// Every second or so: health, regime, digests that are due. `overview` may be null.
    void look(const ServiceHealth& health, const MarketOverview* overview);

    [[nodiscard]] AlertCounts counts() const;

  private:
    AlertDesk(const AlertSetup& setup, std::vector<AlertSink> sinks, ServiceLog& log, const Clock& clock);
    void take(const Occurrence& occurrence);
    /// The lock is held.
    void put(std::vector<AlertMessage> messages, LocalTime now);
    void log_alert(const AlertMessage& message);
    void log_delivery(const DeliveryReport& report);

    ServiceLog& log_;
    const Clock& clock_;
    mutable std::mutex mutex_;  ///< of the dispatcher
    AlertDispatcher dispatcher_;
    RegimeWatch regime_;
    HealthWatch health_;
    MemoryOutbox outbox_;
    AlertSender sender_;
};

}  // namespace virtuoso
