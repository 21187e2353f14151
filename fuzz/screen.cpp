// What a terminal sends becomes keys, the same in any pieces; whatever is typed and whatever a service's
// breakdown holds, what is drawn stays within the screen and holds nothing that a terminal acts on.
#include "base/unicode.hpp"
#include "fuzz_bytes.hpp"
#include "screen/breakdown.hpp"
#include "screen/cells.hpp"
#include "screen/key.hpp"
#include "screen/market_view.hpp"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace virtuoso;
using namespace virtuoso::screen;

std::vector<Key> keys_of(std::string_view bytes, std::size_t piece) {
    KeyDecoder decoder;
    std::vector<Key> keys;
    while (!bytes.empty()) {
        std::ranges::copy(decoder.feed(bytes.substr(0, piece)), std::back_inserter(keys));
        bytes.remove_prefix(std::min(piece, bytes.size()));
    }
    std::ranges::copy(decoder.settle(), std::back_inserter(keys));
    return keys;
}

void check(MarketView& view, ScreenSize size) {
    const Frame frame = view.frame(size);
    if (frame.size() > size.rows) {
        std::abort();
    }
    for (const auto& line : frame) {
        if (cells_in(line.text) > size.columns || printable(line.text) != line.text) {
            std::abort();
        }
    }
}

}  // namespace

/// Two bytes of the screen's size, a line of keys, a line with a name, and a document.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) {
        return 0;
    }
    const ScreenSize screen_size{.columns = std::size_t{data[0]} + 1, .rows = data[1]};
    const auto [typed, rest] = fuzz::split_line(fuzz::text_of(data + 2, size - 2));
    const auto [name, document] = fuzz::split_line(rest);
    const auto keys = keys_of(typed, std::max<std::size_t>(typed.size(), 1));
    if (keys != keys_of(typed, 1) || keys.size() > typed.size()) {
        std::abort();
    }
    for (const Glyphs glyphs : {Glyphs::ascii, Glyphs::unicode}) {
        MarketView view(glyphs);
        std::vector<SymbolRow> rows(3);
        rows[1].symbol = rows[2].state = name;
        view.show(std::move(rows), {std::string(name), "status"});
        view.add_notice(name);
        view.show(Breakdown::read(document, glyphs));
        check(view, screen_size);
        for (const Key& key : keys) {
            const bool stays = view.press(key);
            view.show(Breakdown::read(document, glyphs));
            check(view, screen_size);
            if (!stays) {
                break;
            }
        }
    }
    return 0;
}
