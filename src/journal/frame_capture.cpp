#include "journal/frame_capture.hpp"

#include "exchange/symbol_name.hpp"
#include "journal/frame_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::size_t lines_looked_at = 4'000;

// The next line that is not empty; false at the end.
Result<bool> next_filled(LineReader& lines, std::string_view& line) {
    for (;;) {
        auto more = lines.next(line);
        if (!more || !*more || !line.empty()) {
            return more;
        }
    }
}

// Topics of Bybit's protocol before v5.
bool is_old_topic(std::string_view topic) {
    for (const std::string_view old : {"orderBookL2", "orderBook_200", "instrument_info", "trade.",
                                       "klineV2.", "candle.", "insurance.", "orderBook."}) {
        if (topic.starts_with(old)) {
            return true;
        }
    }
    return false;
}

Error old_protocol(std::string_view found) {
    return {ErrorCode::file_format,
            fmt::format("it holds messages of Bybit's protocol before v5 ({}): only v5 is read",
                        in_quotes(found))};
}

/// Follows the frames of a file until they tell whose they are.
class FrameJudge {
  public:
    void take(std::string_view frame) {
        if (const auto topic = text_behind(frame, "topic"); !topic.empty()) {
            format_ = RecordingFormat::bybit;
            old_ = old_ || is_old_topic(topic) ? std::optional(std::string(topic)) : std::nullopt;
            return;
        }
        // Futures link their depth updates by "pu" and tell the kind of a trade by "X"; spot does neither.
        const auto event = text_behind(frame, "e");
        const bool link = !value_behind(frame, "pu").empty() || !value_behind(frame, "X").empty();
        const bool maker = !value_behind(frame, "M").empty();
        if (link || event == "markPriceUpdate" || event == "forceOrder" || event == "bookTicker" ||
            (event == "aggTrade" && !maker)) {
            format_ = RecordingFormat::binance_usdm;
        } else if (event == "depthUpdate" || maker) {
            format_ = RecordingFormat::binance_spot;
        } else if (!event.empty() || !text_behind(frame, "stream").empty() ||
                   !value_behind(frame, "lastUpdateId").empty()) {
            binance_ = true;
        }
    }
    void take_url(std::string_view url) {
        if (url.contains("bybit")) {
            format_ = RecordingFormat::bybit;
            if (url.contains("/v2/")) {
                old_ = url;
            }
        } else if (url.contains("/fapi/") || url.contains("fstream")) {
            format_ = RecordingFormat::binance_usdm;
        } else if (url.contains("/api/v3/")) {
            format_ = RecordingFormat::binance_spot;
        }
    }
    [[nodiscard]] bool certain() const { return format_.has_value(); }
    /// What both markets of Binance send alike is taken for the perpetuals'.
    [[nodiscard]] std::optional<RecordingFormat> format() const {
        return format_ || !binance_ ? format_ : std::optional(RecordingFormat::binance_usdm);
    }
    [[nodiscard]] const std::optional<std::string>& old() const { return old_; }

  private:
    std::optional<RecordingFormat> format_;
    std::optional<std::string> old_;
    bool binance_ = false;
};

}  // namespace

Result<std::optional<FramePlan>> plan_frames(const std::string& path, std::optional<RecordingFormat> format) {
    auto lines = LineReader::open(path);
    if (!lines) {
        return std::unexpected(lines.error());
    }
    FrameJudge judge;
    FramePlan plan;
    std::string_view line;
    for (std::size_t i = 0; i < lines_looked_at && !(judge.certain() && plan.begin.ns > 0); ++i) {
        const auto more = next_filled(*lines, line);
        if (!more) {
            return std::unexpected(more.error());
        }
        if (!*more) {
            break;
        }
        const auto split = split_frame_line(line);
        if (!split) {
            continue;  // reading the file will say what is wrong, with its line
        }
        judge.take_url(split->url);
        judge.take(split->frame);
        if (plan.begin.ns == 0) {
            plan.begin =
                split->received ? *split->received : time_of_frame(split->frame).value_or(LocalTime{});
        }
    }
    if (judge.old()) {
        return std::unexpected(old_protocol(*judge.old()));
    }
    const auto told = format ? format : judge.format();
    if (!told) {
        return std::nullopt;
    }
    plan.format = *told;
    return plan;
}

FrameCapture::FrameCapture(LineReader lines, FramePlan plan, std::string given_symbol)
    : lines_(std::move(lines)),
      exchange_(name_of(plan.format)),
      binance_(plan.format != RecordingFormat::bybit),
      stream_channel_(exchange_ + "/ws"),
      snapshot_path_(plan.format == RecordingFormat::binance_usdm ? "/rest/fapi/v1/depth"
                                                                  : "/rest/api/v3/depth"),
      given_symbol_(std::move(given_symbol)),
      owner_(plan.format == RecordingFormat::binance_spot ? binance::Market::spot : binance::Market::usdm),
      last_(plan.begin) {}

// The next line of the file, noted; false at its end.
Result<bool> FrameCapture::read_line(std::string_view& line) {
    const auto more = next_filled(lines_, line);
    if (more && *more && binance_) {
        owner_.note(line);
    }
    return more;
}

// The next line, of those that were read ahead or of the file.
Result<bool> FrameCapture::next_line(std::string_view& line, std::uint64_t& number) {
    if (!ahead_.empty()) {
        current_ = std::move(ahead_.front());
        ahead_.pop_front();
        line = current_.text;
        number = current_.number;
        return true;
    }
    const auto more = read_line(line);
    number = lines_.line_number();
    return more;
}

// Reads on until every contract met has told whether the snapshot is its own.
Result<void> FrameCapture::look_ahead(std::uint64_t id) {
    constexpr std::size_t lines_min = 64;
    constexpr std::size_t lines_max = 1'024;
    std::string_view line;
    while (ahead_.size() < lines_max && (ahead_.size() < lines_min || !owner_.all_passed(id))) {
        const auto more = read_line(line);
        if (!more) {
            return std::unexpected(more.error());
        }
        if (!*more) {
            return {};
        }
        ahead_.push_back({std::string(line), lines_.line_number()});
    }
    return {};
}

LocalTime FrameCapture::time_of(const FrameLine& line) {
    if (line.received) {
        return *line.received;
    }
    ++untimed_;
    last_ = std::max(last_, time_of_frame(line.frame).value_or(last_));
    return last_;
}

bool FrameCapture::is_snapshot(std::string_view frame) const {
    return binance_ && !value_behind(frame, "lastUpdateId").empty() &&
           value_behind(frame, "stream").empty() && value_behind(frame, "result").empty();
}

Result<bool> FrameCapture::next(RawRecord& record) {
    for (;;) {
        std::string_view line;
        std::uint64_t number = 0;
        if (const auto more = next_line(line, number); !more || !*more) {
            return more;
        }
        const auto parts = split_frame_line(line);
        if (!parts) {
            return fail(parts.error().code, fmt::format("line {}: {}", number, parts.error().message));
        }
        if (parts->frame.empty()) {
            continue;
        }
        const LocalTime received = time_of(*parts);
        if (!parts->url.empty()) {
            const auto path = parts->url.find('/', parts->url.find("://") + 3);
            answer_channel_ = fmt::format("{}/rest{}", exchange_,
                                          path == std::string_view::npos ? "/" : parts->url.substr(path));
            record = {received, 0, answer_channel_, buffer_.assign(parts->frame)};
            return true;
        }
        const PaddedFrame frame = buffer_.assign(parts->frame);
        record = {received, 0, stream_channel_, frame};
        if (!is_snapshot(frame.text())) {
            return true;
        }
        const auto owned = find_owner(frame.text());
        if (!owned) {
            return std::unexpected(owned.error());
        }
        if (*owned) {
            record.channel = answer_channel_;
            return true;
        }
        ++snapshots_left_out_;
    }
}

Result<bool> FrameCapture::find_owner(std::string_view snapshot) {
    std::string symbol = given_symbol_;
    if (symbol.empty()) {
        if (const auto read = look_ahead(SnapshotOwner::id_of(snapshot)); !read) {
            return std::unexpected(read.error());
        }
        symbol = owner_.owner_of(snapshot).value_or("");
    }
    answer_channel_ =
        fmt::format("{}{}?symbol={}&limit=1000", exchange_, snapshot_path_, percent_encoded(symbol));
    return !symbol.empty();
}

std::vector<std::string> FrameCapture::notices() const {
    std::vector<std::string> result;
    if (binance_ && untimed_ > 0) {
        result.push_back(
            fmt::format("{} frame(s) have no time of receipt: that of the exchange stands for it", untimed_));
    }
    if (snapshots_left_out_ > 0) {
        result.push_back(fmt::format(
            "{} depth snapshot(s) name no symbol and fit the update ids of no contract, or of several "
            "alike: left out; --symbol-name says whose they are",
            snapshots_left_out_));
    }
    if (lines_.cut()) {
        result.push_back(fmt::format("it was cut behind line {}: read up to there", lines_.line_number()));
    }
    return result;
}

}  // namespace virtuoso
