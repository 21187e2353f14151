// Opening what is read, wherever it comes from.
#pragma once

#include "base/error.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace virtuoso {

/// An open file, closed with it.
class InputFile {
  public:
    explicit InputFile(int descriptor) noexcept : descriptor_(descriptor) {}
    InputFile(InputFile&& other) noexcept : descriptor_(other.release()) {}
    InputFile& operator=(InputFile&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    ~InputFile();

    /// −1: none is open.
    [[nodiscard]] int value() const noexcept { return descriptor_; }
    /// Whoever takes it closes it.
    [[nodiscard]] int release() noexcept { return std::exchange(descriptor_, -1); }

  private:
    int descriptor_;
};

/// What a path leads to, at its beginning; "-" is the standard input. Readers go back to the beginning, which
/// a pipe does not: of one, and of what a shell gives as `<(command)`, everything is read at the first time
/// and kept in a file without a name for as long as the process lives. Errors: file_open, also when it is a
/// folder or a device.
[[nodiscard]] Result<InputFile> open_input(const std::string& path);

/// Gives at most so many bytes; 0: there are no more.
using ReadBytes = std::function<Result<std::size_t>(char* into, std::size_t room)>;

/// What `read` gives of `path`, kept as a pipe's bytes are; the second time for this path, what was kept.
/// Errors: file_open, and those of `read`.
[[nodiscard]] Result<InputFile> open_copy(const std::string& path, const ReadBytes& read);

/// Whether a path is the standard input or one of the names that a shell gives to a pipe: it names nothing.
[[nodiscard]] bool is_nameless(std::string_view path) noexcept;

}  // namespace virtuoso
