#include "service/saved_file.hpp"

#include "base/assert.hpp"
#include "journal/journal_format.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include <bit>
#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

namespace virtuoso {

namespace {

static_assert(std::endian::native == std::endian::little, "the file is written as memory stands");

constexpr std::string_view file_magic = "VIRTSAVE";
constexpr std::string_view symbol_magic = "VSYM";
constexpr std::size_t head_bytes = 16;    ///< of the file, before its source
constexpr std::size_t symbol_bytes = 38;  ///< before a symbol's name
constexpr std::size_t source_max = 1'024;
constexpr std::size_t name_max = 64;
constexpr std::size_t form_max = std::size_t{16} << 20;
constexpr int compression_level = -2;  ///< fast: packed numbers hardly get smaller by more
constexpr mode_t private_file = 0600;

using journal_format::checksum;
using journal_format::put;

/// The next number of `bytes`, which are long enough.
template <typename T>
T take(std::string_view& bytes) {
    T value{};
    std::memcpy(&value, bytes.data(), sizeof(T));
    bytes.remove_prefix(sizeof(T));
    return value;
}

/// `size` bytes from there; empty when there are not so many.
std::string read_at(int file, std::uint64_t offset, std::size_t size) {
    std::string bytes(size, '\0');
    std::size_t got = 0;
    while (got < size) {
        const ssize_t count = ::pread(file, bytes.data() + got, size - got, static_cast<off_t>(offset + got));
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return {};
        }
        got += static_cast<std::size_t>(count);
    }
    return bytes;
}

std::unexpected<Error> cannot_write(const std::filesystem::path& path, int reason) {
    return fail(ErrorCode::file_write, fmt::format("{} cannot be written: {}; free some space",
                                                   in_quotes(path.string()), system_reason(reason)));
}

}  // namespace

// ---- writing ----

SavedFileWriter::SavedFileWriter(std::filesystem::path path, int file)
    : path_(std::move(path)), file_(file), context_(ZSTD_createCCtx()) {
    if (context_ == nullptr) {
        throw std::bad_alloc();
    }
}

SavedFileWriter::SavedFileWriter(SavedFileWriter&& other) noexcept
    : path_(std::move(other.path_)),
      file_(std::exchange(other.file_, -1)),
      context_(std::exchange(other.context_, nullptr)),
      packed_(std::move(other.packed_)),
      symbols_(other.symbols_),
      bytes_(other.bytes_) {}

SavedFileWriter::~SavedFileWriter() {
    if (file_ >= 0) {
        ::close(file_);
        ::unlink(beside().c_str());
    }
    ZSTD_freeCCtx(context_);
}

std::filesystem::path SavedFileWriter::beside() const {
    return path_.string() + ".new";
}

Result<SavedFileWriter> SavedFileWriter::create(std::filesystem::path path, std::string_view source) {
    const std::string beside = path.string() + ".new";
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): its interface
    const int file =
        ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, private_file);
    if (file < 0) {
        return cannot_write(path, errno);
    }
    SavedFileWriter writer(std::move(path), file);
    std::string head(file_magic);
    put(head, saved_version);
    put(head, static_cast<std::uint32_t>(std::min(source.size(), source_max)));
    head += source.substr(0, source_max);
    put(head, checksum(head));
    if (const auto written = writer.write(head); !written) {
        return std::unexpected(written.error());
    }
    return writer;
}

Result<void> SavedFileWriter::write(std::string_view bytes) {
    bytes_ += bytes.size();
    while (!bytes.empty()) {
        const ssize_t written = ::write(file_, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return cannot_write(path_, written < 0 ? errno : ENOSPC);
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

Result<void> SavedFileWriter::add(const SavedSymbol& symbol) {
    if (symbol.symbol.size() > name_max || symbol.form.size() > form_max) {
        return {};  // no exchange has such names, no symbol keeps so much
    }
    packed_.resize(ZSTD_compressBound(symbol.form.size()));
    const std::size_t size = ZSTD_compressCCtx(context_, packed_.data(), packed_.size(), symbol.form.data(),
                                               symbol.form.size(), compression_level);
    VIRTUOSO_ASSERT(ZSTD_isError(size) == 0, "there is room for whatever zstd makes of it");
    std::string body = symbol.symbol;
    body.append(packed_.data(), size);
    std::string out(symbol_magic);
    put(out, symbol.known.until.ms);
    put(out, symbol.known.trades_until.ms);
    put(out, static_cast<std::uint32_t>(symbol.form.size()));
    put(out, static_cast<std::uint16_t>(symbol.symbol.size()));
    put(out, static_cast<std::uint32_t>(size));
    put(out, checksum(body));
    put(out, checksum(out));
    out += body;
    ++symbols_;
    return write(out);
}

Result<void> SavedFileWriter::finish() {
    const int file = std::exchange(file_, -1);
    const std::string beside_it = beside();
    if (::close(file) != 0 || ::rename(beside_it.c_str(), path_.c_str()) != 0) {
        const int reason = errno;
        ::unlink(beside_it.c_str());
        return cannot_write(path_, reason);
    }
    return {};
}

// ---- reading ----

SavedFileReader::SavedFileReader(SavedFileReader&& other) noexcept
    : file_(std::exchange(other.file_, -1)), entries_(std::move(other.entries_)), whole_(other.whole_) {}

SavedFileReader::~SavedFileReader() {
    if (file_ >= 0) {
        ::close(file_);
    }
}

Result<SavedFileReader> SavedFileReader::open(const std::filesystem::path& path, std::string_view source) {
    const std::string name = in_quotes(path.string());
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): its interface
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0) {
        return fail(ErrorCode::file_open, fmt::format("{} cannot be read: {}", name, system_reason(errno)));
    }
    SavedFileReader reader(file);
    const std::string head = read_at(file, 0, head_bytes);
    if (!head.starts_with(file_magic)) {
        return fail(ErrorCode::file_format, fmt::format("{} holds no saved symbols", name));
    }
    std::string_view numbers = std::string_view(head).substr(file_magic.size());
    const auto version = take<std::uint32_t>(numbers);
    const auto size = take<std::uint32_t>(numbers);
    if (version != saved_version) {
        return fail(ErrorCode::file_format,
                    fmt::format("{} is of version {}, this program reads {}", name, version, saved_version));
    }
    const std::string rest =
        size <= source_max ? read_at(file, head_bytes, size + sizeof(std::uint32_t)) : std::string{};
    if (rest.empty()) {
        return fail(ErrorCode::file_format, fmt::format("{} is damaged at its beginning", name));
    }
    std::string_view tail = std::string_view(rest).substr(size);
    if (take<std::uint32_t>(tail) != checksum(head + rest.substr(0, size))) {
        return fail(ErrorCode::file_format, fmt::format("{} is damaged at its beginning", name));
    }
    if (rest.substr(0, size) != source) {
        return fail(ErrorCode::file_format, fmt::format("{} holds the symbols of {}, not those of {}", name,
                                                        in_quotes(rest.substr(0, size)), in_quotes(source)));
    }
    reader.find_entries(head_bytes + rest.size());
    return reader;
}

void SavedFileReader::find_entries(std::uint64_t offset) {
    struct stat state {};
    const auto end =
        ::fstat(file_, &state) == 0 ? static_cast<std::uint64_t>(std::max<off_t>(state.st_size, 0)) : 0;
    while (offset < end) {
        const std::string head = read_at(file_, offset, symbol_bytes);
        whole_ = head.starts_with(symbol_magic);
        if (!whole_) {
            return;
        }
        std::string_view numbers = std::string_view(head).substr(symbol_magic.size());
        SavedEntry entry;
        entry.known.until.ms = take<std::int64_t>(numbers);
        entry.known.trades_until.ms = take<std::int64_t>(numbers);
        entry.form_bytes = take<std::uint32_t>(numbers);
        const auto name_bytes = take<std::uint16_t>(numbers);
        entry.packed_bytes = take<std::uint32_t>(numbers);
        entry.checksum = take<std::uint32_t>(numbers);
        const std::string_view told = std::string_view(head).substr(0, symbol_bytes - sizeof(std::uint32_t));
        entry.offset = offset + symbol_bytes;
        const std::uint64_t next = entry.offset + name_bytes + entry.packed_bytes;
        whole_ = take<std::uint32_t>(numbers) == checksum(told) && name_bytes <= name_max &&
                 entry.form_bytes <= form_max && next <= end;
        if (!whole_) {
            return;
        }
        entry.symbol = read_at(file_, entry.offset, name_bytes);
        offset = next;
        entries_.push_back(std::move(entry));
    }
}

Result<std::string> SavedFileReader::form_of(const SavedEntry& entry) const {
    const std::string body = read_at(file_, entry.offset, entry.symbol.size() + entry.packed_bytes);
    std::string form(entry.form_bytes, '\0');
    const auto damaged = [&] {
        return fail(ErrorCode::file_format, fmt::format("{} is damaged where it was saved", entry.symbol));
    };
    if (body.size() < entry.symbol.size() || checksum(body) != entry.checksum) {
        return damaged();
    }
    const std::size_t size =
        ZSTD_decompress(form.data(), form.size(), body.data() + entry.symbol.size(), entry.packed_bytes);
    if (ZSTD_isError(size) != 0 || size != form.size()) {
        return damaged();
    }
    return form;
}

}  // namespace virtuoso
