// How many requests one address may send.
#pragma once

#include "base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace virtuoso {

/// A bucket a second deep for every address: it fills at the rate that is allowed, and a request takes one.
class RequestLimit {
  public:
    struct Rates {
        std::int64_t others = 0;    ///< of another machine's address, requests a second; 0: any number
        std::int64_t loopback = 0;  ///< the same of this machine's own
    };
    explicit RequestLimit(Rates rates) : rates_(rates) {}

    /// Takes one. nullopt: it may be answered; else after how many seconds the next one is, at least 1.
    /// O(log addresses); addresses that were not heard of for a second are forgotten once there are many.
    [[nodiscard]] std::optional<std::int64_t> refused_for_s(std::string_view address, LocalTime now);
    [[nodiscard]] std::size_t addresses() const noexcept { return buckets_.size(); }

  private:
    struct Bucket {
        double left = 0;
        LocalTime seen;
    };
    void forget_full(LocalTime now);
    Rates rates_;
    std::map<std::string, Bucket, std::less<>> buckets_;
};

}  // namespace virtuoso
