#include "exchange/archive/json_rows.hpp"

#include "exchange/archive/cells.hpp"

#include <fmt/format.h>

namespace virtuoso::archive {

namespace {

// Where the value that begins at `at` ends: at a comma that is in no text, or at the end.
std::size_t value_end(std::string_view text, std::size_t at) {
    bool quoted = false;
    for (; at < text.size(); ++at) {
        if (quoted && text[at] == '\\') {
            ++at;
        } else if (text[at] == '"') {
            quoted = !quoted;
        } else if (!quoted && text[at] == ',') {
            return at;
        }
    }
    return text.size();
}

}  // namespace

std::unexpected<Error> JsonRows::refuse(std::string_view found) const {
    return fail(ErrorCode::json_syntax,
                fmt::format("line {}: {} in a list of rows: expected [[…],[…]] or [{{…}},{{…}}]", line_,
                            in_quotes(found)));
}

Result<bool> JsonRows::scan(std::string_view& text, std::string& row) {
    for (;;) {
        if (!ready_.empty()) {
            row = std::move(ready_.front());
            ready_.pop_front();
            return true;
        }
        if (text.empty()) {
            return false;
        }
        const char character = text.front();
        line_ += character == '\n' ? 1U : 0U;
        if (place_ == Place::in_row) {
            if (inside(character)) {
                end_row();
            }
        } else if (const auto fits = outside(character); !fits) {
            return fits;
        }
        if (content_.size() > row_bytes_max) {
            return fail(ErrorCode::json_syntax,
                        fmt::format("line {}: a row is longer than {} bytes", row_line_, row_bytes_max));
        }
        text.remove_prefix(1);
    }
}

Result<bool> JsonRows::outside(char character) {
    if (character == ' ' || character == '\n' || character == '\r' || character == '\t') {
        return true;
    }
    const std::string_view found(&character, 1);
    if (place_ == Place::before) {
        if (character != '[') {
            return refuse(found);
        }
        place_ = Place::between;
        return true;
    }
    if (place_ == Place::behind) {
        return refuse(found);
    }
    if (character == '[' || character == '{') {
        place_ = Place::in_row;
        object_ = character == '{';
        row_line_ = line_;
        content_.clear();
    } else if (character == ']') {
        place_ = Place::behind;
    } else if (character != ',') {
        return refuse(found);
    }
    return true;
}

// True when the row ends with this character.
bool JsonRows::inside(char character) {
    if (quoted_) {
        content_ += depth_ == 0 ? std::string_view(&character, 1) : std::string_view{};
        quoted_ = escaped_ || character != '"';
        escaped_ = !escaped_ && character == '\\';
        return false;
    }
    const bool opens = character == '[' || character == '{';
    const bool closes = character == ']' || character == '}';
    if (closes && depth_ == 0) {
        return true;
    }
    quoted_ = character == '"';
    if (depth_ == 0 && !opens && character != '\n' && character != '\r') {
        content_ += character;
    }
    depth_ += opens ? 1 : closes ? -1 : 0;
    return false;
}

void JsonRows::end_row() {
    place_ = Place::between;
    if (object_) {
        end_object();
    } else if (!trimmed(content_).empty()) {
        ready_.push_back(content_);
    }
}

void JsonRows::end_object() {
    std::string header;
    std::string values;
    std::string_view rest = content_;
    while (!trimmed(rest).empty()) {
        const std::size_t end = value_end(rest, 0);
        const auto member = rest.substr(0, end);
        const auto name_begin = member.find('"');
        const auto name_end =
            name_begin == std::string_view::npos ? name_begin : member.find('"', name_begin + 1);
        const auto colon = name_end == std::string_view::npos ? name_end : member.find(':', name_end);
        if (colon != std::string_view::npos) {
            header += fmt::format("{}{}", header.empty() ? "" : ",",
                                  member.substr(name_begin, name_end + 1 - name_begin));
            values += fmt::format("{}{}", values.empty() ? "" : ",", trimmed(member.substr(colon + 1)));
        }
        rest.remove_prefix(end == rest.size() ? end : end + 1);
    }
    if (header.empty()) {
        return;
    }
    if (header != header_) {
        header_ = header;
        ready_.push_back(header);
    }
    ready_.push_back(values);
}

}  // namespace virtuoso::archive
