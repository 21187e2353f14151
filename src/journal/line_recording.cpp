#include "journal/line_recording.hpp"

#include "journal/channel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace virtuoso {

namespace {

// The next line that is not empty; false at the end.
Result<bool> next_filled(LineReader& lines, std::string_view& line) {
    for (;;) {
        auto more = lines.next(line);
        if (!more || !*more || !line.empty()) {
            return more;
        }
    }
}

}  // namespace

Result<bool> BinanceCapture::next(RawRecord& record) {
    std::string_view line;
    if (const auto more = next_filled(lines_, line); !more || !*more) {
        return more;
    }
    std::int64_t received = 0;
    const auto [end, code] = std::from_chars(line.data(), line.data() + line.size(), received);
    if (code != std::errc{} || end == line.data() + line.size() || *end != ' ') {
        return fail(ErrorCode::file_format,
                    fmt::format("line {}: expected a receive time in ns, a space and a frame, found {}",
                                lines_.line_number(), in_quotes(line)));
    }
    const auto frame = line.substr(static_cast<std::size_t>(end + 1 - line.data()));
    const bool snapshot =
        frame.starts_with("{\"lastUpdateId\"") || frame.find("\"stream\"") == std::string_view::npos;
    record = {
        LocalTime{received}, 0, snapshot ? snapshot_channel_ : stream_channel_, {frame.data(), frame.size()}};
    return true;
}

Result<bool> BybitArchive::next(RawRecord& record) {
    std::string_view line;
    if (const auto more = next_filled(lines_, line); !more || !*more) {
        return more;
    }
    constexpr std::string_view time_key = "\"ts\":";
    if (const auto found = line.find(time_key); found != std::string_view::npos) {
        std::int64_t ms = 0;
        std::from_chars(line.data() + found + time_key.size(), line.data() + line.size(), ms);
        if (ms > plausible_ms_min && ms < plausible_ms_max) {
            last_ = std::max(last_, LocalTime{ms * 1'000'000});
        }
    }
    record = {last_, 0, "bybit/ws", {line.data(), line.size()}};
    return true;
}

CandleFile::CandleFile(LineReader lines, std::string symbol, Timeframe timeframe)
    : lines_(std::move(lines)),
      timeframe_(timeframe),
      csv_(timeframe),
      channel_(Channel{.kind = Channel::Kind::candles,
                       .exchange = "archive",
                       .target = {},
                       .symbol = std::move(symbol),
                       .timeframe = timeframe}
                   .text()) {}

Result<bool> CandleFile::next(RawRecord& record) {
    std::string_view line;
    for (;;) {
        const auto more = lines_.next(line);
        if (!more || !*more) {
            return more;
        }
        const auto candle = csv_.line(line);
        if (!candle) {
            return std::unexpected(candle.error());
        }
        if (!candle->has_value()) {
            continue;
        }
        const Candle& row = **candle;
        const auto text = fmt::format("{},{},{},{},{},{}", row.open_time.ms, to_text(row.open),
                                      to_text(row.high), to_text(row.low), to_text(row.close), row.volume);
        const std::int64_t closed_ms = row.open_time.ms + interval_ms(timeframe_);
        record = {LocalTime{closed_ms * 1'000'000}, 0, channel_, buffer_.assign(text)};
        return true;
    }
}

std::vector<std::string> CandleFile::notices() const {
    if (csv_.missing() == 0) {
        return {};
    }
    return {fmt::format("{} candle(s) of {} are missing from the file", csv_.missing(), name_of(timeframe_))};
}

}  // namespace virtuoso
