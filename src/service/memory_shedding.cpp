#include "service/memory_shedding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace virtuoso {

namespace {

std::size_t bytes_of(const ShedCandidate& candidate, ShedStage stage) noexcept {
    if (candidate.tracked != (stage == ShedStage::tracked_history)) {
        return 0;
    }
    switch (stage) {
        case ShedStage::untracked_tape:
            return candidate.tape_bytes;
        case ShedStage::untracked_symbol:
            return candidate.other_bytes;
        default:
            return candidate.history_bytes;
    }
}

template <typename Symbol>
bool is_less_traded(const Symbol& a, const Symbol& b) {
    return a.turnover != b.turnover ? a.turnover < b.turnover : a.symbol < b.symbol;
}

std::string_view words_of(ShedStage stage, std::size_t count) {
    const bool one = count == 1;
    switch (stage) {
        case ShedStage::untracked_history:
            return one ? "history of untracked symbols" : "histories of untracked symbols";
        case ShedStage::untracked_tape:
            return one ? "tape of untracked symbols" : "tapes of untracked symbols";
        case ShedStage::untracked_symbol:
            return one ? "untracked symbol whole" : "untracked symbols whole";
        case ShedStage::tracked_history:
            break;
    }
    return one ? "older half of a tracked symbol's history" : "older halves of tracked symbols' histories";
}

}  // namespace

std::string_view name_of(ShedStage stage) noexcept {
    constexpr std::array<std::string_view, shed_stages.size()> names{"untracked_history", "untracked_tape",
                                                                     "untracked_symbol", "tracked_history"};
    return names[static_cast<std::size_t>(stage)];
}

void ShedSummary::add(const ShedStep& step) {
    const auto stage = static_cast<std::size_t>(step.stage);
    ++symbols[stage];
    bytes += step.bytes;
    if (first[stage].size() < named_max) {
        first[stage].push_back(step.symbol);
    }
}

void ShedSummary::count(const ShedSummary& other) noexcept {
    for (std::size_t stage = 0; stage < symbols.size(); ++stage) {
        symbols[stage] += other.symbols[stage];
    }
    bytes += other.bytes;
    restored += other.restored;
}

std::string ShedSummary::text() const {
    std::vector<std::string> parts;
    for (const ShedStage stage : shed_stages) {
        const auto index = static_cast<std::size_t>(stage);
        if (symbols[index] > 0) {
            parts.push_back(fmt::format("{} {} ({}{})", symbols[index], words_of(stage, symbols[index]),
                                        fmt::join(first[index], ", "),
                                        symbols[index] > first[index].size() ? " …" : ""));
        }
    }
    std::string result;
    if (!parts.empty()) {
        result =
            fmt::format("gave up {}, {:.1f} MB", fmt::join(parts, " and "), static_cast<double>(bytes) / 1e6);
    }
    if (is_short) {
        result.append(result.empty() ? "memory is nearly out and nothing may be given up"
                                     : ", less than is wanted");
    }
    return result;
}

std::size_t bytes_to_shed(std::uint64_t resident, std::uint64_t limit, double share_wanted) noexcept {
    const double over = static_cast<double>(resident) - share_wanted * static_cast<double>(limit);
    return limit > 0 && over > 0 ? static_cast<std::size_t>(std::ceil(over)) : 0;
}

std::vector<ShedStep> choose_shedding(std::span<const ShedCandidate> candidates, std::size_t wanted) {
    std::vector<std::reference_wrapper<const ShedCandidate>> order(candidates.begin(), candidates.end());
    std::ranges::sort(order,
                      [](const ShedCandidate& a, const ShedCandidate& b) { return is_less_traded(a, b); });
    std::vector<ShedStep> steps;
    std::size_t freed = 0;
    for (const ShedStage stage : shed_stages) {
        for (const ShedCandidate& candidate : order) {
            if (freed >= wanted) {
                return steps;
            }
            if (const std::size_t bytes = bytes_of(candidate, stage); bytes > 0) {
                steps.push_back({stage, candidate.symbol, candidate.turnover, bytes});
                freed += bytes;
            }
        }
    }
    return steps;
}

std::vector<ShedStep> choose_restoring(std::span<const ShedStep> given_up, std::size_t room) {
    std::vector<ShedStep> order(given_up.begin(), given_up.end());
    std::ranges::sort(order, [](const ShedStep& a, const ShedStep& b) {
        if (a.stage != b.stage) {
            return a.stage > b.stage;
        }
        return a.turnover != b.turnover ? a.turnover > b.turnover : a.symbol < b.symbol;
    });
    std::size_t taken = 0;
    std::size_t count = 0;
    while (count < order.size() && taken + order[count].bytes <= room) {
        taken += order[count].bytes;
        ++count;
    }
    order.resize(count);
    return order;
}

}  // namespace virtuoso
