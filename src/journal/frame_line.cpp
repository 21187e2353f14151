#include "journal/frame_line.hpp"

#include "exchange/archive/cells.hpp"
#include "exchange/archive/spelled_time.hpp"

#include <fmt/format.h>

namespace virtuoso {

namespace {

bool is_url(std::string_view text) {
    for (const std::string_view scheme : {"http://", "https://", "ws://", "wss://"}) {
        if (text.starts_with(scheme)) {
            return true;
        }
    }
    return false;
}

// Where the frame begins: at its object, or at the list around it.
std::size_t frame_begin(std::string_view text) {
    const auto object = text.find('{');
    if (object == std::string_view::npos) {
        return text.find('[');
    }
    const auto before = text.find_last_not_of(" \t", object == 0 ? 0 : object - 1);
    return object > 0 && before != std::string_view::npos && text[before] == '[' ? before : object;
}

}  // namespace

Result<FrameLine> split_frame_line(std::string_view line) {
    FrameLine result;
    auto text = archive::trimmed(line);
    if (text.empty() || text.starts_with("configuration:")) {
        return result;
    }
    if (is_url(text)) {
        constexpr std::string_view answer = " -> ";
        const auto arrow = text.find(answer);
        if (arrow == std::string_view::npos || arrow > text.find(' ')) {
            return result;
        }
        result.url = text.substr(0, arrow);
        text.remove_prefix(arrow + answer.size());
    }
    const auto begin = frame_begin(text);
    auto time = text.substr(0, begin);
    while (!time.empty() && std::string_view(" \t,:;|").contains(time.back())) {
        time.remove_suffix(1);
    }
    const auto received = archive::spelled_time(time, "time of receipt");
    if (begin == std::string_view::npos || (!time.empty() && !received)) {
        return fail(
            ErrorCode::file_format,
            fmt::format("expected a frame, or a time of receipt and a frame, found {}", in_quotes(line)));
    }
    if (!time.empty()) {
        result.received = *received;
    }
    result.frame = text.substr(begin);
    return result;
}

}  // namespace virtuoso
