// All that the program prints.
#pragma once

#include "base/error.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace virtuoso::app {

/// Writes text to the standard output: documents, whose lines stay as they are. Names, reasons and messages
/// come from outside: whatever a terminal would act on is escaped here. On a terminal whose locale is not
/// UTF-8 it is ASCII.
void print_text(std::string_view text);
/// The same for people: lines that are longer than a terminal is wide go on below, indented.
void print_prose(std::string_view text);
/// The same to the error stream.
void print_error_prose(std::string_view text);
/// One line to the error stream: "virtuoso: note: …".
void note(std::string_view text);
/// What is no text, as it is: compressed bytes.
void print_bytes(std::string_view bytes);
/// True once something could not be written to the standard output.
[[nodiscard]] bool output_is_broken() noexcept;
/// Writes what is printed but waiting, for who reads along.
void flush_output();
/// Error: file_write when something could not be written to the standard output; told once.
[[nodiscard]] Result<void> check_output();
/// Whether all that was printed has been written. Error: file_write; told once, here or by `check_output`.
[[nodiscard]] Result<void> finish_output();
/// Whoever goes on without a standard output: no error is told of it any more.
void do_without_output() noexcept;

template <typename... Part>
void print(fmt::format_string<Part...> format, Part&&... parts) {
    print_prose(fmt::format(format, std::forward<Part>(parts)...));
}
template <typename... Part>
void print_error(fmt::format_string<Part...> format, Part&&... parts) {
    print_error_prose(fmt::format(format, std::forward<Part>(parts)...));
}

}  // namespace virtuoso::app
