// One attempt to deliver one message, as libcurl makes it.
#pragma once

#include "alert/alert_request.hpp"
#include "alert/delivery_judgement.hpp"
#include "alert/sink_spec.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace virtuoso {

struct TransferLimits {
    std::int64_t connect_ms = 0;
    std::int64_t answer_ms = 0;
    std::size_t answer_bytes_max = 0;
};

/// Not moved: libcurl points into it.
class AlertTransfer {
  public:
    /// `sink` outlives it. Precondition: the sink is not the console.
    AlertTransfer(const AlertSink& sink, const AlertMessage& message, LocalTime now,
                  const TransferLimits& limits);
    ~AlertTransfer();
    AlertTransfer(const AlertTransfer&) = delete;
    AlertTransfer& operator=(const AlertTransfer&) = delete;

    /// libcurl's handle of it, null when there was no memory for one.
    [[nodiscard]] void* handle() const noexcept;
    /// `result`: libcurl's CURLcode of the finished transfer. Reasons hold no secret of the sink.
    [[nodiscard]] DeliveryJudgement judge(int result) const;

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace virtuoso
