#include "service/memory_shedding.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace virtuoso {

namespace {

constexpr std::array stages{ShedStage::untracked_history, ShedStage::untracked_tape,
                            ShedStage::untracked_symbol, ShedStage::tracked_history};

/// What is left to free at this stage, after the stages before it.
std::size_t bytes_of(const ShedCandidate& candidate, ShedStage stage) noexcept {
    if (candidate.tracked != (stage == ShedStage::tracked_history)) {
        return 0;
    }
    switch (stage) {
        case ShedStage::untracked_history:
        case ShedStage::tracked_history:
            return candidate.history_bytes;
        case ShedStage::untracked_tape:
            return candidate.tape_bytes;
        case ShedStage::untracked_symbol:
            break;
    }
    return candidate.all_bytes -
           std::min(candidate.all_bytes, candidate.history_bytes + candidate.tape_bytes);
}

}  // namespace

std::string_view name_of(ShedStage stage) noexcept {
    constexpr std::array<std::string_view, stages.size()> names{"untracked history", "untracked tape",
                                                                "untracked symbol", "tracked history"};
    return names[static_cast<std::size_t>(stage)];
}

std::size_t bytes_to_shed(std::uint64_t resident, std::uint64_t limit, double share_wanted) noexcept {
    const double over = static_cast<double>(resident) - share_wanted * static_cast<double>(limit);
    return limit > 0 && over > 0 ? static_cast<std::size_t>(std::ceil(over)) : 0;
}

std::vector<ShedStep> choose_shedding(std::span<const ShedCandidate> candidates, std::size_t wanted) {
    std::vector<const ShedCandidate*> order;
    order.reserve(candidates.size());
    for (const auto& candidate : candidates) {
        order.push_back(&candidate);
    }
    std::ranges::sort(order, [](const ShedCandidate* a, const ShedCandidate* b) {
        return a->turnover != b->turnover ? a->turnover < b->turnover : a->symbol < b->symbol;
    });
    std::vector<ShedStep> steps;
    std::size_t freed = 0;
    for (const ShedStage stage : stages) {
        for (const ShedCandidate* const candidate : order) {
            if (freed >= wanted) {
                return steps;
            }
            if (const std::size_t bytes = bytes_of(*candidate, stage); bytes > 0) {
                steps.push_back({stage, candidate->symbol, bytes});
                freed += bytes;
            }
        }
    }
    return steps;
}

}  // namespace virtuoso
