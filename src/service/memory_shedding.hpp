// What is given up, and of whom, when the memory runs out; and what is had again when there is room.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

/// In this order. "Tracked" are the most traded symbols, which are watched closely (`deep`): they come last,
/// and lose nothing that their score of now needs.
enum class ShedStage : std::uint8_t {
    untracked_history,  ///< candles, open interest, funding and ratios of an untracked symbol
    untracked_tape,     ///< its trades beyond the least that a tape keeps
    untracked_symbol,   ///< all of it: it is followed no more
    tracked_history  ///< of a tracked symbol the older half of candles longer than a minute, and its tape's
};
inline constexpr std::array shed_stages{ShedStage::untracked_history, ShedStage::untracked_tape,
                                        ShedStage::untracked_symbol, ShedStage::tracked_history};

/// "untracked_history", "untracked_tape", "untracked_symbol", "tracked_history"
[[nodiscard]] std::string_view name_of(ShedStage stage) noexcept;

/// What a symbol holds.
struct ShedCandidate {
    std::string symbol{};
    bool tracked = false;
    double turnover = 0;            ///< of 24 h
    std::size_t history_bytes = 0;  ///< that could be given up; of a tracked one, that could be trimmed
    std::size_t tape_bytes = 0;     ///< likewise, of an untracked one
    std::size_t other_bytes = 0;    ///< what else an untracked one holds
};

struct ShedStep {
    ShedStage stage = ShedStage::untracked_history;
    std::string symbol{};
    double turnover = 0;    ///< of 24 h
    std::size_t bytes = 0;  ///< that it frees
};

/// What one run gave up, in few words: runs are kept, lists of every symbol are not.
struct ShedSummary {
    static constexpr std::size_t named_max = 5;

    std::array<std::size_t, shed_stages.size()> symbols{};             ///< by stage
    std::array<std::vector<std::string>, shed_stages.size()> first{};  ///< the first of them, in order
    std::uint64_t bytes = 0;
    bool is_short = false;     ///< more was wanted than there was to give up
    std::size_t restored = 0;  ///< symbols that have again what they gave up, because there is room

    void add(const ShedStep& step);
    /// Sums, without names.
    void count(const ShedSummary& other) noexcept;
    [[nodiscard]] bool nothing() const noexcept { return bytes == 0 && !is_short; }
    /// "2 histories of untracked symbols (AUSDT, BUSDT) and 1 tape (CUSDT), 1.2 MB"; empty for nothing.
    [[nodiscard]] std::string text() const;
};

/// Bytes over what the memory may come back to: below `share_wanted` of the limit.
[[nodiscard]] std::size_t bytes_to_shed(std::uint64_t resident, std::uint64_t limit,
                                        double share_wanted) noexcept;

/// The fewest steps, stage after stage and within a stage the least traded first (ties by name), that free
/// `wanted` bytes; all there are when they do not suffice. Steps that free nothing are left out. O(n log n).
[[nodiscard]] std::vector<ShedStep> choose_shedding(std::span<const ShedCandidate> candidates,
                                                    std::size_t wanted);

/// Of what was given up, what there is room for again: the last stage first, within a stage the most traded
/// (ties by name), and none behind one for which there is none. O(n log n).
[[nodiscard]] std::vector<ShedStep> choose_restoring(std::span<const ShedStep> given_up, std::size_t room);

}  // namespace virtuoso
