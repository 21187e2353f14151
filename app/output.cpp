#include "output.hpp"

#include "base/unicode.hpp"
#include "screen/cells.hpp"
#include "terminal.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>

namespace virtuoso::app {

namespace {

void write(std::FILE* stream, const std::string& text) {
    static_cast<void>(std::fwrite(text.data(), 1, text.size(), stream));
}

/// Files and pipes get UTF-8 whatever the locale is: what reads them expects it.
std::string shown_on(int descriptor, std::string_view text) {
    const bool as_ascii = ::isatty(descriptor) == 1 && terminal_glyphs() == screen::Glyphs::ascii;
    return as_ascii ? screen::shown_lines(text, screen::Glyphs::ascii) : printable_lines(text);
}

}  // namespace

void print_text(std::string_view text) {
    write(stdout, shown_on(STDOUT_FILENO, text));
}

void print_error_text(std::string_view text) {
    write(stderr, shown_on(STDERR_FILENO, text));
}

void note(std::string_view text) {
    write(stderr, shown_on(STDERR_FILENO, fmt::format("virtuoso: note: {}\n", printable(text))));
}

void print_bytes(std::string_view bytes) {
    static_cast<void>(std::fwrite(bytes.data(), 1, bytes.size(), stdout));
}

bool output_is_broken() noexcept {
    return std::ferror(stdout) != 0;
}

Result<void> finish_output() {
    errno = 0;
    if (std::fflush(stdout) != 0 || output_is_broken()) {
        return fail(ErrorCode::file_write,
                    fmt::format("the standard output cannot be written{}",
                                errno == 0 ? std::string() : ": " + system_reason(errno)));
    }
    return {};
}

}  // namespace virtuoso::app
