#include "journal/byte_source.hpp"

#include "journal/zip_source.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <zlib.h>

#include <cerrno>
#include <cstdio>

namespace virtuoso {

namespace {

constexpr unsigned gzip_buffer_bytes = 1U << 18;

/// What is not gzipped passes as it is.
class GzipSource final : public ByteSource {
  public:
    GzipSource(gzFile handle, double bytes) : handle_(handle), bytes_(bytes) {
        gzbuffer(handle_, gzip_buffer_bytes);
    }
    ~GzipSource() override { gzclose(handle_); }

    Result<std::size_t> read(char* into, std::size_t room) override {
        constexpr std::size_t room_max = std::size_t{1} << 30;
        const int count = gzread(handle_, into, static_cast<unsigned>(room < room_max ? room : room_max));
        int code = Z_OK;
        const char* const reason = gzerror(handle_, &code);
        cut_ = cut_ || (count == 0 && code == Z_BUF_ERROR);
        if (count < 0) {
            return fail(ErrorCode::file_format, fmt::format("damaged: {}", reason));
        }
        return static_cast<std::size_t>(count);
    }
    double progress() const override {
        return bytes_ > 0 ? static_cast<double>(gzoffset(handle_)) / bytes_ : 1.0;
    }
    bool cut() const noexcept override { return cut_; }

  private:
    gzFile handle_;
    double bytes_;
    bool cut_ = false;
};

bool is_zip(const std::string& path) {
    char magic[4] = {};
    std::FILE* const file = std::fopen(path.c_str(), "rbe");
    if (file == nullptr) {
        return false;
    }
    const bool read = std::fread(magic, 1, sizeof(magic), file) == sizeof(magic);
    std::fclose(file);
    return read && std::string_view(magic, sizeof(magic)) == "PK\x03\x04";
}

}  // namespace

Result<std::unique_ptr<ByteSource>> ByteSource::open(const std::string& path) {
    const auto failed = [&path](std::string_view reason) {
        return fail(ErrorCode::file_open, fmt::format("cannot open {}: {}", in_quotes(path), reason));
    };
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
        return failed(system_reason(errno));
    }
    if (!S_ISREG(status.st_mode)) {
        return failed("it is not a regular file");
    }
    if (is_zip(path)) {
        return ZipSource::open(path);
    }
    gzFile handle = gzopen(path.c_str(), "rb");
    if (handle == nullptr) {
        return failed(system_reason(errno));
    }
    return std::make_unique<GzipSource>(handle, static_cast<double>(status.st_size));
}

}  // namespace virtuoso
