// Numbers, times, names and what is printed of them, and bodies of refusals.
#include "base/decimal.hpp"
#include "base/time.hpp"
#include "base/unicode.hpp"
#include "exchange/json_escapes.hpp"
#include "exchange/symbol_name.hpp"
#include "fuzz_bytes.hpp"
#include "journal/channel.hpp"
#include "net/http_refusal.hpp"
#include "service/memory_reading.hpp"

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
    std::string resolved;
    if (append_unescaped(text, resolved) && is_valid_utf8(text) && !is_valid_utf8(resolved)) {
        std::abort();
    }
    for (const auto& shown : {printable(text), printable_lines(text), in_quotes(text)}) {
        if (!is_valid_utf8(shown) || printable_lines(shown) != shown) {
            std::abort();
        }
    }
    if (percent_decoded(percent_encoded(text)) != text || (is_symbol_name(text) && printable(text) != text)) {
        std::abort();
    }
    static_cast<void>(resident_from_status(text));
    static_cast<void>(machine_memory_from(text));
    static_cast<void>(cgroup_limit_from(text));
    if (const auto path = cgroup_path_from(text);
        path && (!path->starts_with('/') || path->contains("/.."))) {
        std::abort();
    }
    const HttpRefusal refusal = refusal_of(403, text);
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; };
    if (refusal.words.size() > refusal_words_max || std::ranges::any_of(refusal.words, is_control)) {
        std::abort();
    }
    return 0;
}
