#include "exchange/skipped_elements.hpp"

#include <algorithm>
#include <utility>

namespace virtuoso {

void SkippedElements::add(std::string_view symbol, Error error) {
    ++count_;
    const std::string_view name = symbol.size() > name_length_max ? std::string_view{} : symbol;
    const auto same = std::ranges::find_if(
        kinds_, [&](const Kind& kind) { return kind.symbol == name && kind.first.code == error.code; });
    if (same != kinds_.end()) {
        ++same->count;
    } else if (kinds_.size() < kinds_max) {
        kinds_.push_back({std::string(name), std::move(error), 1});
    }
}

std::uint64_t SkippedElements::untold() const noexcept {
    std::uint64_t told = 0;
    for (const Kind& kind : kinds_) {
        told += kind.count;
    }
    return count_ - told;
}

bool SkippedElements::may_concern(std::string_view symbol) const noexcept {
    return untold() > 0 || std::ranges::any_of(kinds_, [&](const Kind& kind) {
               return kind.symbol.empty() || kind.symbol == symbol;
           });
}

}  // namespace virtuoso
