// Work on every symbol of every shard, a slice at a time.
#pragma once

#include "service/shard.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>

namespace virtuoso {

/// What the shards find while they work. `Found` is put together with +=.
template <typename Found>
class ShardSweep {
  public:
    /// One slice, on the shard's thread: beginning with the item of that number, adds to what was found and
    /// tells whether there is more. Outlives the sweep's end: a shard that was slow may still call it.
    using Slice = std::function<bool(ShardSession& session, std::size_t from, Found& found)>;
    static constexpr std::size_t slice =
        16;  ///< items; between two of them the shard's frames have their turn

    /// How long a sweep is waited for.
    struct Patience {
        std::chrono::nanoseconds time{};
        std::stop_token stop;  ///< ends it at once
    };

    /// What all shards found. nullopt when some did not come to their end in time, which `left` counts.
    [[nodiscard]] static std::optional<Found> run(std::span<const std::shared_ptr<Shard>> shards, Slice work,
                                                  const Patience& patience, std::size_t& left) {
        const auto sweep = std::make_shared<ShardSweep>();
        sweep->work_ = std::move(work);
        sweep->at_work_ = shards.size();
        for (const auto& shard : shards) {
            go_on(shard, sweep, 0);
        }
        std::unique_lock lock(sweep->mutex_);
        const bool over =
            sweep->over_.wait_for(lock, patience.stop, patience.time, [&] { return sweep->at_work_ == 0; });
        left = sweep->at_work_;
        return over ? std::optional(sweep->found_) : std::nullopt;
    }

  private:
    static void go_on(const std::shared_ptr<Shard>& shard, const std::shared_ptr<ShardSweep>& sweep,
                      std::size_t from) {
        shard->post([shard = std::weak_ptr(shard), sweep, from](ShardSession& session) {
            Found found;
            const bool more = sweep->work_(session, from, found);
            {
                const std::lock_guard lock(sweep->mutex_);
                sweep->found_ += found;
                sweep->at_work_ -= more ? 0U : 1U;
            }
            sweep->over_.notify_all();
            if (const auto alive = more ? shard.lock() : nullptr) {
                go_on(alive, sweep, from + slice);
            }
        });
    }

    Slice work_;
    std::mutex mutex_;
    std::condition_variable_any over_;
    Found found_;
    std::size_t at_work_ = 0;
};

}  // namespace virtuoso
