// The time of an exchange, as far as it can be told from here.
#pragma once

#include "base/clock.hpp"
#include "net/transport.hpp"

#include <cstdint>

namespace virtuoso {

/// The transport's clock, and how far the exchange's is from it, in ms. O(1).
class ExchangeClock final : public Clock {
  public:
    explicit ExchangeClock(const Transport& transport) : transport_(transport) {}

    [[nodiscard]] LocalTime now() const override { return transport_.now(); }
    [[nodiscard]] ExchangeTime exchange_now() const { return exchange_at(now()); }
    [[nodiscard]] ExchangeTime exchange_at(LocalTime time) const noexcept {
        return {time.ns / ns_per_ms + offset_ms_};
    }
    [[nodiscard]] LocalTime local_at(ExchangeTime time) const noexcept {
        return {(time.ms - offset_ms_) * ns_per_ms};
    }
    [[nodiscard]] bool measured() const noexcept { return measured_; }
    /// Exchange clock minus ours; 0 until it was measured.
    [[nodiscard]] std::int64_t offset_ms() const noexcept { return offset_ms_; }

    /// The exchange's clock stood at `server` between `asked` and now: taken for the middle.
    void measure(LocalTime server, LocalTime asked) {
        const std::int64_t middle = asked.ns + (now() - asked) / 2;
        offset_ms_ = (server.ns - middle) / ns_per_ms;
        measured_ = true;
    }

  private:
    static constexpr std::int64_t ns_per_ms = 1'000'000;
    const Transport& transport_;
    std::int64_t offset_ms_ = 0;
    bool measured_ = false;
};

}  // namespace virtuoso
