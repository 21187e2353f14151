#include "journal/journal_rotation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace virtuoso {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr std::int64_t ns_per_hour = ms_per_hour * ns_per_ms;

/// "20261125T003000Z"
std::string compact_time(LocalTime time) {
    std::string text = iso_text({time.ns / ns_per_ms}).substr(0, 19);
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    return text + "Z";
}

}  // namespace

std::uint64_t JournalRotation::bytes() const noexcept {
    return closed_bytes_ + (writer_ ? writer_->bytes_written() : 0);
}

Result<void> JournalRotation::refuse(LocalTime now, Error error) {
    ++dropped_;
    retry_at_ = {now.ns + options_.retry_ns};
    return std::unexpected(std::move(error));
}

Result<void> JournalRotation::open(LocalTime now) {
    const auto base = fmt::format("{}/{}-{}", options_.folder, options_.prefix, compact_time(now));
    path_ = base + ".vjn";
    std::error_code ignored;
    for (int i = 2; std::filesystem::exists(path_, ignored); ++i) {
        path_ = fmt::format("{}-{}.vjn", base, i);  // nothing recorded is ever replaced
    }
    auto created = JournalWriter::create(path_);
    if (!created) {
        return std::unexpected(created.error());
    }
    writer_.emplace(std::move(*created));
    hour_ = now.ns / ns_per_hour;
    flushed_ = now;
    ++files_;
    return {};
}

Result<void> JournalRotation::append(const RawRecord& record) {
    const LocalTime now = record.received;
    if (now < retry_at_) {
        ++dropped_;
        return {};
    }
    if (writer_ && (now.ns / ns_per_hour > hour_ || writer_->bytes_written() >= options_.bytes_max)) {
        if (auto closed = close(); !closed) {
            return refuse(now, closed.error());
        }
    }
    if (!writer_) {
        if (auto opened = open(now); !opened) {
            return refuse(now, opened.error());
        }
    }
    auto written = writer_->append(record);
    if (written && now - flushed_ > options_.flush_ns) {
        flushed_ = now;
        if (writer_->is_gone()) {
            ++records_;
            retry_at_ = {now.ns + options_.retry_ns};
            return give_up();
        }
        if (auto flushed = writer_->flush(); !flushed) {
            ++records_;  // taken; it is written with the next block that finds space
            retry_at_ = {now.ns + options_.retry_ns};
            return flushed;
        }
    }
    if (!written) {
        return refuse(now, written.error());
    }
    ++records_;
    return {};
}

/// What was written into a file that somebody removed is lost.
Result<void> JournalRotation::give_up() {
    records_ -= writer_->records();
    dropped_ += writer_->records();
    writer_->abandon();
    writer_.reset();
    --files_;
    return fail(ErrorCode::file_write,
                fmt::format("{} was removed while it was written: its records are lost", in_quotes(path_)));
}

Result<void> JournalRotation::close() {
    if (!writer_) {
        return {};
    }
    if (writer_->is_gone()) {
        return give_up();
    }
    auto closed = writer_->close();
    if (closed) {
        closed_bytes_ += writer_->bytes_written();
        writer_.reset();
    }
    return closed;
}

}  // namespace virtuoso
