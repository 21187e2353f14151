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
    const auto found = results_.find(result->symbol);
    if (found != results_.end()) {
        return std::exchange(found->second.result, std::move(result));
    }
    if (results_.size() < symbols_max) {
        const std::string& name = result->symbol;
        results_.emplace(name, KeptResult{std::move(result), 0});
    }
    return nullptr;
}

void LatestResults::remove(std::string_view symbol) {
    const std::lock_guard lock(mutex_);
    if (const auto found = results_.find(symbol); found != results_.end()) {
        results_.erase(found);
    }
}

KeptResult LatestResults::read(std::string_view symbol) {
    const std::lock_guard lock(mutex_);
    const auto found = results_.find(symbol);
    if (found == results_.end()) {
        return {};
    }
    ++found->second.reads;
    return found->second;
}

ResultPointer LatestResults::find(std::string_view symbol) const {
    const std::lock_guard lock(mutex_);
    const auto known = results_.find(symbol);
    return known == results_.end() ? nullptr : known->second.result;
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
