// A file's rows, whatever divides them.
#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace virtuoso {

/// Lines of text, or the rows of a list in JSON.
class RowSource {
  public:
    virtual ~RowSource() = default;

    /// `json`: the text is one list. Errors as of `TextFile::open`.
    [[nodiscard]] static Result<std::unique_ptr<RowSource>> open(const std::string& path, bool json);

    /// The next row; valid until the next call. False at the end.
    [[nodiscard]] virtual Result<bool> next(std::string_view& row) = 0;
    /// Of the file's lines, where the row begins.
    [[nodiscard]] virtual std::uint64_t line_number() const = 0;
    [[nodiscard]] virtual double progress() const = 0;
    /// The file ended before its end.
    [[nodiscard]] virtual bool cut() const = 0;
};

}  // namespace virtuoso
