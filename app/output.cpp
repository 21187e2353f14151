#include "output.hpp"

#include "base/unicode.hpp"

#include <cerrno>
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
