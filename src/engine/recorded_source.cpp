#include "engine/recorded_source.hpp"

#include <fmt/format.h>

#include <memory>

namespace virtuoso {

namespace {

struct Files {
    std::vector<std::string> paths;
    RecordingOptions options;
    std::unique_ptr<Recording> recording;
    std::size_t next = 0;

    Result<bool> read(RawRecord& record) {
        for (;;) {
            if (!recording) {
                if (next == paths.size()) {
                    return false;
                }
                auto opened = open_recording(paths[next], options);
                if (!opened) {
                    return std::unexpected(opened.error());
                }
                recording = std::move(*opened);
            }
            const auto more = recording->next(record);
            if (!more) {
                return fail(more.error().code,
                            fmt::format("{}: {}", in_quotes(paths[next]), more.error().message));
            }
            if (*more) {
                return true;
            }
            recording.reset();
            ++next;
        }
    }
};

}  // namespace

sim::OpenRecords records_of(std::vector<std::string> paths, RecordingOptions options) {
    return [paths = std::move(paths), options = std::move(options)]() -> Result<sim::RecordSource> {
        auto files = std::make_shared<Files>(paths, options, nullptr, 0);
        return [files](RawRecord& record) { return files->read(record); };
    };
}

}  // namespace virtuoso
