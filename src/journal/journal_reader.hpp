// Reading a journal, whole, torn or damaged.
#pragma once

#include "base/error.hpp"
#include "journal/mapped_file.hpp"
#include "journal/recording.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

struct ZSTD_DCtx_s;

namespace virtuoso {

/// What was found wrong while reading.
struct JournalDamage {
    std::uint64_t corrupt_blocks = 0;  ///< blocks whose checksum or structure did not hold
    std::uint64_t torn_bytes = 0;      ///< bytes behind the last whole block
    bool index_missing = false;        ///< the journal was not closed
};

/// Walks a journal's blocks in order. A damaged block is skipped and reported; a torn tail ends the
/// journal and is reported. Memory: one block.
class JournalReader final : public Recording {
  public:
    /// Packed or plain. Errors: file_open, journal_header; file_format when nothing can be unpacked.
    [[nodiscard]] static Result<std::unique_ptr<JournalReader>> open(const std::string& path);
    /// Reads from memory that outlives the reader.
    [[nodiscard]] static Result<std::unique_ptr<JournalReader>> over(std::span<const char> bytes);

    ~JournalReader() override;

    [[nodiscard]] Result<bool> next(RawRecord& record) override;
    [[nodiscard]] double progress() const override;
    [[nodiscard]] std::vector<std::string> notices() const override;

    /// Continues at the first block that holds a record received at or after `time`: O(index
    /// entries), without an index O(blocks).
    void seek(LocalTime time);

    [[nodiscard]] const JournalDamage& damage() const noexcept { return damage_; }
    [[nodiscard]] bool indexed() const noexcept { return !index_.empty(); }

  private:
    struct BlockHeader {
        std::uint32_t records;
        std::uint32_t raw_bytes;
        std::uint32_t packed_bytes;
        std::int64_t first_ns;
        std::int64_t last_ns;
        std::uint32_t payload_checksum;
    };
    struct IndexEntry {
        std::uint64_t offset;
        std::int64_t last_ns;
    };

    explicit JournalReader(std::span<const char> bytes);
    void read_index();
    [[nodiscard]] std::optional<BlockHeader> header_at(std::size_t offset) const;
    [[nodiscard]] bool load_block();
    [[nodiscard]] bool unpack(const BlockHeader& header);
    [[nodiscard]] bool read_channels();
    [[nodiscard]] bool take_record(RawRecord& record);
    void skip_damage();
    [[nodiscard]] std::size_t next_block_from(std::size_t offset) const;

    std::optional<MappedFile> file_;
    std::span<const char> bytes_;
    ZSTD_DCtx_s* context_;
    std::size_t offset_;
    std::size_t end_;  ///< where the blocks end
    std::vector<IndexEntry> index_;
    std::vector<char> block_;  ///< unpacked, with frame padding behind
    std::size_t block_size_ = 0;
    std::size_t cursor_ = 0;
    std::uint32_t records_left_ = 0;
    std::vector<std::string> channels_;
    JournalDamage damage_;
};

}  // namespace virtuoso
