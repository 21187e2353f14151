// One message of an exchange, as it came from the wire.
#pragma once

#include "base/padded_frame.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <string_view>

namespace virtuoso {

/// Views are valid until the next record is read.
struct RawRecord {
    LocalTime received;
    std::uint32_t connection = 0;  ///< tells parallel connections apart
    std::string_view channel;      ///< see journal/channel.hpp
    PaddedFrame frame;
};

/// False of records without a receive time.
[[nodiscard]] inline bool received_after(const RawRecord& record, ExchangeTime time) noexcept {
    constexpr std::int64_t ns_per_ms = 1'000'000;
    return record.received.ns > time.ms * ns_per_ms;
}

}  // namespace virtuoso
