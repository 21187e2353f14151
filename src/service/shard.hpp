// One shard on its thread.
#pragma once

#include "base/clock.hpp"
#include "net/asio_transport.hpp"
#include "service/bounded_queue.hpp"
#include "service/shard_session.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace virtuoso {

/// How to make a shard, and to make it again.
struct ShardPlan {
    ShardSettings settings;
    TransportOptions transport;
    std::function<std::unique_ptr<const ExchangeDialect>()> dialect;
    /// On the shard's thread: before its feed starts, after every turn, and once it has stopped.
    std::function<void(ShardSession&)> on_start = {};
    std::function<void(ShardSession&)> on_turn = {};
    std::function<void(ShardSession&)> on_stop = {};
    /// Room for what the hub has not taken yet. A full queue refuses what is newest and counts it: each
    /// symbol tells anew within its interval.
    std::size_t queue_capacity = 2'048;
};

/// A life of a shard: from its thread's start until it stops, fails, or is given up. Another life of the same
/// shard begins with nothing and makes its symbols whole from snapshots.
class Shard final : private ShardOutput {
  public:
    Shard(ShardPlan plan, const Clock& clock);
    /// Stops and waits for the thread.
    ~Shard() override;
    Shard(const Shard&) = delete;
    Shard& operator=(const Shard&) = delete;

    void start();
    /// Its thread ends after the turn that it is in. From any thread, as is all that follows.
    void request_stop() noexcept { stop_ = true; }
    /// The same, and nothing of it is of use any more: another life of the shard goes on.
    void give_up() noexcept {
        given_up_ = true;
        stop_ = true;
    }
    /// To be done on its thread, at once or after the turn that it is in.
    void post(std::function<void(ShardSession&)> command);

    [[nodiscard]] bool finished() const noexcept { return finished_; }
    /// What ended it; empty when it was stopped.
    [[nodiscard]] std::string failure() const;
    /// When it last showed that it goes on.
    [[nodiscard]] LocalTime last_turn() const noexcept { return {last_turn_ns_}; }
    [[nodiscard]] std::uint32_t index() const noexcept { return plan_.settings.shard; }
    [[nodiscard]] std::uint32_t life() const noexcept { return plan_.settings.life; }
    /// One thread at a time may take from it.
    [[nodiscard]] BoundedQueue<ShardMessage>& queue() noexcept { return queue_; }
    [[nodiscard]] const BoundedQueue<ShardMessage>& queue() const noexcept { return queue_; }

  private:
    class Reachable;

    void put(ShardMessage message) override { queue_.push(std::move(message)); }
    void run();
    void work();
    void obey(ShardSession& session);

    ShardPlan plan_;
    const Clock& clock_;
    BoundedQueue<ShardMessage> queue_;
    std::atomic<bool> stop_{false};
    std::atomic<bool> given_up_{false};
    std::atomic<bool> finished_{false};
    std::atomic<std::int64_t> last_turn_ns_;
    std::atomic<bool> commanded_{false};
    mutable std::mutex mutex_;            ///< of the commands, whom they wake, and why it failed
    AsioTransport* transport_ = nullptr;  ///< while it works
    std::vector<std::function<void(ShardSession&)>> commands_;
    std::string failure_;
    std::thread thread_;
};

}  // namespace virtuoso
