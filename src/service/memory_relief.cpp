#include "service/memory_relief.hpp"

#include "service/shard_sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <utility>

namespace virtuoso {

namespace {

constexpr auto patience = std::chrono::seconds(5);

/// A list that is put together as sweeps want it.
struct Candidates {
    std::vector<ShedCandidate> all;
    Candidates& operator+=(const Candidates& more) {
        all.insert(all.end(), more.all.begin(), more.all.end());
        return *this;
    }
};

template <typename Found>
Found swept(const ShardGroup& group, const std::stop_token& stop, typename ShardSweep<Found>::Slice work) {
    const auto shards = group.shards();
    std::size_t left = 0;
    auto found = ShardSweep<Found>::run(shards, std::move(work), {.time = patience, .stop = stop}, left);
    if (!found) {
        throw std::runtime_error(
            fmt::format("{} of {} shards did not give up memory within 5 s", left, shards.size()));
    }
    return *std::move(found);
}

}  // namespace

std::vector<ShedCandidate> MemoryRelief::candidates() const {
    return swept<Candidates>(shards_, stop_,
                             [](ShardSession& session, std::size_t from, Candidates& found) {
                                 found.all = session.holdings(from, ShardSweep<Candidates>::slice);
                                 return from + ShardSweep<Candidates>::slice <
                                        session.session().pipeline().symbols().size();
                             })
        .all;
}

// A tape grows again by itself.
void MemoryRelief::note(const ShedStep& step) {
    if (step.stage == ShedStage::untracked_tape) {
        return;
    }
    const auto [known, first] = given_up_.try_emplace(step.symbol, step);
    if (!first) {
        known->second.stage = step.stage;
        known->second.turnover = step.turnover;
        known->second.bytes += step.bytes;
    }
}

ShedSummary MemoryRelief::give_up(std::size_t wanted) {
    ShedSummary summary;
    const auto steps = std::make_shared<const std::vector<ShedStep>>(choose_shedding(candidates(), wanted));
    for (const auto& step : *steps) {
        summary.add(step);
        note(step);
    }
    summary.is_short = summary.bytes < wanted;
    // Every shard takes the steps that are its own, all in the one order.
    static_cast<void>(swept<std::size_t>(
        shards_, stop_, [steps](ShardSession& session, std::size_t from, std::size_t& taken) {
            const std::size_t end = std::min(steps->size(), from + ShardSweep<std::size_t>::slice);
            for (std::size_t i = from; i < end; ++i) {
                taken += session.give_up((*steps)[i].symbol, (*steps)[i].stage) ? 1U : 0U;
            }
            return end < steps->size();
        }));
    return summary;
}

std::size_t MemoryRelief::give_back(std::size_t room) {
    std::vector<ShedStep> all;
    all.reserve(given_up_.size());
    for (const auto& [symbol, step] : given_up_) {
        all.push_back(step);
    }
    const auto steps = std::make_shared<const std::vector<ShedStep>>(choose_restoring(all, room));
    for (const auto& step : *steps) {
        given_up_.erase(step.symbol);
    }
    for (const auto& shard : shards_.shards()) {
        shard->post([steps](ShardSession& session) {
            for (const auto& step : *steps) {
                session.have_again(step.symbol);
            }
        });
    }
    return steps->size();
}

}  // namespace virtuoso
