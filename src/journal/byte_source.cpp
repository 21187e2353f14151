#include "journal/byte_source.hpp"

#include "journal/input_file.hpp"
#include "journal/zip_source.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <array>
#include <cerrno>
#include <new>
#include <string_view>

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
        if (code == Z_MEM_ERROR) {
            throw std::bad_alloc();
        }
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

constexpr std::string_view zip_magic = "PK\x03\x04";
constexpr std::string_view gzip_magic = "\x1f\x8b";

bool begins_with(int file, std::string_view magic) {
    std::array<char, zip_magic.size()> head{};
    return ::pread(file, head.data(), magic.size(), 0) == static_cast<ssize_t>(magic.size()) &&
           std::string_view(head.data(), magic.size()) == magic;
}

}  // namespace

Result<std::unique_ptr<ByteSource>> ByteSource::open(const std::string& path) {
    auto file = open_input(path);
    if (!file) {
        return std::unexpected(file.error());
    }
    if (begins_with(file->value(), zip_magic)) {
        return ZipSource::open(path);
    }
    struct stat status {};
    gzFile const handle = ::fstat(file->value(), &status) == 0 ? gzdopen(file->value(), "rb") : nullptr;
    if (handle == nullptr) {
        const int reason = errno;
        return fail(ErrorCode::file_open,
                    fmt::format("cannot open {}: {}", in_quotes(path), system_reason(reason)));
    }
    static_cast<void>(file->release());  // whoever closes the one closes the other
    return std::make_unique<GzipSource>(handle, static_cast<double>(status.st_size));
}

Result<bool> is_packed(const std::string& path) {
    const auto file = open_input(path);
    if (!file) {
        return std::unexpected(file.error());
    }
    return begins_with(file->value(), zip_magic) || begins_with(file->value(), gzip_magic);
}

}  // namespace virtuoso
