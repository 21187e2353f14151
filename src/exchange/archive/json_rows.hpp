// Lists of lists, or of flat objects, in JSON as rows of a table.
#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace virtuoso::archive {

/// `[[1,2],[3,4]]` gives the rows `1,2` and `3,4`; `[{"a":1,"b":2}]` the rows `a,b` and `1,2`. Strings keep
/// their quotes. What a row's value holds that is itself a list or an object is left out.
class JsonRows {
  public:
    static constexpr std::size_t row_bytes_max = std::size_t{1} << 20;

    /// Takes text off the front of `text` until a row is whole: true, and it stands in `row`. False when all
    /// was taken. Errors: json_syntax, with the line.
    [[nodiscard]] Result<bool> scan(std::string_view& text, std::string& row);

    /// Whether the text may end here.
    [[nodiscard]] bool whole() const noexcept { return place_ == Place::behind; }
    /// Of the row that was given last.
    [[nodiscard]] std::uint64_t line_number() const noexcept { return row_line_; }

  private:
    enum class Place : std::uint8_t { before, between, in_row, behind };

    [[nodiscard]] Result<bool> outside(char character);
    [[nodiscard]] bool inside(char character);
    void end_row();
    void end_object();
    [[nodiscard]] std::unexpected<Error> refuse(std::string_view found) const;

    Place place_ = Place::before;
    bool object_ = false;
    bool quoted_ = false;
    bool escaped_ = false;
    int depth_ = 0;  ///< below the row
    std::string content_;
    std::string header_;
    std::deque<std::string> ready_;
    std::uint64_t line_ = 1;
    std::uint64_t row_line_ = 0;
};

}  // namespace virtuoso::archive
