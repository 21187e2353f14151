// A weights file of any bytes is read or refused.
#include "engine/weights_file.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto weights = virtuoso::parse_weights(text, "fuzz.toml");
    if (weights && !virtuoso::parse_weights(virtuoso::weights_text(*weights), "again.toml")) {
        __builtin_trap();
    }
    return 0;
}
