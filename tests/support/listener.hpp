// A client of an exchange that keeps what it is told.
#pragma once

#include "net/server.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso::test {

class Listener final : public ServerPeer {
  public:
    void send(const SharedText& frame) override { frames.push_back(*frame); }
    void hang_up() override { hung_up = true; }
    /// Frames that hold `part`.
    [[nodiscard]] std::size_t count(std::string_view part) const {
        return static_cast<std::size_t>(std::ranges::count_if(
            frames, [&](const std::string& frame) { return frame.find(part) != std::string::npos; }));
    }

    std::vector<std::string> frames;
    bool hung_up = false;
};

}  // namespace virtuoso::test
