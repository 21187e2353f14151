// Where log lines go: a file or the error stream.
#pragma once

#include "base/error.hpp"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

namespace virtuoso {

/// A target that is gone, full or not read costs 200 ms at most and the line; it is tried again with the
/// next.
class LogTarget {
  public:
    /// `file`: empty for the error stream. Error: file_open.
    [[nodiscard]] static Result<int> open(const std::string& file);

    LogTarget(std::string file, int descriptor) : file_(std::move(file)), descriptor_(descriptor) {}
    ~LogTarget();
    LogTarget(const LogTarget&) = delete;
    LogTarget& operator=(const LogTarget&) = delete;

    void write(std::string_view line);
    /// From now on nothing is tried: what waits is left.
    void give_up() noexcept { given_up_ = true; }
    [[nodiscard]] Result<void> reopen();
    [[nodiscard]] std::uint64_t written() const noexcept { return written_; }
    [[nodiscard]] std::uint64_t failed() const noexcept { return failed_; }

  private:
    [[nodiscard]] bool write_all(std::string_view text) const;

    std::string file_;
    std::mutex mutex_;
    int descriptor_;
    std::uint64_t untold_ = 0;  ///< failures since the last line that went out
    std::atomic<bool> given_up_{false};
    std::atomic<std::uint64_t> written_{0};
    std::atomic<std::uint64_t> failed_{0};
};

}  // namespace virtuoso
