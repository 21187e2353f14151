// Lines of a text file, gzipped or not.
#pragma once

#include "base/error.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

/// Memory: one chunk and the longest line.
class LineReader {
  public:
    static constexpr std::size_t line_bytes_max = std::size_t{1} << 26;

    [[nodiscard]] static Result<LineReader> open(const std::string& path);
    LineReader(LineReader&&) noexcept;
    LineReader& operator=(LineReader&&) = delete;
    ~LineReader();

    /// The next line without its end; valid until the next call, with at least 64 zero bytes or file
    /// bytes readable behind it. False at the end of the file.
    [[nodiscard]] Result<bool> next(std::string_view& line);

    [[nodiscard]] std::uint64_t line_number() const noexcept { return line_number_; }
    /// Share of the file's bytes read, 0…1.
    [[nodiscard]] double progress() const;

  private:
    struct File;
    LineReader(std::string path, std::unique_ptr<File> file);
    [[nodiscard]] Result<bool> fill();

    std::string path_;
    std::unique_ptr<File> file_;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::uint64_t line_number_ = 0;
};

}  // namespace virtuoso
