// What is given up, and of whom, when the memory runs out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

/// In this order. "Tracked" are the most traded symbols, which are watched closely; their books, tapes and
/// scores are never given up.
enum class ShedStage : std::uint8_t {
    untracked_history,  ///< candles, open interest, funding and ratios of an untracked symbol
    untracked_tape,     ///< its trades beyond the least that a tape keeps
    untracked_symbol,   ///< all of it: it is followed no more until there is room
    tracked_history     ///< candles of a tracked symbol, beyond what its score needs
};

/// "untracked history", …
[[nodiscard]] std::string_view name_of(ShedStage stage) noexcept;

/// What a symbol holds.
struct ShedCandidate {
    std::string symbol{};
    bool tracked = false;
    double turnover = 0;            ///< of 24 h
    std::size_t history_bytes = 0;  ///< that could be given up
    std::size_t tape_bytes = 0;     ///< likewise
    std::size_t all_bytes = 0;      ///< with these two
};

struct ShedStep {
    ShedStage stage = ShedStage::untracked_history;
    std::string symbol{};
    std::size_t bytes = 0;  ///< that it frees beyond the steps before it
};

/// Bytes over what the memory may come back to: below `share_wanted` of the limit.
[[nodiscard]] std::size_t bytes_to_shed(std::uint64_t resident, std::uint64_t limit,
                                        double share_wanted) noexcept;

/// The fewest steps, stage after stage and within a stage the least traded first (ties by name), that free
/// `wanted` bytes; all there are when they do not suffice. Steps that free nothing are left out. O(n log n).
[[nodiscard]] std::vector<ShedStep> choose_shedding(std::span<const ShedCandidate> candidates,
                                                    std::size_t wanted);

}  // namespace virtuoso
