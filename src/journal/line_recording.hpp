// Recordings that other programs made: captures and archives of frames, and candle files.
#pragma once

#include "exchange/archive/candle_csv.hpp"
#include "journal/line_reader.hpp"
#include "journal/recording.hpp"

#include <optional>
#include <string>

namespace virtuoso {

/// Lines `<receive ns> <frame>` of a Binance capture. A line without "stream" is a REST depth snapshot;
/// its symbol is the one of the streams around it.
class BinanceCapture final : public Recording {
  public:
    BinanceCapture(LineReader lines, std::string exchange, std::string snapshot_channel)
        : lines_(std::move(lines)),
          stream_channel_(std::move(exchange) + "/ws"),
          snapshot_channel_(std::move(snapshot_channel)) {}

    [[nodiscard]] Result<bool> next(RawRecord& record) override;
    [[nodiscard]] double progress() const override { return lines_.progress(); }

  private:
    LineReader lines_;
    std::string stream_channel_;
    std::string snapshot_channel_;
};

/// Bybit's own archives: one frame a line, without receive time. The frame's `ts` stands in for it.
class BybitArchive final : public Recording {
  public:
    explicit BybitArchive(LineReader lines) : lines_(std::move(lines)) {}

    [[nodiscard]] Result<bool> next(RawRecord& record) override;
    [[nodiscard]] double progress() const override { return lines_.progress(); }

  private:
    LineReader lines_;
    LocalTime last_;
};

/// Rows of a candle file, rewritten as `time_ms,open,high,low,close,volume`; received when the candle
/// closed.
class CandleFile final : public Recording {
  public:
    CandleFile(LineReader lines, std::string symbol, Timeframe timeframe);

    [[nodiscard]] Result<bool> next(RawRecord& record) override;
    [[nodiscard]] double progress() const override { return lines_.progress(); }
    [[nodiscard]] std::vector<std::string> notices() const override;

  private:
    LineReader lines_;
    Timeframe timeframe_;
    archive::CandleCsv csv_;
    std::string channel_;
    FrameBuffer buffer_;
};

}  // namespace virtuoso
