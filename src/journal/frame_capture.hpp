// Captures and archives of an exchange's frames that other programs made.
#pragma once

#include "journal/frame_line.hpp"
#include "journal/line_reader.hpp"
#include "journal/recording.hpp"
#include "journal/snapshot_owner.hpp"

#include <deque>
#include <optional>
#include <string>

namespace virtuoso {

/// What the first lines of a capture tell.
struct FramePlan {
    RecordingFormat format = RecordingFormat::bybit;  ///< of frames
    LocalTime begin = {};                             ///< first time that is told
};

/// nullopt when no frame of a known exchange is met. Errors: file_format for an old protocol.
[[nodiscard]] Result<std::optional<FramePlan>> plan_frames(const std::string& path,
                                                           std::optional<RecordingFormat> format);

/// Lines as `split_frame_line` reads them. Where no time of receipt is told the exchange's own stands for it,
/// never backwards. A "lastUpdateId" outside a stream is a depth snapshot over REST: it goes to the contract
/// whose update ids it fits (see SnapshotOwner), else it is left out, with a notice.
class FrameCapture final : public Recording {
  public:
    /// `given_symbol`: whose the snapshots are, when the user knows; else empty.
    FrameCapture(LineReader lines, FramePlan plan, std::string given_symbol);

    [[nodiscard]] Result<bool> next(RawRecord& record) override;
    [[nodiscard]] double progress() const override { return lines_.progress(); }
    [[nodiscard]] std::vector<std::string> notices() const override;

  private:
    struct KeptLine {
        std::string text;
        std::uint64_t number = 0;
    };

    [[nodiscard]] Result<bool> read_line(std::string_view& line);
    [[nodiscard]] Result<bool> next_line(std::string_view& line, std::uint64_t& number);
    [[nodiscard]] Result<void> look_ahead(std::uint64_t id);
    [[nodiscard]] Result<bool> find_owner(std::string_view snapshot);
    [[nodiscard]] LocalTime time_of(const FrameLine& line);
    [[nodiscard]] bool is_snapshot(std::string_view frame) const;

    LineReader lines_;
    std::string exchange_;
    bool binance_;
    std::string stream_channel_;
    std::string snapshot_path_;
    std::string answer_channel_;
    std::string given_symbol_;
    SnapshotOwner owner_;
    std::deque<KeptLine> ahead_;
    KeptLine current_;
    FrameBuffer buffer_;
    LocalTime last_;
    std::uint64_t untimed_ = 0;
    std::uint64_t snapshots_left_out_ = 0;
};

}  // namespace virtuoso
