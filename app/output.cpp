#include "output.hpp"

#include "base/unicode.hpp"
#include "progress_bar.hpp"
#include "screen/cells.hpp"
#include "terminal.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <string>
#include <utility>

namespace virtuoso::app {

namespace {

bool lost = false;
bool told = false;
int lost_reason = 0;  ///< 0: not known

void note_loss() noexcept {
    if (!std::exchange(lost, true)) {
        lost_reason = errno;
    }
}

void write(std::FILE* stream, std::string_view text) {
    errno = 0;
    if (std::fwrite(text.data(), 1, text.size(), stream) < text.size() && stream == stdout) {
        note_loss();
    }
}

/// Files and pipes get UTF-8 whatever the locale is: what reads them expects it.
std::string shown_on(int descriptor, std::string_view text) {
    const bool on_terminal = ::isatty(descriptor) == 1;
    if (on_terminal) {
        ProgressBar::clear_drawn();
    }
    const bool as_ascii = on_terminal && terminal_glyphs() == screen::Glyphs::ascii;
    return as_ascii ? screen::shown_lines(text, screen::Glyphs::ascii) : printable_lines(text);
}

/// What a terminal would break in the middle of words. Text that does not end its line stays as it is.
std::string prose_on(int descriptor, std::string_view text) {
    constexpr std::size_t indent = 2;
    std::string shown = shown_on(descriptor, text);
    const auto size = terminal_size(descriptor);
    if (!size) {
        return shown;
    }
    std::string result;
    std::string_view rest = shown;
    for (auto end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
        const auto line = rest.substr(0, end);
        const std::size_t own = std::min(line.find_first_not_of(' '), line.size());
        for (const auto& part : screen::wrapped(line, size->columns, own + indent)) {
            result.append(part).append("\n");
        }
        rest.remove_prefix(end + 1);
    }
    return result.append(rest);
}

}  // namespace

void print_text(std::string_view text) {
    write(stdout, shown_on(STDOUT_FILENO, text));
}

void print_prose(std::string_view text) {
    write(stdout, prose_on(STDOUT_FILENO, text));
}

void print_error_prose(std::string_view text) {
    write(stderr, prose_on(STDERR_FILENO, text));
}

void note(std::string_view text) {
    write(stderr, prose_on(STDERR_FILENO, fmt::format("virtuoso: note: {}\n", printable(text))));
}

void print_bytes(std::string_view bytes) {
    write(stdout, bytes);
}

bool output_is_broken() noexcept {
    return lost;
}

void flush_output() {
    errno = 0;
    if (std::fflush(stdout) != 0) {
        note_loss();
    }
}

Result<void> check_output() {
    if (!lost || std::exchange(told, true)) {
        return {};
    }
    std::string why;
    if (lost_reason != 0) {
        why = ": " + (lost_reason == EBADF ? "it is closed" : system_reason(lost_reason));
    }
    return fail(ErrorCode::file_write, fmt::format("the standard output cannot be written{}", why));
}

Result<void> finish_output() {
    flush_output();
    return check_output();
}

void do_without_output() noexcept {
    lost = told = true;
}

}  // namespace virtuoso::app
