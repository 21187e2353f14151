// How the service came up: which parts were made, in which order, and how long each took.
#pragma once

#include "base/clock.hpp"

#include <mutex>
#include <string>
#include <vector>

namespace virtuoso {

struct MadePart {
    std::string name;
    double ms = 0;
};

/// Thread-safe: it is told while the last parts are made.
class StartUp {
  public:
    /// `clock` outlives it.
    explicit StartUp(const Clock& clock) : clock_(clock), last_(clock.now()) {}

    /// Since the part before, or since the beginning.
    void made(std::string name);
    /// In the order in which they were made.
    [[nodiscard]] std::vector<MadePart> parts() const;
    /// "all components initialised in 9.0 ms: log 1.5 ms, …".
    [[nodiscard]] std::string text() const;

  private:
    const Clock& clock_;
    mutable std::mutex mutex_;
    LocalTime last_;
    std::vector<MadePart> parts_;
};

}  // namespace virtuoso
