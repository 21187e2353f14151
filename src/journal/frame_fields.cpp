#include "journal/frame_fields.hpp"

#include "exchange/archive/spelled_time.hpp"

#include <algorithm>
#include <charconv>

namespace virtuoso {

namespace {

std::string_view without_spaces(std::string_view text) {
    return text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
}

}  // namespace

std::string_view value_behind(std::string_view frame, std::string_view name) {
    for (auto at = frame.find(name); at != std::string_view::npos; at = frame.find(name, at + 1)) {
        const std::size_t end = at + name.size();
        if (at == 0 || frame[at - 1] != '"' || end >= frame.size() || frame[end] != '"') {
            continue;
        }
        const auto rest = without_spaces(frame.substr(end + 1));
        if (rest.starts_with(':')) {
            return without_spaces(rest.substr(1));
        }
    }
    return {};
}

std::uint64_t number_behind(std::string_view frame, std::string_view name) {
    const auto value = value_behind(frame, name);
    std::uint64_t number = 0;
    std::from_chars(value.data(), value.data() + value.size(), number);
    return number;
}

std::string_view text_behind(std::string_view frame, std::string_view name) {
    const auto value = value_behind(frame, name);
    return value.starts_with('"') ? value.substr(1, value.substr(1).find('"')) : std::string_view{};
}

std::optional<LocalTime> time_of_frame(std::string_view frame) {
    for (const std::string_view name : {"ts", "E", "T"}) {
        const auto value = value_behind(frame, name);
        const auto digits = value.substr(0, value.find_first_not_of("0123456789"));
        if (const auto time = archive::spelled_time(digits, name); time && time->ns > 0) {
            return *time;
        }
    }
    return std::nullopt;
}

}  // namespace virtuoso
