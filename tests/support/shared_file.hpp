// Reference recordings and payloads beside the project; tests that need an absent one are skipped.
#pragma once

#include "support/places.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace virtuoso::test {

inline std::string read_text(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace virtuoso::test

#define VIRTUOSO_NEED_FILE(path)                                                \
    if (!std::filesystem::exists(path)) {                                       \
        GTEST_SKIP() << "needs " << (path) << ", which is not on this machine"; \
    }
