#include "journal/journal_reader.hpp"

#include "fuzz_bytes.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace virtuoso;
    auto reader = JournalReader::over({reinterpret_cast<const char*>(data), size});
    if (!reader) {
        return 0;
    }
    RawRecord record;
    std::size_t bytes = 0;
    for (auto more = (*reader)->next(record); more && *more; more = (*reader)->next(record)) {
        bytes += record.frame.text().size();
    }
    (*reader)->seek({static_cast<std::int64_t>(bytes)});
    static_cast<void>((*reader)->next(record));
    static_cast<void>((*reader)->notices());
    return 0;
}
