#include "service/latest_results.hpp"

#include "analysis/interpretation.hpp"

#include <utility>

namespace virtuoso {

BreakdownWords words_of(const SymbolResult& result) {
    return {.interpretations = interpret(result.confluence, result.symbol),
            .insights = insights(result.confluence, result.symbol),
            .turning_points = turning_points(result.confluence)};
}

ResultPointer LatestResults::put(ResultPointer result) {
    const std::lock_guard lock(mutex_);
    if (KeptResult* const* const found = by_name_.find(result->symbol)) {
        return std::exchange((*found)->result, std::move(result));
    }
    if (results_.size() < symbols_max) {
        const auto added = results_.emplace(result->symbol, KeptResult{}).first;
        by_name_.add(added->first, &added->second);
        added->second.result = std::move(result);
    }
    return nullptr;
}

void LatestResults::remove(std::string_view symbol) {
    const std::lock_guard lock(mutex_);
    if (const auto found = results_.find(symbol); found != results_.end()) {
        by_name_.erase(symbol);
        results_.erase(found);
    }
}

KeptResult LatestResults::read(std::string_view symbol) {
    const std::lock_guard lock(mutex_);
    KeptResult* const* const found = by_name_.find(symbol);
    if (found == nullptr) {
        return {};
    }
    ++(*found)->reads;
    return **found;
}

ResultPointer LatestResults::look(std::string_view symbol) const {
    const std::lock_guard lock(mutex_);
    const auto found = results_.find(symbol);
    return found == results_.end() ? nullptr : found->second.result;
}

std::vector<ResultPointer> LatestResults::all() const {
    const std::lock_guard lock(mutex_);
    std::vector<ResultPointer> all;
    all.reserve(results_.size());
    for (const auto& [symbol, kept] : results_) {
        all.push_back(kept.result);
    }
    return all;
}

std::size_t LatestResults::size() const {
    const std::lock_guard lock(mutex_);
    return results_.size();
}

}  // namespace virtuoso
