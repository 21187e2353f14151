// Numbers, times, channel names, and bodies of refusals.
#include "base/decimal.hpp"
#include "base/time.hpp"
#include "fuzz_bytes.hpp"
#include "journal/channel.hpp"
#include "net/http_refusal.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace virtuoso;
    const std::string text(fuzz::text_of(data, size));
    if (const auto units = parse_decimal_units(text, "fuzz")) {
        if (parse_decimal_units(decimal_text(*units), "fuzz").value() != *units) {
            std::abort();
        }
    }
    if (const auto time = parse_time(text, "fuzz")) {
        if (parse_time(iso_text(*time), "fuzz").value() != *time) {
            std::abort();
        }
    }
    if (const auto channel = Channel::parse(text)) {
        if (channel->text() != text) {
            std::abort();
        }
    }
    static_cast<void>(parse_real(text, "fuzz"));
    const HttpRefusal refusal = refusal_of(403, text);
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; };
    if (refusal.words.size() > refusal_words_max || std::ranges::any_of(refusal.words, is_control)) {
        std::abort();
    }
    return 0;
}
