// A file that is part of the program: cmake/Embed.cmake.
#pragma once

#include <string_view>

namespace virtuoso {

struct EmbeddedFile {
    std::string_view name;  ///< as CMake was given it: "page/app.js"
    std::string_view bytes;
};

}  // namespace virtuoso
