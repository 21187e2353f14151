#include "journal/text_file.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::size_t start_bytes = 4;

void append_utf8(std::string& text, std::uint32_t code) {
    const auto byte = [&](std::uint32_t value) { text += static_cast<char>(value); };
    if (code < 0x80) {
        byte(code);
    } else if (code < 0x800) {
        byte(0xc0U | code >> 6U);
        byte(0x80U | (code & 0x3fU));
    } else if (code < 0x10000) {
        byte(0xe0U | code >> 12U);
        byte(0x80U | (code >> 6U & 0x3fU));
        byte(0x80U | (code & 0x3fU));
    } else {
        byte(0xf0U | code >> 18U);
        byte(0x80U | (code >> 12U & 0x3fU));
        byte(0x80U | (code >> 6U & 0x3fU));
        byte(0x80U | (code & 0x3fU));
    }
}

bool is_high(std::uint32_t unit) {
    return unit >= 0xd800 && unit < 0xdc00;
}
bool is_low(std::uint32_t unit) {
    return unit >= 0xdc00 && unit < 0xe000;
}

// What of `units` is whole, as UTF-8; the rest stays. A half of a pair alone becomes U+FFFD.
std::string utf8_of(std::string& units, bool big) {
    const auto unit_at = [&](std::size_t at) {
        const auto first = static_cast<unsigned char>(units[at]);
        const auto second = static_cast<unsigned char>(units[at + 1]);
        return static_cast<std::uint32_t>(big ? first << 8U | second : second << 8U | first);
    };
    constexpr std::uint32_t replacement = 0xfffd;
    std::string text;
    std::size_t at = 0;
    while (at + 1 < units.size()) {
        std::uint32_t code = unit_at(at);
        if (is_high(code) && at + 3 >= units.size()) {
            break;
        }
        at += 2;
        if (is_high(code) && is_low(unit_at(at))) {
            code = 0x10000 + ((code - 0xd800) << 10U) + (unit_at(at) - 0xdc00);
            at += 2;
        } else if (is_high(code) || is_low(code)) {
            code = replacement;
        }
        append_utf8(text, code);
    }
    units.erase(0, at);
    return text;
}

}  // namespace

Result<TextFile> TextFile::open(const std::string& path) {
    auto source = ByteSource::open(path);
    if (!source) {
        return std::unexpected(source.error());
    }
    return TextFile(std::move(*source));
}

Result<std::string> TextFile::head(const std::string& path, std::size_t bytes_max) {
    auto file = open(path);
    if (!file) {
        return std::unexpected(file.error());
    }
    std::string text(bytes_max, '\0');
    std::size_t size = 0;
    while (bytes_max - size >= 64) {
        const auto count = file->read(text.data() + size, bytes_max - size);
        if (!count) {
            return std::unexpected(count.error());
        }
        if (*count == 0) {
            break;
        }
        size += *count;
    }
    text.resize(size);
    return text;
}

Result<void> TextFile::find_encoding() {
    waiting_.resize(start_bytes);
    std::size_t size = 0;
    while (size < start_bytes) {
        const auto count = source_->read(waiting_.data() + size, start_bytes - size);
        if (!count) {
            return std::unexpected(count.error());
        }
        if (*count == 0) {
            break;
        }
        size += *count;
    }
    waiting_.resize(size);
    const std::string_view start = waiting_;
    const bool four = size == start_bytes;
    encoding_ = start.starts_with("\xff\xfe") ||
                        (four && start[0] != 0 && start[1] == 0 && start[2] != 0 && start[3] == 0)
                    ? Encoding::utf16_little
                : start.starts_with("\xfe\xff") ||
                        (four && start[0] == 0 && start[1] != 0 && start[2] == 0 && start[3] != 0)
                    ? Encoding::utf16_big
                    : Encoding::bytes;
    if (start.starts_with("\xff\xfe") || start.starts_with("\xfe\xff")) {
        waiting_.erase(0, 2);
    } else if (start.starts_with("\xef\xbb\xbf")) {
        waiting_.erase(0, 3);
    }
    return {};
}

Result<std::size_t> TextFile::read_utf16(char* into, std::size_t room) {
    constexpr std::size_t bytes_a_unit = 3;  // as UTF-8, at most
    const std::size_t wanted = room / bytes_a_unit / 2 * 2;
    std::string text;
    while (text.empty()) {
        const std::size_t before = waiting_.size();
        waiting_.resize(before + wanted);
        const auto count =
            ended_ ? Result<std::size_t>(0) : source_->read(waiting_.data() + before, wanted - before);
        waiting_.resize(before + count.value_or(0));
        if (!count) {
            return count;
        }
        ended_ = *count == 0;
        text = utf8_of(waiting_, encoding_ == Encoding::utf16_big);
        if (ended_) {
            break;
        }
    }
    std::ranges::copy(text, into);
    return text.size();
}

Result<std::size_t> TextFile::read(char* into, std::size_t room) {
    if (encoding_ == Encoding::unknown) {
        if (auto found = find_encoding(); !found) {
            return std::unexpected(found.error());
        }
    }
    if (encoding_ != Encoding::bytes) {
        return read_utf16(into, room);
    }
    if (!waiting_.empty()) {
        const std::string start = std::exchange(waiting_, {});
        std::ranges::copy(start, into);
        return start.size();
    }
    return source_->read(into, room);
}

}  // namespace virtuoso
