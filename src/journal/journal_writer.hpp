// Writing raw traffic to a journal.
#pragma once

#include "base/error.hpp"
#include "base/output_file.hpp"
#include "exchange/raw_record.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

struct ZSTD_CCtx_s;

namespace virtuoso {

/// Collects records into blocks of about one MiB, compresses and appends them. What was flushed
/// survives a crash; what was not is lost: at most the last block. Not thread-safe.
class JournalWriter {
  public:
    /// A journal that can be read while it grows. Error: file_write, also when there is something of that
    /// name.
    [[nodiscard]] static Result<JournalWriter> create(const std::string& path);
    /// Error: file_write.
    [[nodiscard]] static Result<JournalWriter> into(OutputFile file);

    JournalWriter(JournalWriter&& other) noexcept;
    JournalWriter& operator=(JournalWriter&&) = delete;
    ~JournalWriter();

    /// Error: file_write (disk full). The record was not taken, the journal on disk stays readable up to
    /// the last whole block, and what is waiting is written by a later call that finds space.
    [[nodiscard]] Result<void> append(const RawRecord& record);
    /// Ends the current block.
    [[nodiscard]] Result<void> flush();
    /// Flushes, then writes the index. The journal is complete afterwards.
    [[nodiscard]] Result<void> close();

    [[nodiscard]] std::uint64_t records() const noexcept { return records_; }
    [[nodiscard]] std::uint64_t bytes_written() const noexcept { return file_.size(); }
    /// Whether somebody has removed the file. Not after `close`.
    [[nodiscard]] bool is_gone() const noexcept { return file_.is_gone(); }
    /// The journal will not be closed: nothing more is written.
    void abandon() noexcept { block_records_ = 0; }

  private:
    struct IndexEntry {
        std::uint64_t offset;
        std::int64_t first_ns;
        std::int64_t last_ns;
        std::uint64_t first_record;
    };

    explicit JournalWriter(OutputFile file);
    [[nodiscard]] std::uint16_t channel_number(std::string_view channel);

    OutputFile file_;
    bool open_ = true;
    ZSTD_CCtx_s* context_ = nullptr;
    std::uint64_t records_ = 0;
    std::uint32_t block_records_ = 0;
    std::int64_t block_first_ns_ = 0;
    std::int64_t block_last_ns_ = 0;
    std::vector<std::string> channels_;  ///< of the current block
    std::string body_;                   ///< records of the current block
    std::string packed_;
    std::vector<IndexEntry> index_;
};

}  // namespace virtuoso
