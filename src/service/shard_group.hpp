// All shards, and the watch over them.
#pragma once

#include "exchange/growing_pause.hpp"
#include "service/shard.hpp"

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

/// What became of a shard, for the log and for whoever is alerted.
struct ShardTrouble {
    std::uint32_t shard = 0;
    bool stalled = false;  ///< else it failed
    std::string text;
};

/// Owns one life of each shard. One that fails or makes no progress is replaced by another that makes its
/// symbols whole anew, after pauses that double; a thread that hangs is left and taken back when it comes to
/// itself. The other shards go on.
class ShardGroup {
  public:
    using OnTrouble = std::function<void(const ShardTrouble&)>;

    /// `plans`: one each. `stall_ns`: without progress for so long a shard is given up.
    ShardGroup(std::vector<ShardPlan> plans, const Clock& clock, std::int64_t stall_ns, OnTrouble on_trouble);
    ~ShardGroup();
    ShardGroup(const ShardGroup&) = delete;
    ShardGroup& operator=(const ShardGroup&) = delete;

    void start();
    void set_stall(std::int64_t stall_ns) noexcept { stall_ns_ = stall_ns; }
    /// Call a few times a second, from one thread.
    void watch();
    /// Every shard stops; waits for `patience_ns` at most. Gives how many did not.
    [[nodiscard]] std::size_t stop(std::int64_t patience_ns);

    /// The present lives. From any thread.
    [[nodiscard]] std::vector<std::shared_ptr<Shard>> shards() const;
    /// For every present life, and for those that come later, before they start; until something else is told
    /// of the same topic, a literal.
    void tell_all(std::string_view topic, const std::function<void(ShardSession&)>& command);
    [[nodiscard]] std::int64_t stall_ns() const noexcept { return stall_ns_; }
    /// Every shard has shown progress within the last stall limit. From any thread.
    [[nodiscard]] bool all_progress() const;
    [[nodiscard]] std::uint64_t replaced() const noexcept { return replaced_; }

  private:
    struct Place {
        ShardPlan plan;
        std::shared_ptr<Shard> shard;
        GrowingPause pause;
        LocalTime began;
        bool waits = false;  ///< for its pause to be over
    };
    void begin_life(Place& place);
    void give_up(Place& place, bool stalled, const std::string& why);
    void take_back();

    const Clock& clock_;
    std::atomic<std::int64_t> stall_ns_;
    OnTrouble on_trouble_;
    mutable std::mutex mutex_;
    std::vector<Place> places_;
    std::vector<std::shared_ptr<Shard>> given_up_;
    std::map<std::string_view, std::function<void(ShardSession&)>> standing_commands_;  ///< by topic
    LocalTime watched_;
    std::atomic<std::uint64_t> replaced_{0};
};

}  // namespace virtuoso
