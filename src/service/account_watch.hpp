// The trading account, looked at again and again.
#pragma once

#include "base/clock.hpp"
#include "exchange/bybit/api_key.hpp"
#include "market/account.hpp"
#include "net/asio_transport.hpp"
#include "service/service_log.hpp"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace virtuoso {

/// A thread that reads wallet and positions with a read-only key. What was read last stays while a later look
/// fails; its age tells. No error, log line or answer repeats the key.
class AccountWatch {
  public:
    struct Settings {
        TransportOptions transport;
        bybit::ApiKey key;
        std::int64_t every_ms = 10'000;  ///< between two looks
    };
    struct State {
        std::optional<Account> account = {};
        LocalTime read = {};       ///< when that was
        std::string trouble = {};  ///< of the last look; empty when it went well
    };

    /// `log` and `clock` outlive it.
    AccountWatch(Settings settings, ServiceLog& log, const Clock& clock);
    /// Waits for what is under way, some milliseconds.
    ~AccountWatch();
    AccountWatch(const AccountWatch&) = delete;
    AccountWatch& operator=(const AccountWatch&) = delete;

    void start();
    /// From any thread.
    [[nodiscard]] State state() const;

  private:
    void run();
    void note(Result<Account> looked);

    Settings settings_;
    ServiceLog& log_;
    const Clock& clock_;
    std::atomic<bool> stop_{false};
    mutable std::mutex mutex_;
    State state_;
    std::thread thread_;
};

}  // namespace virtuoso
