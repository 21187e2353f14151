#include "journal/line_reader.hpp"

#include "base/padded_frame.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <zlib.h>

#include <cerrno>

namespace virtuoso {

namespace {
constexpr std::size_t chunk_bytes = std::size_t{1} << 18;
}

struct LineReader::File {
    gzFile handle = nullptr;
    double bytes = 0;
    bool ended = false;
    ~File() { gzclose(handle); }
};

Result<LineReader> LineReader::open(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
        return fail(ErrorCode::file_open,
                    fmt::format("cannot open {}: {}", in_quotes(path), system_reason(errno)));
    }
    if (!S_ISREG(status.st_mode)) {
        return fail(ErrorCode::file_open,
                    fmt::format("cannot open {}: it is not a regular file", in_quotes(path)));
    }
    gzFile handle = gzopen(path.c_str(), "rb");
    if (handle == nullptr) {
        return fail(ErrorCode::file_open,
                    fmt::format("cannot open {}: {}", in_quotes(path), system_reason(errno)));
    }
    gzbuffer(handle, static_cast<unsigned>(chunk_bytes));
    auto file = std::make_unique<File>();
    file->handle = handle;
    file->bytes = static_cast<double>(status.st_size);
    return LineReader(path, std::move(file));
}

LineReader::LineReader(std::string path, std::unique_ptr<File> file)
    : path_(std::move(path)), file_(std::move(file)), buffer_(chunk_bytes + frame_padding) {}
LineReader::LineReader(LineReader&&) noexcept = default;
LineReader::~LineReader() = default;

// Moves what is left to the front and reads more behind it. False when the file has ended.
Result<bool> LineReader::fill() {
    if (file_->ended) {
        return false;
    }
    if (begin_ > 0) {
        std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    if (end_ > line_bytes_max) {
        return fail(ErrorCode::file_format,
                    fmt::format("{}: line {} is longer than {} bytes: not a text recording", in_quotes(path_),
                                line_number_ + 1, line_bytes_max));
    }
    if (buffer_.size() < end_ + chunk_bytes + frame_padding) {
        buffer_.resize((end_ + chunk_bytes) * 2 + frame_padding);
    }
    const auto room = static_cast<unsigned>(buffer_.size() - frame_padding - end_);
    const int count = gzread(file_->handle, buffer_.data() + end_, room);
    int code = Z_OK;
    const char* const reason = gzerror(file_->handle, &code);
    // A cut gzip file gives what it holds and then Z_BUF_ERROR.
    if (count < 0 || (code != Z_OK && code != Z_STREAM_END)) {
        return fail(ErrorCode::file_format,
                    fmt::format("{}: damaged behind line {}: {}", in_quotes(path_), line_number_, reason));
    }
    file_->ended = count == 0;
    end_ += static_cast<std::size_t>(count);
    std::memset(buffer_.data() + end_, 0, frame_padding);
    return count > 0;
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
            if (begin_ == end_) {
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

double LineReader::progress() const {
    return file_->bytes > 0 ? static_cast<double>(gzoffset(file_->handle)) / file_->bytes : 1.0;
}

}  // namespace virtuoso
