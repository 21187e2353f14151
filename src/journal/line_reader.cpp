#include "journal/line_reader.hpp"

#include "base/padded_frame.hpp"

#include <fmt/format.h>

#include <cstring>
#include <utility>

namespace virtuoso {

namespace {
constexpr std::size_t chunk_bytes = std::size_t{1} << 18;
}

Result<LineReader> LineReader::open(const std::string& path) {
    auto file = TextFile::open(path);
    if (!file) {
        return std::unexpected(file.error());
    }
    return LineReader(std::move(*file));
}

LineReader::LineReader(TextFile file) : file_(std::move(file)), buffer_(chunk_bytes + frame_padding) {}

// Moves what is left to the front and reads more behind it. False when the file has ended.
Result<bool> LineReader::fill() {
    if (ended_) {
        return false;
    }
    if (begin_ > 0) {
        std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    if (end_ > line_bytes_max) {
        return fail(ErrorCode::file_format,
                    fmt::format("line {} is longer than {} bytes: not a text recording", line_number_ + 1,
                                line_bytes_max));
    }
    if (buffer_.size() < end_ + chunk_bytes + frame_padding) {
        buffer_.resize((end_ + chunk_bytes) * 2 + frame_padding);
    }
    const auto count = file_.read(buffer_.data() + end_, buffer_.size() - frame_padding - end_);
    if (!count) {
        return fail(count.error().code,
                    fmt::format("behind line {}: {}", line_number_, count.error().message));
    }
    ended_ = *count == 0;
    end_ += *count;
    std::memset(buffer_.data() + end_, 0, frame_padding);
    return !ended_;
}

Result<bool> LineReader::next(std::string_view& line) {
    std::size_t searched = begin_;
    for (;;) {
        const void* const found = std::memchr(buffer_.data() + searched, '\n', end_ - searched);
        if (found != nullptr) {
            const auto stop = static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.data());
            line = {buffer_.data() + begin_, stop - begin_};
            begin_ = stop + 1;
            break;
        }
        const std::size_t pending = end_ - begin_;
        const auto more = fill();
        if (!more) {
            return more;
        }
        searched = begin_ + pending;
        if (!*more) {
            if (begin_ == end_ || cut()) {
                return false;
            }
            line = {buffer_.data() + begin_, end_ - begin_};
            begin_ = end_;
            break;
        }
    }
    ++line_number_;
    if (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    return true;
}

}  // namespace virtuoso
