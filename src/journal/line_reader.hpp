// Lines of a text file of any packing and encoding.
#pragma once

#include "base/error.hpp"
#include "journal/text_file.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

/// Memory: one chunk and the longest line.
class LineReader {
  public:
    static constexpr std::size_t line_bytes_max = std::size_t{1} << 26;

    [[nodiscard]] static Result<LineReader> open(const std::string& path);

    /// The next line without its end; valid until the next call, with at least 64 zero bytes or file
    /// bytes readable behind it. False at the end of the file. What a cut file has of its last line is left
    /// out.
    [[nodiscard]] Result<bool> next(std::string_view& line);

    [[nodiscard]] std::uint64_t line_number() const noexcept { return line_number_; }
    /// Share of the file's bytes read, 0…1.
    [[nodiscard]] double progress() const { return file_.progress(); }
    /// What is packed ended before its end.
    [[nodiscard]] bool cut() const noexcept { return file_.cut(); }

  private:
    explicit LineReader(TextFile file);
    [[nodiscard]] Result<bool> fill();

    TextFile file_;
    bool ended_ = false;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::uint64_t line_number_ = 0;
};

}  // namespace virtuoso
