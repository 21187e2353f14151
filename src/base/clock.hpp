// Time is an input: code below the engine asks a Clock and never the machine.
#pragma once

#include "base/time.hpp"

namespace virtuoso {

class Clock {
  public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual LocalTime now() const = 0;
};

/// A clock that a replay or a test moves by hand. It never runs backwards.
class VirtualClock final : public Clock {
  public:
    [[nodiscard]] LocalTime now() const override { return now_; }
    void advance_to(LocalTime time) {
        if (time > now_) {
            now_ = time;
        }
    }

  private:
    LocalTime now_;
};

}  // namespace virtuoso
