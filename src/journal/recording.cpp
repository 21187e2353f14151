#include "journal/recording.hpp"

#include "journal/journal_format.hpp"
#include "journal/journal_reader.hpp"
#include "journal/line_recording.hpp"

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

/// What the first lines tell.
struct Peek {
    std::optional<RecordingFormat> format;
    std::string symbol;                  ///< of a Binance capture, upper case
    std::optional<Timeframe> timeframe;  ///< of a candle file
};

constexpr int peek_lines_max = 4'000;

std::string upper_case(std::string_view text) {
    std::string result(text);
    for (char& character : result) {
        character = static_cast<char>(std::toupper(static_cast<unsigned char>(character)));
    }
    return result;
}

// "…/btcusdt_spot_1m_20230301.csv.gz" → "BTCUSDT"
std::string symbol_from_path(std::string_view path) {
    const auto slash = path.rfind('/');
    const auto name = path.substr(slash == std::string_view::npos ? 0 : slash + 1);
    return upper_case(name.substr(0, name.find_first_of("_.-")));
}

std::string_view stream_symbol(std::string_view line) {
    constexpr std::string_view key = "\"stream\":\"";
    const auto found = line.find(key);
    if (found == std::string_view::npos) {
        return {};
    }
    const auto name = line.substr(found + key.size());
    return name.substr(0, name.find_first_of("@\""));
}

// The interval of a candle file is the distance of its first two rows.
Result<Peek> peek_candles(LineReader& lines) {
    std::string_view line;
    archive::CandleCsv csv(Timeframe::m1);
    Peek peek{RecordingFormat::candles, {}, {}};
    std::optional<ExchangeTime> first;
    for (int i = 0; i < 3; ++i) {
        const auto more = lines.next(line);
        if (!more) {
            return std::unexpected(more.error());
        }
        if (!*more) {
            return peek;
        }
        // The order check may refuse rows of longer timeframes only by their grid, which 1m divides.
        const auto candle = csv.line(line);
        if (!candle) {
            return peek;  // reading the file will say what is wrong, with its line
        }
        if (!candle->has_value()) {
            continue;
        }
        if (first) {
            peek.timeframe = timeframe_of_interval((*candle)->open_time - *first);
            return peek;
        }
        first = (*candle)->open_time;
    }
    return peek;
}

Result<Peek> peek_frames(LineReader& lines) {
    Peek peek;
    std::string_view line;
    for (int i = 0; i < peek_lines_max; ++i) {
        const auto more = lines.next(line);
        if (!more) {
            return std::unexpected(more.error());
        }
        if (!*more) {
            break;
        }
        if (i == 0 && line.starts_with('{') && line.find("\"topic\"") != std::string_view::npos) {
            peek.format = RecordingFormat::bybit;
            return peek;
        }
        if (peek.symbol.empty()) {
            peek.symbol = upper_case(stream_symbol(line));
        }
        // Futures link their depth updates by "pu" and tell the kind of a trade by "X"; spot does neither.
        if (line.find("\"pu\":") != std::string_view::npos || line.find("\"X\":") != std::string_view::npos) {
            peek.format = RecordingFormat::binance_usdm;
        } else if (line.find("\"depthUpdate\"") != std::string_view::npos ||
                   line.find("\"M\":") != std::string_view::npos) {
            peek.format = RecordingFormat::binance_spot;
        }
        if (peek.format && !peek.symbol.empty()) {
            break;
        }
    }
    return peek;
}

Result<Peek> peek_at(const std::string& path) {
    auto lines = LineReader::open(path);
    if (!lines) {
        return std::unexpected(lines.error());
    }
    std::string_view line;
    const auto more = lines->next(line);
    if (!more) {
        return std::unexpected(more.error());
    }
    if (!*more) {
        return fail(ErrorCode::file_format, fmt::format("{} is empty", in_quotes(path)));
    }
    if (line.starts_with(journal_format::file_magic)) {
        return Peek{RecordingFormat::journal, {}, {}};
    }
    const bool candles = archive::is_candle_header(line);
    auto again = LineReader::open(path);
    if (!again) {
        return std::unexpected(again.error());
    }
    return candles ? peek_candles(*again) : peek_frames(*again);
}

Result<std::unique_ptr<Recording>> open_candles(const std::string& path, LineReader lines,
                                                const RecordingOptions& options, const Peek& peek) {
    const auto timeframe = options.timeframe ? options.timeframe : peek.timeframe;
    if (!timeframe) {
        return fail(ErrorCode::file_format,
                    fmt::format("the interval of the candles in {} cannot be told from its first rows: give "
                                "--timeframe",
                                in_quotes(path)));
    }
    const auto symbol = options.symbol.empty() ? symbol_from_path(path) : options.symbol;
    return std::make_unique<CandleFile>(std::move(lines), symbol, *timeframe);
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
    const auto peek = peek_at(path);
    if (!peek) {
        return std::unexpected(peek.error());
    }
    const auto format = options.format ? options.format : peek->format;
    if (!format) {
        return fail(
            ErrorCode::file_format,
            fmt::format("{} is neither a journal nor a known recording (binance-usdm, binance-spot, bybit, "
                        "candles): name its format if it is one",
                        in_quotes(path)));
    }
    if (*format == RecordingFormat::journal) {
        auto reader = JournalReader::open(path);
        if (!reader) {
            return std::unexpected(reader.error());
        }
        return std::move(*reader);
    }
    auto lines = LineReader::open(path);
    if (!lines) {
        return std::unexpected(lines.error());
    }
    if (*format == RecordingFormat::bybit) {
        return std::make_unique<BybitArchive>(std::move(*lines));
    }
    if (*format == RecordingFormat::candles) {
        return open_candles(path, std::move(*lines), options, *peek);
    }
    const auto market =
        *format == RecordingFormat::binance_usdm ? binance::Market::usdm : binance::Market::spot;
    return std::make_unique<BinanceCapture>(std::move(*lines), market, options.symbol);
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
