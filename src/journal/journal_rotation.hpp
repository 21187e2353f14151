// A row of journals that live traffic is recorded to.
#pragma once

#include "journal/journal_writer.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace virtuoso {

struct RotationOptions {
    std::string folder;
    std::string prefix = "bybit";
    std::uint64_t bytes_max = std::uint64_t{512} << 20;
    std::int64_t retry_ns = 5'000'000'000;  ///< after a failed write, before the next attempt
    std::int64_t flush_ns = 5'000'000'000;  ///< what is older than this is on disk
};

/// Journals named by the time they begin, `bybit-20261125T003000Z.vjn`, each closed when it is full or its
/// hour is over. A disk that is full, or a folder that vanished, costs the records of that time, which are
/// counted; recording goes on when there is space again.
class JournalRotation {
  public:
    explicit JournalRotation(RotationOptions options) : options_(std::move(options)) {}

    /// Error: file_write, at most once per `retry_ns`; between, records are dropped silently and counted.
    [[nodiscard]] Result<void> append(const RawRecord& record);
    /// Writes the index of the open journal.
    [[nodiscard]] Result<void> close();

    [[nodiscard]] std::uint64_t records() const noexcept { return records_; }
    [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }
    [[nodiscard]] std::uint64_t files() const noexcept { return files_; }
    [[nodiscard]] std::uint64_t bytes() const noexcept;
    [[nodiscard]] const std::string& path() const noexcept { return path_; }

  private:
    [[nodiscard]] Result<void> open(LocalTime now);
    [[nodiscard]] Result<void> refuse(LocalTime now, Error error);
    [[nodiscard]] Result<void> give_up();

    RotationOptions options_;
    std::optional<JournalWriter> writer_;
    std::string path_;
    std::int64_t hour_ = 0;
    LocalTime flushed_;
    LocalTime retry_at_;
    std::uint64_t closed_bytes_ = 0;
    std::uint64_t records_ = 0;
    std::uint64_t dropped_ = 0;
    std::uint64_t files_ = 0;
};

}  // namespace virtuoso
