// The thread that delivers what an outbox holds.
#pragma once

#include "alert/alert_outbox.hpp"
#include "alert/delivery_judgement.hpp"
#include "alert/sink_spec.hpp"
#include "base/clock.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace virtuoso {

/// One attempt.
struct DeliveryReport {
    std::string sink;
    std::string key;
    DeliveryVerdict verdict = DeliveryVerdict::later;
    bool dead = false;           ///< it is given up
    std::string reason;          ///< one line that can be shown, without secrets
    std::uint32_t attempts = 0;  ///< with this one
};

/// One message at a time to each sink, in the order in which they came; sinks do not wait for each other.
/// HTTP and SMTP by libcurl: TLS 1.2 and later, peers verified, no redirects, answers bounded. Mail goes over
/// TLS, but to a server on this machine that is used without logging in. An attempt that brings no answer is
/// made again, so a receiver may see a message twice: with the same key.
class AlertSender {
  public:
    struct Settings {
        std::int64_t connect_ms = 5'000;
        std::int64_t answer_ms = 15'000;           ///< for the whole attempt
        std::size_t answer_bytes_max = 64U << 10;  ///< what is more is not read
    };
    /// Both are called on the sender's thread.
    struct Hooks {
        std::function<void(const AlertMessage&)> console;        ///< where sinks of that kind go
        std::function<void(const DeliveryReport&)> report = {};  ///< after every attempt
    };

    /// `outbox` and `clock` outlive it.
    AlertSender(std::vector<AlertSink> sinks, AlertOutbox& outbox, const Clock& clock, Settings settings,
                Hooks hooks);
    /// Stops without patience.
    ~AlertSender();
    AlertSender(const AlertSender&) = delete;
    AlertSender& operator=(const AlertSender&) = delete;

    void start();
    /// Something was put into the outbox. From any thread; never waits.
    void wake();
    /// Goes on until nothing is due or under way, for at most `patience_ms`; what is left stays in the
    /// outbox.
    void stop(std::int64_t patience_ms);

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace virtuoso
