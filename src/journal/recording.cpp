#include "journal/recording.hpp"

#include "exchange/archive/cells.hpp"
#include "journal/frame_capture.hpp"
#include "journal/frame_fields.hpp"
#include "journal/journal_format.hpp"
#include "journal/journal_reader.hpp"
#include "journal/line_reader.hpp"
#include "journal/table_file.hpp"
#include "journal/text_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace virtuoso {

namespace {

struct NamedFormat {
    RecordingFormat format;
    std::string_view name;
};
constexpr std::array named_formats{NamedFormat{RecordingFormat::journal, "journal"},
                                   NamedFormat{RecordingFormat::binance_usdm, "binance-usdm"},
                                   NamedFormat{RecordingFormat::binance_spot, "binance-spot"},
                                   NamedFormat{RecordingFormat::bybit, "bybit"},
                                   NamedFormat{RecordingFormat::candles, "candles"}};

constexpr std::size_t head_bytes = 4'096;

struct Stranger {
    std::string_view magic;
    std::size_t at;
    std::string_view what;
};
/// Files that are no recordings, by what they begin with.
constexpr std::array strangers{
    Stranger{"ustar", 257, "is a tar archive: unpack it and give the files that you want"},
    Stranger{"PAR1", 0, "is a Parquet file: write it as CSV"},
    Stranger{"ARROW1", 0, "is a Feather file: write it as CSV"},
    Stranger{"SQLite format 3", 0, "is a database: export its table as CSV"},
    Stranger{"7z\xbc\xaf", 0, "is a 7z archive: unpack it"},
    Stranger{"\x28\xb5\x2f\xfd", 0, "is packed with zstd: unpack it"},
    Stranger{"BZh", 0, "is packed with bzip2: unpack it"},
    Stranger{"\xfd"
             "7zXZ",
             0, "is packed with xz: unpack it"},
    Stranger{"\x89HDF", 0, "is an HDF5 file: write its table as CSV"},
};

std::unexpected<Error> refuse(const std::string& path, std::string_view why) {
    return fail(ErrorCode::file_format, fmt::format("{} {}", in_quotes(path), why));
}

std::string lower_case(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

/// What cannot be a recording is named.
Result<void> check_head(const std::string& path, std::string_view head) {
    for (const auto& stranger : strangers) {
        if (head.size() > stranger.at && head.substr(stranger.at).starts_with(stranger.magic)) {
            return refuse(path, stranger.what);
        }
    }
    const auto text = archive::trimmed(head);
    if (text.empty()) {
        return refuse(path, head.empty() ? "is empty" : "holds nothing but empty lines");
    }
    constexpr std::size_t looked_at = 200;
    const std::string start = lower_case(text.substr(0, looked_at));
    if (start.starts_with("<!doctype html") || start.starts_with("<html") || start.starts_with("<?xml")) {
        return refuse(path,
                      "is a page of the web, no data: the download failed, try its address in a browser");
    }
    return {};
}

/// Frames are objects; tables in JSON are lists of rows.
bool may_hold_frames(std::string_view head) {
    const auto text = archive::trimmed(head);
    const bool list = text.starts_with('[') && value_behind(text, "e").empty();
    return !list && (text.contains("{\"") || text.contains("{ \"") || text.contains(" -> "));
}

Error unknown_format(const std::string& path, std::string_view head) {
    const auto text = archive::trimmed(head);
    return {ErrorCode::file_format,
            fmt::format("{} begins like no file that is read, with {}: `virtuoso formats` lists them",
                        in_quotes(path), in_quotes(text.substr(0, text.find('\n'))))};
}

std::unexpected<Error> named(const std::string& path, const Error& error) {
    return fail(error.code, fmt::format("{}: {}", in_quotes(path), error.message));
}

Result<std::unique_ptr<Recording>> open_frames(const std::string& path, FramePlan plan,
                                               const RecordingOptions& options) {
    auto lines = LineReader::open(path);
    if (!lines) {
        return std::unexpected(lines.error());
    }
    return std::make_unique<FrameCapture>(std::move(*lines), plan, options.symbol);
}

/// nullopt when it holds neither frames nor a table.
Result<std::unique_ptr<Recording>> open_text(const std::string& path, std::string_view head,
                                             const RecordingOptions& options) {
    const bool tables = options.format == RecordingFormat::candles;
    if (!tables && (options.format || may_hold_frames(head))) {
        const auto plan = plan_frames(path, options.format);
        if (!plan) {
            return named(path, plan.error());
        }
        if (*plan) {
            return open_frames(path, **plan, options);
        }
    }
    auto plan = plan_table(path, archive::trimmed(head).starts_with('['), options);
    if (!plan) {
        return named(path, plan.error());
    }
    return *plan ? TableFile::open(path, std::move(**plan)) : std::unexpected(unknown_format(path, head));
}

}  // namespace

std::string_view name_of(RecordingFormat format) noexcept {
    return std::find_if(named_formats.begin(), named_formats.end(),
                        [&](const NamedFormat& named) { return named.format == format; })
        ->name;
}

std::optional<RecordingFormat> recording_format_named(std::string_view name) noexcept {
    for (const auto& named : named_formats) {
        if (named.name == name) {
            return named.format;
        }
    }
    return std::nullopt;
}

Result<std::unique_ptr<Recording>> open_recording(const std::string& path, const RecordingOptions& options) {
    const auto head = TextFile::head(path, head_bytes);
    if (!head) {
        return head.error().code == ErrorCode::file_open ? std::unexpected(head.error())
                                                         : named(path, head.error());
    }
    if (options.format == RecordingFormat::journal || head->starts_with(journal_format::file_magic)) {
        auto reader = JournalReader::open(path);
        if (!reader) {
            return std::unexpected(reader.error());
        }
        return std::move(*reader);
    }
    if (auto checked = check_head(path, *head); !checked) {
        return std::unexpected(checked.error());
    }
    return open_text(path, *head, options);
}

Result<void> read_records(Recording& recording, const std::string& path,
                          const std::function<Result<void>(const RawRecord&)>& take) {
    RawRecord record;
    for (;;) {
        const auto more = recording.next(record);
        if (!more) {
            return path.empty() ? std::unexpected(more.error())
                                : fail(more.error().code,
                                       fmt::format("{}: {}", in_quotes(path), more.error().message));
        }
        if (!*more) {
            return {};
        }
        if (auto taken = take(record); !taken) {
            return taken;
        }
    }
}

}  // namespace virtuoso
