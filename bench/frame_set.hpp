// Frames laid out one behind the other in memory, as a receive buffer holds them.
#pragma once

#include "base/padded_frame.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso::bench {

class FrameSet {
  public:
    void add(std::string_view frame);

    [[nodiscard]] std::size_t size() const noexcept { return ends_.size(); }
    [[nodiscard]] PaddedFrame operator[](std::size_t index) const noexcept {
        const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
        return {bytes_.data() + begin, ends_[index] - begin};
    }
    /// Bytes of all frames.
    [[nodiscard]] std::size_t bytes() const noexcept { return ends_.empty() ? 0 : ends_.back(); }

  private:
    std::vector<char> bytes_;  ///< ends in `frame_padding` zeros
    std::vector<std::size_t> ends_;
};

/// Path of a reference recording; nullopt when it is not on this machine.
[[nodiscard]] std::optional<std::string> recording_path(const std::string& name);

/// The frames of a recording's WebSocket channels. Throws std::runtime_error when it cannot be read.
[[nodiscard]] FrameSet stream_frames(const std::string& path);

}  // namespace virtuoso::bench
