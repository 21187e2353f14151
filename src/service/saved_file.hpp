// The file that symbols are saved in.
//
//   file   = "VIRTSAVE" version:u32 size:u32 source crc:u32
//   symbol = "VSYM" until_ms:i64 trades_until_ms:i64 form:u32 name:u16 packed:u32 crc:u32 name packed
//
// Integers are little-endian; `source` says whose symbols these are, `packed` is zstd of `form` bytes, a crc
// is of everything since the one before it and, of a symbol, of its name and packed bytes. Symbols stand
// alone: one that is damaged costs only itself and, where its sizes are, those behind it.
#pragma once

#include "base/error.hpp"
#include "exchange/feed.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct ZSTD_CCtx_s;

namespace virtuoso {

/// Raise it when anything that `saved_form` writes changes: a service reads only what its like wrote.
inline constexpr std::uint32_t saved_version = 1;

/// One symbol as it is saved.
struct SavedSymbol {
    std::string symbol;
    KnownPast known;
    std::string form;  ///< as `saved_form` gives it
};

/// Writes beside the file that is there and takes its place once it is finished. What is written is not
/// forced to the disk: a machine that loses power may leave a file that is damaged, which is noticed.
class SavedFileWriter {
  public:
    /// Readable by its owner alone. Error: file_write.
    [[nodiscard]] static Result<SavedFileWriter> create(std::filesystem::path path, std::string_view source);
    SavedFileWriter(SavedFileWriter&& other) noexcept;
    SavedFileWriter& operator=(SavedFileWriter&&) = delete;
    /// What was not finished is gone.
    ~SavedFileWriter();

    /// Error: file_write. O(form).
    [[nodiscard]] Result<void> add(const SavedSymbol& symbol);
    /// Error: file_write; the file that was there stays.
    [[nodiscard]] Result<void> finish();

    [[nodiscard]] std::size_t symbols() const noexcept { return symbols_; }
    [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

  private:
    SavedFileWriter(std::filesystem::path path, int file);
    [[nodiscard]] std::filesystem::path beside() const;
    [[nodiscard]] Result<void> write(std::string_view bytes);

    std::filesystem::path path_;
    int file_ = -1;
    ZSTD_CCtx_s* context_ = nullptr;
    std::vector<char> packed_;
    std::size_t symbols_ = 0;
    std::uint64_t bytes_ = 0;
};

/// Where a symbol stands in its file.
struct SavedEntry {
    std::string symbol;
    KnownPast known;
    std::uint64_t offset = 0;  ///< of its name
    std::uint32_t packed_bytes = 0;
    std::uint32_t form_bytes = 0;
    std::uint32_t checksum = 0;  ///< of its name and packed bytes
};

/// An open file: it may be replaced or removed meanwhile.
class SavedFileReader {
  public:
    /// Errors: file_open; file_format when it is none, of another version, or of another source.
    [[nodiscard]] static Result<SavedFileReader> open(const std::filesystem::path& path,
                                                      std::string_view source);
    SavedFileReader(SavedFileReader&& other) noexcept;
    SavedFileReader& operator=(SavedFileReader&&) = delete;
    ~SavedFileReader();

    [[nodiscard]] const std::vector<SavedEntry>& entries() const noexcept { return entries_; }
    /// False when what follows the last of the entries cannot be read.
    [[nodiscard]] bool whole() const noexcept { return whole_; }
    /// Error: file_format when it is damaged. O(form).
    [[nodiscard]] Result<std::string> form_of(const SavedEntry& entry) const;

  private:
    explicit SavedFileReader(int file) : file_(file) {}
    void find_entries(std::uint64_t offset);

    int file_ = -1;
    std::vector<SavedEntry> entries_;
    bool whole_ = true;
};

}  // namespace virtuoso
