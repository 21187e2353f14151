// Recordings that other programs made: captures and archives of frames, and candle files.
#pragma once

#include "exchange/archive/candle_csv.hpp"
#include "journal/line_reader.hpp"
#include "journal/recording.hpp"
#include "journal/snapshot_owner.hpp"

#include <deque>
#include <optional>
#include <string>

namespace virtuoso {

/// Lines `<receive ns> <frame>` of a Binance capture. A "lastUpdateId" outside a stream is a REST depth
/// snapshot: it goes to the contract whose update ids it fits (see SnapshotOwner), else it is left out, with
/// a notice.
class BinanceCapture final : public Recording {
  public:
    /// `given_symbol`: whose the snapshots are, when the user knows; else empty.
    BinanceCapture(LineReader lines, binance::Market market, std::string given_symbol);

    [[nodiscard]] Result<bool> next(RawRecord& record) override;
    [[nodiscard]] double progress() const override { return lines_.progress(); }
    [[nodiscard]] std::vector<std::string> notices() const override;

  private:
    struct Line {
        LocalTime received;
        std::string_view frame;
        bool snapshot = false;
    };
    struct KeptLine {
        std::string text;
        std::uint64_t number = 0;
    };

    [[nodiscard]] static Result<Line> split(std::string_view line, std::uint64_t number);
    [[nodiscard]] Result<bool> read_line(std::string_view& line);
    [[nodiscard]] Result<void> look_ahead(std::uint64_t id);
    [[nodiscard]] Result<bool> find_owner(std::string_view snapshot);

    LineReader lines_;
    std::string exchange_;
    std::string stream_channel_;
    std::string snapshot_path_;
    std::string snapshot_channel_;
    std::string given_symbol_;
    SnapshotOwner owner_;
    std::deque<KeptLine> ahead_;
    KeptLine current_;
    FrameBuffer buffer_;
    std::uint64_t snapshots_left_out_ = 0;
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
