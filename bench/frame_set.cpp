#include "frame_set.hpp"

#include "journal/recording.hpp"

#include <filesystem>
#include <stdexcept>

namespace virtuoso::bench {

void FrameSet::add(std::string_view frame) {
    const std::size_t begin = bytes();
    bytes_.resize(begin);
    bytes_.insert(bytes_.end(), frame.begin(), frame.end());
    bytes_.resize(begin + frame.size() + frame_padding, 0);
    ends_.push_back(begin + frame.size());
}

std::optional<std::string> recording_path(const std::string& name) {
    std::string path = std::string(VIRTUOSO_SHARED_DIR) + "/data/" + name;
    if (!std::filesystem::exists(path)) {
        return std::nullopt;
    }
    return path;
}

FrameSet stream_frames(const std::string& path) {
    auto recording = open_recording(path);
    if (!recording) {
        throw std::runtime_error(recording.error().message);
    }
    FrameSet frames;
    RawRecord record;
    for (;;) {
        const auto more = (*recording)->next(record);
        if (!more) {
            throw std::runtime_error(more.error().message);
        }
        if (!*more) {
            return frames;
        }
        if (record.channel.ends_with("/ws")) {
            frames.add(record.frame.text());
        }
    }
}

}  // namespace virtuoso::bench
