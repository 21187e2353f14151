// What a command line consists of, in words: for completions and manual pages.
#pragma once

#include <string>
#include <vector>

namespace virtuoso::app {

struct OptionTexts {
    std::vector<std::string> names;  ///< "-o", "--output"; of one that is told by its position its name alone
    std::string description;
    bool takes_value = false;
    std::vector<std::string> values = {};  ///< all there are; empty: anything
    [[nodiscard]] bool by_position() const { return !names.front().starts_with('-'); }
};

struct CommandTexts {
    std::string name;
    std::string description;
    std::vector<OptionTexts> options = {};
    std::vector<CommandTexts> commands = {};
};

}  // namespace virtuoso::app
