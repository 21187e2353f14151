// A file's bytes as memory.
#pragma once

#include "base/error.hpp"

#include <span>
#include <string>
#include <utility>

namespace virtuoso {

/// Read-only mapping; the system loads and forgets pages as needed.
class MappedFile {
  public:
    /// `path` as `open_input` takes it. Error: file_open.
    [[nodiscard]] static Result<MappedFile> open(const std::string& path);
    /// Of an open file, which `path` is the name of in messages. Error: file_open.
    [[nodiscard]] static Result<MappedFile> of(int file, const std::string& path);

    MappedFile(MappedFile&& other) noexcept
        : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
    MappedFile& operator=(MappedFile&&) = delete;
    ~MappedFile();

    [[nodiscard]] std::span<const char> bytes() const noexcept { return {data_, size_}; }

  private:
    MappedFile(const char* data, std::size_t size) : data_(data), size_(size) {}
    const char* data_;
    std::size_t size_;
};

}  // namespace virtuoso
