// Gives up what symbols hold when the memory runs out, and has it again when there is room.
#pragma once

#include "service/memory_shedding.hpp"
#include "service/shard_group.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace virtuoso {

/// The shards do the work on their threads, a few symbols between two turns. Called from the keeper's thread.
/// Throws std::runtime_error where shards do not answer.
class MemoryRelief {
  public:
    /// `stop` ends the waiting for shards.
    MemoryRelief(ShardGroup& shards, std::stop_token stop) : shards_(shards), stop_(std::move(stop)) {}

    /// Frees so many bytes, or all that may be freed.
    [[nodiscard]] ShedSummary give_up(std::size_t wanted);
    /// Has histories that were given up read again, and symbols followed again, as far as they go into so
    /// much room. Gives the number of symbols.
    [[nodiscard]] std::size_t give_back(std::size_t room);
    /// Symbols that gave up something and were not told yet to have it again.
    [[nodiscard]] std::size_t given_up() const noexcept { return given_up_.size(); }

  private:
    [[nodiscard]] std::vector<ShedCandidate> candidates() const;
    void note(const ShedStep& step);

    ShardGroup& shards_;
    std::stop_token stop_;
    std::map<std::string, ShedStep, std::less<>> given_up_;  ///< all steps of a symbol as one
};

}  // namespace virtuoso
