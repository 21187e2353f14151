// What a shell has to read to complete a program's command lines.
#pragma once

#include "command_texts.hpp"

#include <array>
#include <string>
#include <string_view>

namespace virtuoso::app {

inline constexpr std::array<std::string_view, 3> completed_shells{"bash", "zsh", "fish"};

/// Completes commands, options, and values of options that have a fixed set of them; files elsewhere.
/// Precondition: `shell` is one of the above.
[[nodiscard]] std::string completion_script(std::string_view shell, const CommandTexts& program);

}  // namespace virtuoso::app
