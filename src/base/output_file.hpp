// Writing a file so that nothing is lost: neither what stood in its place, nor half of what is new.
#pragma once

#include "base/error.hpp"

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace virtuoso {

/// What a caller knows of a file that it is going to write.
struct OutputPlan {
    std::string path;
    std::string name = "the output";  ///< how messages call it: "--output"
    /// Paths that are read: none of them is written to. "-" is the standard input.
    std::span<const std::string> inputs = {};
    /// Whether a file that begins so is one of this program's own and may be replaced. Null: none is.
    bool (*is_own)(std::string_view beginning) = nullptr;
    /// Asked before a file is replaced that is neither empty nor the program's own. Null: it is not.
    std::function<bool()> may_replace = {};
    mode_t mode = 0666;   ///< of a new file, less the process's mask; a replaced file keeps its own
    bool durable = true;  ///< on the disk once it is finished
};

/// A file that appears, or takes another's place, when it is finished; until then it is written beside that
/// place under a name of its own. One that is not finished leaves nothing. Not thread-safe.
class OutputFile {
  public:
    /// Through links, to what they lead to. Errors: argument when the path is one of the inputs or what is
    /// there may not be replaced; file_write when it is no regular file, a link that leads nowhere, or its
    /// folder cannot be written to.
    [[nodiscard]] static Result<OutputFile> create(const OutputPlan& plan);
    /// A file that grows in its place, for whoever reads it meanwhile; what was written stays when it is not
    /// finished.
    /// Errors: file_write, also when there is something of that name.
    [[nodiscard]] static Result<OutputFile> create_in_place(const std::string& path, mode_t mode = 0666);

    OutputFile(OutputFile&& other) noexcept;
    OutputFile& operator=(OutputFile&&) = delete;
    ~OutputFile();

    /// Error: file_write.
    [[nodiscard]] Result<void> write(std::string_view bytes);
    /// Takes back what was written behind the first `size` bytes, if it can.
    void cut(std::uint64_t size) noexcept;
    /// Bytes that are written.
    [[nodiscard]] std::uint64_t size() const noexcept;
    /// Whether somebody has removed it meanwhile: what is written is lost. Not after `finish`.
    [[nodiscard]] bool is_gone() const noexcept;
    /// Error: file_write; what stood in its place stays.
    [[nodiscard]] Result<void> finish();
    /// Where it will be, without links.
    [[nodiscard]] const std::string& target() const noexcept;

    /// Removes what is not finished: before a process ends at once. Safe in a signal handler.
    static void remove_unfinished() noexcept;

  private:
    struct State;
    explicit OutputFile(std::unique_ptr<State> state) noexcept;
    [[nodiscard]] std::unexpected<Error> failed(int reason) const;

    std::unique_ptr<State> state_;
};

/// Whether two paths lead to the same file, "-" to the standard input.
[[nodiscard]] bool is_same_file(const std::string& a, const std::string& b);

/// "it is a folder": what it is instead of a regular file.
[[nodiscard]] std::string_view kind_of_file(mode_t mode) noexcept;

}  // namespace virtuoso
