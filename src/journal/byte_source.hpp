// The bytes within a file: gzipped, in a zip archive, or plain.
#pragma once

#include "base/error.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace virtuoso {

class ByteSource {
  public:
    virtual ~ByteSource() = default;

    /// What the file begins with decides; `path` as `open_input` takes it. Errors: file_open; file_format for
    /// archives of none or several files.
    [[nodiscard]] static Result<std::unique_ptr<ByteSource>> open(const std::string& path);

    /// At most `room` bytes; 0 at the end. Error: file_format when what is packed is damaged.
    [[nodiscard]] virtual Result<std::size_t> read(char* into, std::size_t room) = 0;
    /// Share of the file's bytes read, 0…1.
    [[nodiscard]] virtual double progress() const = 0;
    /// What is packed ended before its end: the file was cut.
    [[nodiscard]] virtual bool cut() const noexcept = 0;
};

/// Gzipped or in a zip archive. Error: file_open.
[[nodiscard]] Result<bool> is_packed(const std::string& path);

}  // namespace virtuoso
