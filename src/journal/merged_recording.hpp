// Several recordings read as one, in the order in which their records were received.
#pragma once

#include "base/time.hpp"
#include "journal/recent_records.hpp"
#include "journal/recording.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace virtuoso {

/// Joins recordings by receive time; the order in which they are named means nothing. Within a file the
/// order of its records stays. A record that another file holds too, the same bytes of the same channel
/// received within `RecentRecords::span_ns`, is taken once, so that the same recording given twice and
/// recordings that overlap count nothing twice; repetitions within one file are left to whoever knows their
/// ids. Only files that overlap in time are open at once. O(overlapping files) a record, near another
/// file in time O(log records) besides.
class MergedRecording final : public Recording {
  public:
    /// `until`: records received later are left out, as if they were not in the files. Errors name the file:
    /// those of `open_recording` and of the first record.
    [[nodiscard]] static Result<std::unique_ptr<MergedRecording>> open(
        const std::vector<std::string>& paths, const RecordingOptions& options = {},
        std::optional<ExchangeTime> until = {});
    ~MergedRecording() override;

    /// Errors name the file.
    [[nodiscard]] Result<bool> next(RawRecord& record) override;
    [[nodiscard]] double progress() const override;
    /// How the files overlapped, then of each, by name, its own and how much of it other files held too.
    [[nodiscard]] std::vector<std::string> notices() const override;

  private:
    struct File;

    MergedRecording(RecordingOptions options, std::optional<ExchangeTime> until);
    [[nodiscard]] Result<void> begin(File& file);
    void note_exchange(const File& file);
    [[nodiscard]] Result<void> advance(File& file);
    [[nodiscard]] Result<void> open_due();
    [[nodiscard]] File* earliest() const;
    void finish(File& file);
    [[nodiscard]] bool near_another(const File& file) const;

    RecordingOptions options_;
    std::optional<ExchangeTime> until_;
    std::set<std::string> exchanges_;           ///< that the files tell
    std::vector<std::unique_ptr<File>> files_;  ///< by their first record
    std::vector<File*> active_;
    std::size_t next_file_ = 0;
    File* current_ = nullptr;         ///< whose record was given last
    std::optional<LocalTime> ended_;  ///< last record of the file that ended last
    RecentRecords recent_;
};

}  // namespace virtuoso
