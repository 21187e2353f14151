// Alerts that are to be sent, until they are delivered or given up with a reason.
#pragma once

#include "alert/alert_message.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

struct OutboxEntry {
    AlertMessage message;
    std::uint32_t attempts = 0;  ///< that failed
    LocalTime next_try;
};

/// One that was given up.
struct DeadAlert {
    std::string key;
    std::string sink;
    std::string reason;
    LocalTime at;
};

struct OutboxCounts {
    std::uint64_t put = 0;
    std::uint64_t known = 0;  ///< put again with a key that was there: nothing happened
    std::uint64_t delivered = 0;
    std::uint64_t failed = 0;  ///< attempts
    std::uint64_t dead = 0;
    std::size_t waiting = 0;
};

enum class OutboxState : std::uint8_t { waiting, delivered, dead };
/// "waiting", "delivered", "dead"
[[nodiscard]] std::string_view name_of(OutboxState state) noexcept;

/// What became of one; gone when whoever is told of it returns.
struct OutboxChange {
    const OutboxEntry& entry;
    OutboxState state = OutboxState::waiting;
    LocalTime at;             ///< when it was delivered or given up
    std::string_view reason;  ///< of the last attempt that failed
};

/// Whatever keeps them. Each call is whole or has not happened; all from any thread.
class AlertOutbox {
  public:
    virtual ~AlertOutbox() = default;
    /// Due at once. False when its key is or was there.
    virtual bool put(AlertMessage message, LocalTime now) = 0;
    /// The oldest of this sink whose time has come. It stays there until one of
    /// the three calls below.
    [[nodiscard]] virtual std::optional<OutboxEntry> due(std::string_view sink, LocalTime now) const = 0;
    /// When the next of this sink is due; nullopt when none waits.
    [[nodiscard]] virtual std::optional<LocalTime> next_due(std::string_view sink) const = 0;
    virtual void delivered(const std::string& key, LocalTime now) = 0;
    virtual void failed(const std::string& key, LocalTime next_try, const std::string& reason) = 0;
    virtual void dead(const std::string& key, LocalTime now, const std::string& reason) = 0;
    [[nodiscard]] virtual OutboxCounts counts() const = 0;
};

/// In memory: what waits is lost with the process. Holds at most `waiting_max`: when one more comes, the
/// oldest is given up with that reason. Keys of the last `keys_max` that were delivered or given up are
/// known. O(log n) but for `due` and `next_due`, which are O(waiting).
class MemoryOutbox final : public AlertOutbox {
  public:
    using Heard = std::function<void(const OutboxChange&)>;

    static constexpr std::size_t waiting_max = 10'000;
    static constexpr std::size_t keys_max = 20'000;
    static constexpr std::size_t dead_shown_max = 100;

    bool put(AlertMessage message, LocalTime now) override;
    [[nodiscard]] std::optional<OutboxEntry> due(std::string_view sink, LocalTime now) const override;
    [[nodiscard]] std::optional<LocalTime> next_due(std::string_view sink) const override;
    void delivered(const std::string& key, LocalTime now) override;
    void failed(const std::string& key, LocalTime next_try, const std::string& reason) override;
    void dead(const std::string& key, LocalTime now, const std::string& reason) override;
    [[nodiscard]] OutboxCounts counts() const override;

    /// Told of every change, one at a time, by whoever makes it; it must not call back. None: nobody is told.
    void listen(Heard heard);
    /// One that waited in another process, with its attempts. False when its key is or was there.
    bool restore(OutboxEntry entry);
    /// Delivered or given up by another process: it is not taken again.
    void restore_done(const std::string& key);

    /// The last ones, oldest first.
    [[nodiscard]] std::vector<DeadAlert> dead_ones() const;

  private:
    bool add(OutboxEntry entry, LocalTime now);
    void tell(const OutboxChange& change) const;
    void bury(const std::string& key, LocalTime now, const std::string& reason);
    void note_done(const std::string& key);
    void forget(const std::string& key);

    mutable std::mutex mutex_;
    Heard heard_;
    std::map<std::uint64_t, OutboxEntry> waiting_;  ///< by order of coming
    std::map<std::string, std::uint64_t, std::less<>> orders_;
    std::map<std::string, std::uint64_t, std::less<>> done_;
    std::map<std::uint64_t, std::string> done_in_order_;
    std::vector<DeadAlert> dead_;
    std::uint64_t next_order_ = 0;
    OutboxCounts counts_;
};

}  // namespace virtuoso
