#include "journal/line_recording.hpp"

#include "exchange/symbol_name.hpp"
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

BinanceCapture::BinanceCapture(LineReader lines, binance::Market market, std::string given_symbol)
    : lines_(std::move(lines)),
      exchange_(market == binance::Market::usdm ? "binance-usdm" : "binance-spot"),
      stream_channel_(exchange_ + "/ws"),
      snapshot_path_(market == binance::Market::usdm ? "/rest/fapi/v1/depth" : "/rest/api/v3/depth"),
      given_symbol_(std::move(given_symbol)),
      owner_(market) {}

Result<BinanceCapture::Line> BinanceCapture::split(std::string_view line, std::uint64_t number) {
    std::int64_t received = 0;
    const auto [end, code] = std::from_chars(line.data(), line.data() + line.size(), received);
    if (code != std::errc{} || end == line.data() + line.size() || *end != ' ') {
        return fail(ErrorCode::file_format,
                    fmt::format("line {}: expected a receive time in ns, a space and a frame, found {}",
                                number, in_quotes(line)));
    }
    const auto frame = line.substr(static_cast<std::size_t>(end + 1 - line.data()));
    const bool snapshot = frame.contains("\"lastUpdateId\"") && !frame.contains("\"stream\"");
    return Line{LocalTime{received}, frame, snapshot};
}

// The next line of the file, noted; false at its end.
Result<bool> BinanceCapture::read_line(std::string_view& line) {
    const auto more = next_filled(lines_, line);
    if (more && *more) {
        owner_.note(line);
    }
    return more;
}

// Reads on until every contract met has told whether the snapshot is its own.
Result<void> BinanceCapture::look_ahead(std::uint64_t id) {
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

Result<bool> BinanceCapture::next(RawRecord& record) {
    for (;;) {
        std::string_view line;
        std::uint64_t number = lines_.line_number();
        if (!ahead_.empty()) {
            current_ = std::move(ahead_.front());
            ahead_.pop_front();
            line = current_.text;
            number = current_.number;
        } else if (const auto more = read_line(line); !more || !*more) {
            return more;
        } else {
            number = lines_.line_number();
        }
        const auto parts = split(line, number);
        if (!parts) {
            return std::unexpected(parts.error());
        }
        const PaddedFrame frame = buffer_.assign(parts->frame);
        record = {parts->received, 0, stream_channel_, frame};
        if (!parts->snapshot) {
            return true;
        }
        const auto owned = find_owner(frame.text());
        if (!owned) {
            return std::unexpected(owned.error());
        }
        if (*owned) {
            record.channel = snapshot_channel_;
            return true;
        }
        ++snapshots_left_out_;
    }
}

Result<bool> BinanceCapture::find_owner(std::string_view snapshot) {
    std::string symbol = given_symbol_;
    if (symbol.empty()) {
        if (const auto read = look_ahead(SnapshotOwner::id_of(snapshot)); !read) {
            return std::unexpected(read.error());
        }
        symbol = owner_.owner_of(snapshot).value_or("");
    }
    snapshot_channel_ =
        fmt::format("{}{}?symbol={}&limit=1000", exchange_, snapshot_path_, percent_encoded(symbol));
    return !symbol.empty();
}

std::vector<std::string> BinanceCapture::notices() const {
    if (snapshots_left_out_ == 0) {
        return {};
    }
    return {fmt::format(
        "{} depth snapshot(s) name no symbol and fit the update ids of no contract, or of several "
        "alike: left out; --symbol says whose they are",
        snapshots_left_out_)};
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
