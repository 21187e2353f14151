// One line of a table, divided.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace virtuoso::archive {

/// Views into the line. A cell in double quotes may hold the delimiter. What is behind the last of
/// `cells_max` is left out. O(length).
class Cells {
  public:
    static constexpr std::size_t cells_max = 256;

    Cells(std::string_view line, char delimiter);

    [[nodiscard]] std::size_t size() const noexcept { return count_; }
    /// Empty beyond the last.
    [[nodiscard]] std::string_view operator[](std::size_t index) const noexcept {
        return index < count_ ? values_[index] : std::string_view{};
    }

  private:
    std::array<std::string_view, cells_max> values_;
    std::size_t count_ = 0;
};

/// What divides this line: a semicolon, else a tab, else a comma, else a bar.
[[nodiscard]] char delimiter_of(std::string_view line) noexcept;

/// Without spaces and ends of lines around it.
[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;

}  // namespace virtuoso::archive
