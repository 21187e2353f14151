// Tables: the line that tells its layout, then its rows, and the rows as they are kept.
#include "exchange/archive/candle_sequence.hpp"
#include "exchange/archive/row_decoder.hpp"
#include "exchange/archive/table_reader.hpp"
#include "fuzz_bytes.hpp"

#include <cstdlib>
#include <optional>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace virtuoso;
    std::optional<archive::TableReader> reader;
    archive::CandleSequence sequence({ms_per_minute});
    archive::RowDecoder decoder(archive::RowKind::candles, "X", {5 * ms_per_minute});
    fuzz::for_each_line(fuzz::text_of(data, size), [&](std::string_view line) {
        if (!reader) {
            if (const auto layout = archive::layout_of(line)) {
                reader.emplace(*layout);
            }
            return;
        }
        const auto row = reader->row(line);
        if (!row) {
            return;
        }
        for (const auto& value : row->values) {
            const std::string text = archive::row_text(value);
            const auto again = archive::row_value(archive::kind_of(value), text);
            if (!again || archive::row_text(*again) != text) {
                std::abort();
            }
            if (const auto* const candle = std::get_if<Candle>(&value)) {
                static_cast<void>(sequence.take(*candle));
                static_cast<void>(decoder.decode(text));
            }
        }
    });
    for (const auto kind : {archive::RowKind::candles, archive::RowKind::trades, archive::RowKind::book}) {
        static_cast<void>(archive::row_value(kind, fuzz::text_of(data, size)));
    }
    return 0;
}
