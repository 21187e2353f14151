#include "journal/zip_source.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>
#include <vector>

namespace virtuoso {

namespace {

// PKWARE, APPNOTE.TXT §4.3.
constexpr std::string_view local_magic = "PK\x03\x04";
constexpr std::string_view entry_magic = "PK\x01\x02";
constexpr std::string_view end_magic = "PK\x05\x06";
constexpr std::size_t local_bytes = 30;
constexpr std::size_t entry_bytes = 46;
constexpr std::size_t end_bytes = 22;
constexpr std::size_t comment_max = 65'535;
constexpr std::uint16_t stored = 0;
constexpr std::uint16_t deflate = 8;
constexpr std::uint16_t encrypted = 1;

static_assert(std::endian::native == std::endian::little, "archives are little-endian");

/// Reads numbers at places that were checked.
template <typename Number>
Number number_at(std::string_view bytes, std::size_t at) {
    Number number = 0;
    std::memcpy(&number, bytes.data() + at, sizeof(Number));
    return number;
}

struct Listed {
    std::string name;
    std::uint16_t flags = 0;
    std::uint16_t method = 0;
    std::uint32_t checksum = 0;
    std::uint32_t packed = 0;
    std::uint32_t offset = 0;
};

bool is_file(std::string_view name) {
    const auto base = name.substr(name.rfind('/') + 1);
    return !base.empty() && !base.starts_with('.') && !name.starts_with("__MACOSX/");
}

// The files of the directory; nullopt when there is none.
std::optional<std::vector<Listed>> listed_in(std::string_view bytes) {
    const std::size_t tail = bytes.size() - std::min(bytes.size(), end_bytes + comment_max);
    const auto end = bytes.rfind(end_magic);
    if (end == std::string_view::npos || end < tail || bytes.size() - end < end_bytes) {
        return std::nullopt;
    }
    const auto count = number_at<std::uint16_t>(bytes, end + 10);
    std::size_t at = number_at<std::uint32_t>(bytes, end + 16);
    std::vector<Listed> files;
    for (std::uint16_t i = 0; i < count; ++i) {
        if (at > end || end - at < entry_bytes || bytes.substr(at, 4) != entry_magic) {
            return std::nullopt;
        }
        const std::size_t name_bytes = number_at<std::uint16_t>(bytes, at + 28);
        const std::size_t more =
            name_bytes + number_at<std::uint16_t>(bytes, at + 30) + number_at<std::uint16_t>(bytes, at + 32);
        if (end - at - entry_bytes < more) {
            return std::nullopt;
        }
        Listed file{std::string(bytes.substr(at + entry_bytes, name_bytes)),
                    number_at<std::uint16_t>(bytes, at + 8),
                    number_at<std::uint16_t>(bytes, at + 10),
                    number_at<std::uint32_t>(bytes, at + 16),
                    number_at<std::uint32_t>(bytes, at + 20),
                    number_at<std::uint32_t>(bytes, at + 42)};
        if (is_file(file.name)) {
            files.push_back(std::move(file));
        }
        at += entry_bytes + more;
    }
    return files;
}

}  // namespace

Result<ZipEntry> zip_entry(std::span<const char> archive) {
    const std::string_view bytes(archive.data(), archive.size());
    const auto files = listed_in(bytes);
    if (files && files->size() != 1) {
        const auto first =
            files->empty() ? std::string() : fmt::format(", the first {}", in_quotes(files->front().name));
        return fail(ErrorCode::file_format,
                    fmt::format("is a zip archive of {} files{}: unpack it and give those that you want",
                                files->size(), first));
    }
    const std::size_t at = files ? files->front().offset : 0;
    if (at >= bytes.size() || bytes.size() - at < local_bytes || bytes.substr(at, 4) != local_magic) {
        return fail(ErrorCode::file_format, "is a damaged zip archive: download it again");
    }
    Listed file = files ? files->front()
                        : Listed{.name = {},
                                 .flags = number_at<std::uint16_t>(bytes, at + 6),
                                 .method = number_at<std::uint16_t>(bytes, at + 8)};
    const std::size_t begin = at + local_bytes + number_at<std::uint16_t>(bytes, at + 26) +
                              number_at<std::uint16_t>(bytes, at + 28);
    if ((file.flags & encrypted) != 0 || (file.method != stored && file.method != deflate)) {
        return fail(ErrorCode::file_format,
                    "is a zip archive that is encrypted or packed in a rare way: unpack it");
    }
    if (begin > bytes.size()) {
        return fail(ErrorCode::file_format,
                    "is a zip archive that was cut in its first bytes: download it again");
    }
    const std::size_t most = bytes.size() - begin;
    const bool told = files && file.packed != UINT32_MAX;
    return ZipEntry{std::move(file.name), begin, told ? std::min<std::size_t>(file.packed, most) : most,
                    file.method == deflate, files ? std::optional(file.checksum) : std::nullopt};
}

struct ZipSource::Inflater {
    z_stream stream{};
    bool ready = false;

    Inflater() { ready = inflateInit2(&stream, -MAX_WBITS) == Z_OK; }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;
    ~Inflater() {
        if (ready) {
            inflateEnd(&stream);
        }
    }
};

Result<std::unique_ptr<ByteSource>> ZipSource::open(const std::string& path) {
    auto file = MappedFile::open(path);
    if (!file) {
        return std::unexpected(file.error());
    }
    auto entry = zip_entry(file->bytes());
    if (!entry) {
        return fail(entry.error().code, fmt::format("{} {}", in_quotes(path), entry.error().message));
    }
    auto source = std::make_unique<ZipSource>(std::move(*file), std::move(*entry));
    if (source->entry_.deflated && !source->inflater_->ready) {
        throw std::bad_alloc();
    }
    return source;
}

ZipSource::ZipSource(MappedFile file, ZipEntry entry)
    : file_(std::move(file)),
      entry_(std::move(entry)),
      packed_(file_.bytes().subspan(entry_.offset, entry_.packed)),
      inflater_(std::make_unique<Inflater>()) {}

ZipSource::~ZipSource() = default;

double ZipSource::progress() const {
    return packed_.empty() ? 1.0 : static_cast<double>(taken_) / static_cast<double>(packed_.size());
}

std::size_t ZipSource::copy(char* into, std::size_t room) {
    const std::size_t count = std::min(room, packed_.size() - taken_);
    std::copy_n(packed_.data() + taken_, count, into);
    taken_ += count;
    return count;
}

Result<std::size_t> ZipSource::inflate(char* into, std::size_t room) {
    constexpr std::size_t most = std::size_t{1} << 30;
    z_stream& stream = inflater_->stream;
    const std::size_t given = std::min(packed_.size() - taken_, most);
    const auto wanted = static_cast<uInt>(std::min(room, most));
    stream.next_in = reinterpret_cast<z_const Bytef*>(const_cast<char*>(packed_.data() + taken_));
    stream.avail_in = static_cast<uInt>(given);
    stream.next_out = reinterpret_cast<Bytef*>(into);
    stream.avail_out = wanted;
    const int code = ::inflate(&stream, Z_NO_FLUSH);
    taken_ += given - stream.avail_in;
    if (code == Z_MEM_ERROR) {
        throw std::bad_alloc();
    }
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) {
        return fail(ErrorCode::file_format,
                    fmt::format("damaged: {}", stream.msg != nullptr ? stream.msg : "zip"));
    }
    const std::size_t count = wanted - stream.avail_out;
    ended_ = code == Z_STREAM_END;
    cut_ = !ended_ && count == 0;
    return count;
}

Result<std::size_t> ZipSource::end() {
    if (entry_.checksum && !cut_ && *entry_.checksum != checksum_) {
        return fail(ErrorCode::file_format, "damaged: its checksum does not hold");
    }
    return 0;
}

Result<std::size_t> ZipSource::read(char* into, std::size_t room) {
    if (ended_ || cut_) {
        return end();
    }
    const auto count = entry_.deflated ? inflate(into, room) : copy(into, room);
    if (!count) {
        return count;
    }
    checksum_ =
        static_cast<std::uint32_t>(::crc32_z(checksum_, reinterpret_cast<const Bytef*>(into), *count));
    if (*count == 0) {
        ended_ = !cut_;
        return end();
    }
    return count;
}

}  // namespace virtuoso
