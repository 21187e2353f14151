#include "journal/journal_writer.hpp"

#include "base/assert.hpp"
#include "journal/journal_format.hpp"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <new>
#include <tuple>
#include <utility>

namespace virtuoso {

namespace format = journal_format;

namespace {
constexpr int compression_level = 3;
}

Result<JournalWriter> JournalWriter::create(const std::string& path) {
    auto file = OutputFile::create_in_place(path);
    if (!file) {
        return fail(ErrorCode::file_write, fmt::format("journal {}", file.error().message));
    }
    return into(std::move(*file));
}

Result<JournalWriter> JournalWriter::into(OutputFile file) {
    JournalWriter writer(std::move(file));
    std::string header(format::file_magic);
    format::put(header, format::version);
    format::put(header, format::checksum(header));
    if (auto written = writer.file_.write(header); !written) {
        writer.file_.cut(0);
        return std::unexpected(written.error());
    }
    return writer;
}

JournalWriter::JournalWriter(OutputFile file) : file_(std::move(file)), context_(ZSTD_createCCtx()) {
    if (context_ == nullptr) {
        throw std::bad_alloc();
    }
}

JournalWriter::JournalWriter(JournalWriter&& other) noexcept
    : file_(std::move(other.file_)),
      open_(std::exchange(other.open_, false)),
      context_(std::exchange(other.context_, nullptr)),
      records_(other.records_),
      block_records_(other.block_records_),
      block_first_ns_(other.block_first_ns_),
      block_last_ns_(other.block_last_ns_),
      channels_(std::move(other.channels_)),
      body_(std::move(other.body_)),
      packed_(std::move(other.packed_)),
      index_(std::move(other.index_)) {}

JournalWriter::~JournalWriter() {
    if (open_) {
        std::ignore = flush();
    }
    ZSTD_freeCCtx(context_);
}

std::uint16_t JournalWriter::channel_number(std::string_view channel) {
    auto found = std::find(channels_.begin(), channels_.end(), channel);
    if (found == channels_.end()) {
        found = channels_.insert(channels_.end(), std::string(channel));
    }
    return static_cast<std::uint16_t>(found - channels_.begin());
}

Result<void> JournalWriter::append(const RawRecord& record) {
    const auto size = record.frame.size;
    if (record.channel.size() > UINT16_MAX || size > format::block_bytes_max / 2) {
        return fail(ErrorCode::file_write,
                    fmt::format("record of {} bytes on channel {} is too large for a journal", size,
                                in_quotes(record.channel)));
    }
    const bool full = body_.size() + size >= format::block_target_bytes || channels_.size() > 4096;
    if (full && block_records_ > 0) {
        if (auto flushed = flush(); !flushed) {
            return flushed;
        }
    }
    if (block_records_ == 0) {
        block_first_ns_ = record.received.ns;
        block_last_ns_ = record.received.ns;
    }
    block_first_ns_ = std::min(block_first_ns_, record.received.ns);
    block_last_ns_ = std::max(block_last_ns_, record.received.ns);
    format::put(body_, record.received.ns);
    format::put(body_, record.connection);
    format::put(body_, channel_number(record.channel));
    format::put(body_, static_cast<std::uint32_t>(size));
    body_.append(record.frame.data, size);
    ++block_records_;
    ++records_;
    return {};
}

Result<void> JournalWriter::flush() {
    if (block_records_ == 0) {
        return {};
    }
    std::string raw;
    format::put(raw, static_cast<std::uint16_t>(channels_.size()));
    for (const auto& channel : channels_) {
        format::put(raw, static_cast<std::uint16_t>(channel.size()));
        raw += channel;
    }
    raw += body_;
    packed_.resize(ZSTD_compressBound(raw.size()));
    const std::size_t packed = ZSTD_compressCCtx(context_, packed_.data(), packed_.size(), raw.data(),
                                                 raw.size(), compression_level);
    VIRTUOSO_ASSERT(ZSTD_isError(packed) == 0U, "the output buffer holds any compressed block");
    packed_.resize(packed);
    std::string block(format::block_magic);
    format::put(block, block_records_);
    format::put(block, static_cast<std::uint32_t>(raw.size()));
    format::put(block, static_cast<std::uint32_t>(packed));
    format::put(block, block_first_ns_);
    format::put(block, block_last_ns_);
    format::put(block, format::checksum(packed_));
    format::put(block, format::checksum(block));
    block += packed_;
    const IndexEntry entry{file_.size(), block_first_ns_, block_last_ns_, records_ - block_records_};
    if (auto written = file_.write(block); !written) {
        // No half block stays behind, and the records stay here: the next flush may find space.
        file_.cut(entry.offset);
        return written;
    }
    index_.push_back(entry);
    block_records_ = 0;
    channels_.clear();
    body_.clear();
    return {};
}

Result<void> JournalWriter::close() {
    if (auto flushed = flush(); !flushed) {
        return flushed;
    }
    const std::uint64_t index_offset = file_.size();
    std::string tail(format::index_magic);
    format::put(tail, static_cast<std::uint32_t>(index_.size()));
    for (const auto& entry : index_) {
        format::put(tail, entry.offset);
        format::put(tail, entry.first_ns);
        format::put(tail, entry.last_ns);
        format::put(tail, entry.first_record);
    }
    format::put(tail, format::checksum(tail));
    std::string trailer;
    format::put(trailer, index_offset);
    trailer += format::trailer_magic;
    format::put(trailer, format::checksum(trailer));
    if (auto written = file_.write(tail + trailer); !written) {
        file_.cut(index_offset);
        return written;
    }
    open_ = false;
    return file_.finish();
}

}  // namespace virtuoso
