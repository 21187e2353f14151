// What stands around frames in files: lines of captures, lists of rows, archives, names of files.
#include "exchange/archive/json_rows.hpp"
#include "fuzz_bytes.hpp"
#include "journal/file_name.hpp"
#include "journal/frame_fields.hpp"
#include "journal/frame_line.hpp"
#include "journal/zip_source.hpp"

#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace virtuoso;
    const auto text = fuzz::text_of(data, size);
    fuzz::for_each_line(text, [](std::string_view line) {
        if (const auto split = split_frame_line(line)) {
            static_cast<void>(time_of_frame(split->frame));
            static_cast<void>(text_behind(split->frame, "topic"));
        }
        static_cast<void>(hints_of(line));
    });
    archive::JsonRows rows;
    auto rest = text;
    std::string row;
    for (;;) {
        const auto found = rows.scan(rest, row);
        if (!found || !*found) {
            break;
        }
    }
    if (const auto entry = zip_entry({text.data(), text.size()})) {
        if (entry->offset > size || entry->packed > size - entry->offset) {
            std::abort();
        }
    }
    return 0;
}
