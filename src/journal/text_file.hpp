// A text file of any packing and encoding, as UTF-8.
#pragma once

#include "journal/byte_source.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace virtuoso {

/// Marks of byte order are left out; UTF-16 is told by its mark, or by zeros between its first letters.
class TextFile {
  public:
    /// Errors as of `ByteSource::open`.
    [[nodiscard]] static Result<TextFile> open(const std::string& path);
    /// The first bytes of its text, at most `bytes_max`.
    [[nodiscard]] static Result<std::string> head(const std::string& path, std::size_t bytes_max);

    /// At most `room` bytes, which is at least 64; 0 at the end.
    [[nodiscard]] Result<std::size_t> read(char* into, std::size_t room);
    [[nodiscard]] double progress() const { return source_->progress(); }
    [[nodiscard]] bool cut() const noexcept { return source_->cut(); }

  private:
    enum class Encoding : std::uint8_t { unknown, bytes, utf16_little, utf16_big };

    explicit TextFile(std::unique_ptr<ByteSource> source) : source_(std::move(source)) {}
    [[nodiscard]] Result<void> find_encoding();
    [[nodiscard]] Result<std::size_t> read_utf16(char* into, std::size_t room);

    std::unique_ptr<ByteSource> source_;
    Encoding encoding_ = Encoding::unknown;
    std::string waiting_;  ///< read, not given yet
    bool ended_ = false;
};

}  // namespace virtuoso
