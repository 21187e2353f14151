#include "engine/recorded_source.hpp"

#include "journal/merged_recording.hpp"

#include <memory>

namespace virtuoso {

sim::OpenRecords records_of(std::vector<std::string> paths, RecordingOptions options) {
    return [paths = std::move(paths), options = std::move(options)]() -> Result<sim::RecordSource> {
        auto opened = MergedRecording::open(paths, options);
        if (!opened) {
            return std::unexpected(opened.error());
        }
        const std::shared_ptr<MergedRecording> recording = std::move(*opened);
        return [recording](RawRecord& record) { return recording->next(record); };
    };
}

}  // namespace virtuoso
