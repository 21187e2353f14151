// The time of day of a program that was started with `preloaded_faults`.
#pragma once

#include "support/places.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <utility>

namespace virtuoso::test {

class SteppedClock {
  public:
    explicit SteppedClock(std::string file) : file_(std::move(file)) { set(0); }

    /// From now on it is so far from the true time.
    void set(std::int64_t offset_ns) const {
        const int file = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        EXPECT_EQ(::pwrite(file, &offset_ns, sizeof(offset_ns), 0), sizeof(offset_ns));
        ::close(file);
    }
    /// For the program's environment.
    [[nodiscard]] std::string variable() const { return "STEPPED_CLOCK_FILE=" + file_; }

  private:
    std::string file_;
};

}  // namespace virtuoso::test
