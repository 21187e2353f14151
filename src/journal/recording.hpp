// Recorded traffic of any file format, read record by record.
#pragma once

#include "base/error.hpp"
#include "exchange/raw_record.hpp"
#include "market/candle_interval.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace virtuoso {

/// `candles` stands for every table.
enum class RecordingFormat : std::uint8_t { journal, binance_usdm, binance_spot, bybit, candles };

/// "journal", "binance-usdm", "binance-spot", "bybit", "candles"
[[nodiscard]] std::string_view name_of(RecordingFormat format) noexcept;
[[nodiscard]] std::optional<RecordingFormat> recording_format_named(std::string_view name) noexcept;

class Recording {
  public:
    virtual ~Recording() = default;

    /// Reads the next record; false at the end. An error ends the recording.
    [[nodiscard]] virtual Result<bool> next(RawRecord& record) = 0;

    /// Position for progress bars: 0…1.
    [[nodiscard]] virtual double progress() const = 0;

    /// What a careful reader should know: a torn tail, missing candles. Complete after the end.
    [[nodiscard]] virtual std::vector<std::string> notices() const { return {}; }
};

/// What the user may know better than the file.
struct RecordingOptions {
    std::optional<RecordingFormat> format = {};   ///< default: found out from the first lines
    std::string symbol = {};                      ///< for files that do not name theirs
    std::optional<CandleInterval> interval = {};  ///< of candles; default: the usual distance of their rows
    std::string exchange = {};                    ///< of tables that do not name theirs
};

/// Opens a journal, a capture or archive of frames, or a table (see recording_formats.hpp), gzipped, in a zip
/// archive or plain. Errors: file_open, file_format, and those of the format's first rows.
[[nodiscard]] Result<std::unique_ptr<Recording>> open_recording(const std::string& path,
                                                                const RecordingOptions& options = {});

/// Gives every record to `take`, to the end or the first error of either. Errors of the recording name
/// `path`, unless it is empty: a recording of several files names them itself.
[[nodiscard]] Result<void> read_records(Recording& recording, const std::string& path,
                                        const std::function<Result<void>(const RawRecord&)>& take);

}  // namespace virtuoso
