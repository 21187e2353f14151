// An exchange as its clients meet it, whatever makes its market.
#pragma once

#include "net/server.hpp"

#include <cstdint>

namespace virtuoso::sim {

/// What SimServer puts behind sockets, and a test behind virtual time. Single-threaded. All time is given
/// to `advance`.
class ServedExchange : public ServerHandler {
  public:
    static constexpr std::int64_t slot_ms = 10;

    /// Sends what is due up to `now_ms`, slot by slot.
    virtual void advance(std::int64_t now_ms) = 0;
    [[nodiscard]] virtual std::int64_t now_ms() const noexcept = 0;
};

}  // namespace virtuoso::sim
