// A terminal that understands what the live screen sends, and nothing else.
#pragma once

#include "base/unicode.hpp"
#include "screen/cells.hpp"
#include "screen/frame.hpp"

#include <gtest/gtest.h>

#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace virtuoso::test {

/// Bytes may come in pieces. What it cannot understand, and what is written beyond its last row or column, is
/// a failure that it keeps in `complaint`.
class TerminalModel {
  public:
    explicit TerminalModel(screen::ScreenSize size) { resize(size); }

    void resize(screen::ScreenSize size) {
        size_ = size;
        rows_.assign(size.rows, {});
    }
    void resize_at_next_clear(screen::ScreenSize size) { next_size_ = size; }
    void take(std::string_view bytes) {
        held_ += bytes;
        std::string_view rest = held_;
        while (!rest.empty()) {
            const std::size_t taken = step(rest);
            if (taken == 0) {
                break;
            }
            rest.remove_prefix(taken);
        }
        held_.erase(0, held_.size() - rest.size());
    }

    [[nodiscard]] bool on_alternate_screen() const noexcept { return alternate_; }
    [[nodiscard]] bool cursor_hidden() const noexcept { return !cursor_; }
    [[nodiscard]] bool wraps() const noexcept { return wraps_; }
    [[nodiscard]] screen::ScreenSize size() const noexcept { return size_; }
    [[nodiscard]] std::size_t entered() const noexcept { return entered_; }
    [[nodiscard]] const std::string& row(std::size_t number) const { return rows_.at(number); }
    [[nodiscard]] std::string text() const {
        std::string all;
        for (const auto& line : rows_) {
            all += line + "\n";
        }
        return all;
    }
    [[nodiscard]] bool shows(std::string_view part) const { return text().find(part) != std::string::npos; }
    [[nodiscard]] const std::string& complaint() const noexcept { return complaint_; }
    /// Outside the alternate screen.
    [[nodiscard]] const std::string& plain() const noexcept { return plain_; }
    [[nodiscard]] bool ascii_only() const noexcept { return ascii_only_; }

  private:
    [[nodiscard]] std::size_t step(std::string_view rest) {
        if (rest.front() != '\x1b') {
            const CodePoint point = first_code_point(rest);
            if (!point.valid && rest.size() < 4) {
                return 0;
            }
            put(rest.substr(0, point.bytes), point.value);
            return point.bytes;
        }
        std::size_t end = 2;
        while (end < rest.size() && (rest[end] < '@' || rest[end] > '~')) {
            ++end;
        }
        if (end >= rest.size()) {
            return 0;
        }
        act(rest.substr(2, end - 2), rest[end]);
        return end + 1;
    }
    void put(std::string_view bytes, char32_t value) {
        ascii_only_ = ascii_only_ && bytes.size() == 1;
        if (!alternate_) {
            plain_ += bytes;
            return;
        }
        const std::size_t wide = screen::cells_of(value);
        if (row_ >= size_.rows || column_ + wide > size_.columns || value < U' ') {
            complaint_ = "written beyond the screen: row " + std::to_string(row_) + ", column " +
                         std::to_string(column_) + ", \"" + std::string(bytes) + "\"";
            return;
        }
        rows_[row_] += bytes;
        column_ += wide;
    }
    void act(std::string_view parameters, char final) {
        if (parameters == "?1049") {
            entered_ += !alternate_ && final == 'h' ? 1U : 0U;
            alternate_ = final == 'h';
            clear();
        } else if (parameters == "?25") {
            cursor_ = final == 'h';
        } else if (parameters == "?7") {
            wraps_ = final == 'h';
        } else if (final == 'H') {
            go_to(parameters);
        } else if (final == 'J') {
            clear();
        } else if (final == 'K') {
            if (row_ < rows_.size()) {
                EXPECT_EQ(column_, 0U) << "a line is cleared from its beginning";
                rows_[row_].clear();
            }
        } else if (final != 'm') {
            complaint_ = "not understood: " + std::string(parameters) + final;
        }
    }
    void go_to(std::string_view parameters) {
        std::size_t number = 1;
        std::from_chars(parameters.data(), parameters.data() + parameters.size(), number);
        row_ = number - 1;
        column_ = 0;
    }
    void clear() { resize(std::exchange(next_size_, std::nullopt).value_or(size_)); }

    screen::ScreenSize size_;
    std::optional<screen::ScreenSize> next_size_;
    std::vector<std::string> rows_;
    std::string held_;
    std::string plain_;
    std::string complaint_;
    std::size_t row_ = 0;
    std::size_t column_ = 0;
    std::size_t entered_ = 0;
    bool alternate_ = false;
    bool cursor_ = true;
    bool wraps_ = true;
    bool ascii_only_ = true;
};

}  // namespace virtuoso::test
