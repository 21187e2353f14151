// Bytes of one message, readable a little beyond their end.
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>
#include <vector>

namespace virtuoso {

/// SIMD parsing loads whole registers: at least `frame_padding` bytes behind the text belong to the same
/// buffer, and that buffer ends in zeros, so that no scan of digits leaves it.
inline constexpr std::size_t frame_padding = 64;

struct PaddedFrame {
    const char* data = nullptr;
    std::size_t size = 0;

    [[nodiscard]] std::string_view text() const noexcept { return {data, size}; }
};

/// Owns a padded copy; keeps its memory between frames.
class FrameBuffer {
  public:
    PaddedFrame assign(std::string_view text) {
        if (bytes_.size() < text.size() + frame_padding) {
            bytes_.resize(text.size() + frame_padding);
        }
        if (!text.empty()) {
            std::memcpy(bytes_.data(), text.data(), text.size());
        }
        std::memset(bytes_.data() + text.size(), 0, frame_padding);
        return {bytes_.data(), text.size()};
    }

  private:
    std::vector<char> bytes_;
};

}  // namespace virtuoso
