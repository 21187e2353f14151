// A configuration of any bytes is read or refused with a reason; what is read and shown reads back as the
// same.
#include "base/unicode.hpp"
#include "fuzz_bytes.hpp"
#include "service/config_changes.hpp"
#include "service/config_page.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace virtuoso;
    const std::string text(fuzz::text_of(data, size));
    const auto loaded = load_config({.file = ConfigFileText{"fuzz.toml", text}});
    if (!loaded) {
        for (const auto& error : loaded.error()) {
            if (!error.message.starts_with("fuzz.toml") && !error.message.starts_with("[")) {
                std::abort();
            }
            if (!is_valid_utf8(error.message) || printable(error.message) != error.message) {
                std::abort();
            }
        }
        if (loaded.error().empty()) {
            std::abort();
        }
        return 0;
    }
    const auto again = load_config({.file = ConfigFileText{"again.toml", config_show_text(*loaded)}});
    if (!again || !changes_between(loaded->config, again->config).empty()) {
        std::abort();
    }
    return 0;
}
