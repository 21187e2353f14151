// A program's manual page.
#pragma once

#include "command_texts.hpp"

#include <string>
#include <string_view>

namespace virtuoso::app {

struct ManualTexts {
    std::string_view version;
    std::string_view date;    ///< "2026-11-27"; may be empty
    std::string_view footer;  ///< what the program says below its help
};

/// In roff, as man(7) describes it: every command with its options.
[[nodiscard]] std::string manual_page(const CommandTexts& program, const ManualTexts& texts);

}  // namespace virtuoso::app
