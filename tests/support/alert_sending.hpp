// A sender of alerts at work, and what becomes of what it is given.
#pragma once

#include "alert/alert_request.hpp"
#include "alert/alert_sender.hpp"
#include "support/alert_samples.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace virtuoso::test {

/// A hundred times as fast as the machine's, so that pauses between attempts are short.
class FastClock final : public Clock {
  public:
    [[nodiscard]] LocalTime now() const override {
        const auto passed = std::chrono::steady_clock::now() - began_;
        return {1'717'322'400 * ns_per_s + 100 * std::chrono::nanoseconds(passed).count()};
    }

  private:
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

/// A hundred seconds are left of a message's hour: one of the machine's.
inline constexpr std::int64_t almost_an_hour_s = 3'500;
/// Long against what a busy machine takes for an answer, so that only a receiver that stalls is late.
inline constexpr std::int64_t answer_ms = 1'500;
inline constexpr std::int64_t stalled_ms = 3 * answer_ms;

/// Whether something comes to hold: what a receiver saw and what the sender knows of it are two threads'.
inline bool comes_true(const std::function<bool()>& holds) {
    const auto begin = std::chrono::steady_clock::now();
    while (!holds()) {
        if (std::chrono::steady_clock::now() - begin > std::chrono::seconds(20)) {
            return false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
}

/// A sender with its outbox, and what it reported.
class Sending {
  public:
    explicit Sending(std::vector<AlertSink> sinks)
        : sender_(std::move(sinks), box, clock,
                  {.connect_ms = 5'000, .answer_ms = answer_ms, .answer_bytes_max = 4'096},
                  {.console =
                       [this](const AlertMessage& message) {
                           const std::lock_guard lock(mutex_);
                           lines.push_back(console_line(message));
                       },
                   .report =
                       [this](const DeliveryReport& report) {
                           const std::lock_guard lock(mutex_);
                           reports.push_back(report);
                       }}) {
        sender_.start();
    }
    void put(AlertMessage message, std::int64_t age_s = 0) {
        message.made = {clock.now().ns - age_s * ns_per_s};
        box.put(std::move(message), clock.now());
        sender_.wake();
    }
    /// Until so many are delivered or given up. Its pauses are of another clock: it is woken.
    [[nodiscard]] bool ends(std::uint64_t count) {
        const bool ended = comes_true([&] {
            sender_.wake();
            return box.counts().delivered + box.counts().dead >= count;
        });
        if (ended) {
            sender_.stop(0);
        }
        return ended;
    }
    [[nodiscard]] std::string all_words() {
        const std::lock_guard lock(mutex_);
        std::string words;
        for (const auto& report : reports) {
            words += report.reason + "\n";
        }
        return words;
    }

    FastClock clock;
    MemoryOutbox box;
    std::mutex mutex_;
    std::vector<DeliveryReport> reports;
    std::vector<std::string> lines;

  private:
    AlertSender sender_;
};

}  // namespace virtuoso::test
