#include "output.hpp"

#include "base/unicode.hpp"

#include <cstdio>
#include <string>

namespace virtuoso::app {

namespace {

void write(std::FILE* stream, const std::string& text) {
    static_cast<void>(std::fwrite(text.data(), 1, text.size(), stream));
}

}  // namespace

void print_text(std::string_view text) {
    write(stdout, printable_lines(text));
}

void print_error_text(std::string_view text) {
    write(stderr, printable_lines(text));
}

void note(std::string_view text) {
    write(stderr, fmt::format("virtuoso: note: {}\n", printable(text)));
}

void clear_lines(std::size_t count) {
    write(stdout, fmt::format("\x1b[{}A\x1b[J", count));
}

}  // namespace virtuoso::app
