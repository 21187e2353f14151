// Telling frames that come twice.
#pragma once

#include "base/bounded_ring.hpp"
#include "base/text_hash.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace virtuoso {

/// Remembers the last `kept` frames of a topic whose messages have no ids, by hash. O(kept + bytes).
class RecentFrames {
  public:
    static constexpr std::size_t kept = 32;

    /// True when `text` came not long ago; else it is remembered.
    [[nodiscard]] bool came_before(std::string_view text) {
        const std::uint64_t hash = text_hash(text);
        for (std::size_t i = 0; i < hashes_.size(); ++i) {
            if (hashes_[i] == hash) {
                return true;
            }
        }
        hashes_.push(hash);
        return false;
    }

  private:
    BoundedRing<std::uint64_t> hashes_{kept};
};

}  // namespace virtuoso
