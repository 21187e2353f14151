// A symbol as bytes, and back.
#include "base/archive.hpp"
#include "engine/pipeline.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace virtuoso {

std::string saved_form(const TrackedSymbol& symbol) {
    ArchiveWriter archive;
    archive.reserve(symbol.bytes() / 2);
    archive(symbol.state, symbol.side);
    symbol.analysis.save(archive);
    return archive.take();
}

bool Pipeline::resume(std::string_view exchange, std::string_view symbol, std::string_view saved) {
    if (find(exchange, symbol) != nullptr) {
        return false;
    }
    TrackedSymbol* const tracked = find_or_add(exchange, symbol);
    if (tracked == nullptr) {
        return false;
    }
    ArchiveReader archive(saved);
    archive(tracked->state, tracked->side);
    tracked->analysis.load(archive);
    if (!archive.whole()) {
        forget(exchange, symbol);
        return false;
    }
    newest_ = std::max(newest_, tracked->state.as_of());
    return true;
}

}  // namespace virtuoso
