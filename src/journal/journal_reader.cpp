#include "journal/journal_reader.hpp"

#include "journal/byte_source.hpp"
#include "journal/input_file.hpp"
#include "journal/journal_format.hpp"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <new>

namespace virtuoso {

namespace format = journal_format;

namespace {

/// What is packed in a file; of one that is cut or damaged, what comes before that.
Result<MappedFile> open_unpacked(const std::string& path) {
    const auto source = ByteSource::open(path);
    if (!source) {
        return std::unexpected(source.error());
    }
    bool any = false;
    const auto file = open_copy(path, [&](char* into, std::size_t room) {
        auto count = (*source)->read(into, room);
        if (!count && any) {
            count = 0;
        }
        any = true;
        return count;
    });
    return file ? MappedFile::of(file->value(), path) : std::unexpected(file.error());
}

}  // namespace

Result<std::unique_ptr<JournalReader>> JournalReader::open(const std::string& path) {
    const auto packed = is_packed(path);
    auto file = packed.value_or(false) ? open_unpacked(path) : MappedFile::open(path);
    if (!file) {
        return std::unexpected(file.error());
    }
    auto reader = over(file->bytes());
    if (!reader) {
        Error error = reader.error();
        error.message = fmt::format("{}: {}", in_quotes(path), error.message);
        return std::unexpected(std::move(error));
    }
    (*reader)->file_.emplace(std::move(*file));
    return reader;
}

Result<std::unique_ptr<JournalReader>> JournalReader::over(std::span<const char> bytes) {
    const std::string_view text(bytes.data(), bytes.size());
    if (!text.starts_with(format::file_magic) || bytes.size() < format::file_header_bytes) {
        return fail(ErrorCode::journal_header, "not a journal: it does not begin with VIRTJRNL");
    }
    const auto version = format::get<std::uint32_t>(bytes.data() + 8);
    const auto checksum = format::get<std::uint32_t>(bytes.data() + 12);
    if (checksum != format::checksum(bytes.first(12))) {
        return fail(ErrorCode::journal_header, "the journal's header is damaged");
    }
    if (version != format::version) {
        return fail(ErrorCode::journal_header,
                    fmt::format("the journal is of version {}, this program reads version {}", version,
                                format::version));
    }
    return std::unique_ptr<JournalReader>(new JournalReader(bytes));
}

JournalReader::JournalReader(std::span<const char> bytes)
    : bytes_(bytes), context_(ZSTD_createDCtx()), offset_(format::file_header_bytes), end_(bytes.size()) {
    if (context_ == nullptr) {
        throw std::bad_alloc();
    }
    read_index();
}

JournalReader::~JournalReader() {
    ZSTD_freeDCtx(context_);
}

void JournalReader::read_index() {
    damage_.index_missing = true;
    if (bytes_.size() < format::file_header_bytes + format::trailer_bytes) {
        return;
    }
    const char* const trailer = bytes_.data() + bytes_.size() - format::trailer_bytes;
    const bool sound = std::string_view(trailer + 8, 8) == format::trailer_magic &&
                       format::get<std::uint32_t>(trailer + 16) == format::checksum({trailer, 16});
    const auto index_offset = format::get<std::uint64_t>(trailer);
    const std::size_t trailer_offset = bytes_.size() - format::trailer_bytes;
    if (!sound || index_offset < format::file_header_bytes || index_offset > trailer_offset - 12) {
        return;
    }
    const char* const index = bytes_.data() + index_offset;
    const std::size_t length = trailer_offset - index_offset;
    const auto entries = format::get<std::uint32_t>(index + 4);
    if (std::string_view(index, 4) != format::index_magic ||
        length != 12 + std::size_t{entries} * format::index_entry_bytes ||
        format::get<std::uint32_t>(index + length - 4) != format::checksum({index, length - 4})) {
        return;
    }
    for (std::size_t i = 0; i < entries; ++i) {
        const char* const entry = index + 8 + i * format::index_entry_bytes;
        index_.push_back({format::get<std::uint64_t>(entry), format::get<std::int64_t>(entry + 16)});
    }
    end_ = index_offset;
    damage_.index_missing = false;
}

std::optional<JournalReader::BlockHeader> JournalReader::header_at(std::size_t offset) const {
    if (offset + format::block_header_bytes > end_) {
        return std::nullopt;
    }
    const char* const at = bytes_.data() + offset;
    if (std::string_view(at, 4) != format::block_magic ||
        format::get<std::uint32_t>(at + 36) != format::checksum({at, 36})) {
        return std::nullopt;
    }
    const BlockHeader header{
        .records = format::get<std::uint32_t>(at + 4),
        .raw_bytes = format::get<std::uint32_t>(at + 8),
        .packed_bytes = format::get<std::uint32_t>(at + 12),
        .first_ns = format::get<std::int64_t>(at + 16),
        .last_ns = format::get<std::int64_t>(at + 24),
        .payload_checksum = format::get<std::uint32_t>(at + 32),
    };
    const bool plausible = header.raw_bytes <= format::block_bytes_max &&
                           header.packed_bytes <= end_ - offset - format::block_header_bytes;
    return plausible ? std::optional(header) : std::nullopt;
}

bool JournalReader::unpack(const BlockHeader& header) {
    const char* const payload = bytes_.data() + offset_ + format::block_header_bytes;
    if (format::checksum({payload, header.packed_bytes}) != header.payload_checksum) {
        return false;
    }
    if (block_.size() < header.raw_bytes + frame_padding) {
        block_.resize(header.raw_bytes + frame_padding);
    }
    const std::size_t size =
        ZSTD_decompressDCtx(context_, block_.data(), header.raw_bytes, payload, header.packed_bytes);
    if (ZSTD_isError(size) != 0U || size != header.raw_bytes) {
        return false;
    }
    std::fill_n(block_.begin() + static_cast<std::ptrdiff_t>(size), frame_padding, '\0');
    block_size_ = size;
    return read_channels();
}

bool JournalReader::read_channels() {
    channels_.clear();
    if (block_size_ < 2) {
        return false;
    }
    const auto count = format::get<std::uint16_t>(block_.data());
    cursor_ = 2;
    for (std::size_t i = 0; i < count; ++i) {
        if (cursor_ + 2 > block_size_) {
            return false;
        }
        const auto length = format::get<std::uint16_t>(block_.data() + cursor_);
        cursor_ += 2;
        if (length > block_size_ - cursor_) {
            return false;
        }
        channels_.emplace_back(block_.data() + cursor_, length);
        cursor_ += length;
    }
    return true;
}

std::size_t JournalReader::next_block_from(std::size_t offset) const {
    const std::string_view text(bytes_.data(), end_);
    for (auto found = text.find(format::block_magic, offset); found != std::string_view::npos;
         found = text.find(format::block_magic, found + 1)) {
        if (header_at(found)) {
            return found;
        }
    }
    return end_;
}

// Either a block in the middle is damaged, then a later one can be found, or the end is torn.
void JournalReader::skip_damage() {
    const std::size_t resumed = next_block_from(offset_ + 1);
    const bool at_index =
        std::string_view(bytes_.data() + offset_, end_ - offset_).starts_with(format::index_magic);
    if (resumed < end_ || !damage_.index_missing) {
        ++damage_.corrupt_blocks;
    } else if (!at_index) {
        damage_.torn_bytes += end_ - offset_;
    }
    offset_ = resumed;
}

bool JournalReader::load_block() {
    while (offset_ < end_) {
        const auto header = header_at(offset_);
        if (header && unpack(*header)) {
            offset_ += format::block_header_bytes + header->packed_bytes;
            records_left_ = header->records;
            return true;
        }
        skip_damage();
    }
    return false;
}

Result<bool> JournalReader::next(RawRecord& record) {
    for (;;) {
        while (records_left_ == 0) {
            if (!load_block()) {
                return false;
            }
        }
        if (take_record(record)) {
            return true;
        }
        ++damage_.corrupt_blocks;  // the checksum held but the structure does not
        records_left_ = 0;
    }
}

bool JournalReader::take_record(RawRecord& record) {
    const std::size_t left = block_size_ - cursor_;
    if (left < format::record_header_bytes) {
        return false;
    }
    const char* const at = block_.data() + cursor_;
    const std::size_t channel = format::get<std::uint16_t>(at + 12);
    const std::size_t size = format::get<std::uint32_t>(at + 14);
    if (size > left - format::record_header_bytes || channel >= channels_.size()) {
        return false;
    }
    record.received.ns = format::get<std::int64_t>(at);
    record.connection = format::get<std::uint32_t>(at + 8);
    record.channel = channels_[channel];
    record.frame = {at + format::record_header_bytes, size};
    cursor_ += format::record_header_bytes + size;
    --records_left_;
    return true;
}

void JournalReader::seek(LocalTime time) {
    records_left_ = 0;
    if (!index_.empty()) {
        const auto found = std::find_if(index_.begin(), index_.end(),
                                        [&](const IndexEntry& entry) { return entry.last_ns >= time.ns; });
        offset_ = found == index_.end() ? end_ : std::min<std::size_t>(found->offset, end_);
        return;
    }
    offset_ = next_block_from(format::file_header_bytes);
    while (offset_ < end_) {
        const auto header = header_at(offset_);
        if (header && header->last_ns >= time.ns) {
            return;
        }
        offset_ = header ? offset_ + format::block_header_bytes + header->packed_bytes
                         : next_block_from(offset_ + 1);
    }
}

double JournalReader::progress() const {
    return end_ == 0 ? 1.0 : static_cast<double>(offset_) / static_cast<double>(end_);
}

std::vector<std::string> JournalReader::notices() const {
    std::vector<std::string> result;
    if (damage_.corrupt_blocks > 0) {
        result.push_back(fmt::format("{}: {} damaged block(s) skipped", name_of(ErrorCode::journal_corrupt),
                                     damage_.corrupt_blocks));
    }
    if (damage_.torn_bytes > 0) {
        result.push_back(
            fmt::format("{}: the journal ends in the middle of a block: {} bytes are lost, "
                        "everything before them was read",
                        name_of(ErrorCode::journal_torn), damage_.torn_bytes));
    } else if (damage_.index_missing) {
        result.push_back(fmt::format("{}: the journal was not closed; all its whole blocks were read",
                                     name_of(ErrorCode::journal_torn)));
    }
    return result;
}

}  // namespace virtuoso
