// What the subscribers of one channel are told.
#pragma once

#include "api/stream_channel.hpp"
#include "net/server.hpp"
#include "service/service.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace virtuoso {

/// A state of a channel, written out when somebody is to be sent it.
struct StreamState {
    std::string mark = {};                     ///< equal where nothing changed
    std::function<std::string()> whole = {};   ///< none: there is no such symbol any more
    std::function<std::string()> change = {};  ///< for those who have the state before; none: the whole
};

/// Follows one channel while it has subscribers, on the server's thread. Every state, and of lists every
/// entry, has a number one above the last. Texts are written out once and shared by all who are sent them.
class StreamTopic {
  public:
    static constexpr std::size_t entries_max = 256;       ///< kept of a list for those who are behind
    static constexpr std::size_t snapshot_entries = 100;  ///< of a list

    /// `service` outlives it.
    StreamTopic(StreamChannel channel, Service& service);

    [[nodiscard]] const StreamChannel& channel() const noexcept { return channel_; }
    /// Takes what is new. A few microseconds where nothing is.
    void look();
    /// Of the newest state; 0: there is none yet.
    [[nodiscard]] std::uint64_t sequence() const noexcept { return sequence_; }
    /// A list may be sent before anything is in it.
    [[nodiscard]] bool ready() const noexcept { return channel_.is_list() || sequence_ > 0; }
    /// For one that was sent everything up to `had`; nullopt: nothing.
    [[nodiscard]] SharedText message(std::optional<std::uint64_t> had);

    std::size_t subscribers = 0;

  private:
    /// What a shard's thread hands over.
    struct Mailbox {
        std::mutex mutex;
        std::optional<StreamState> arrived;
    };
    [[nodiscard]] std::optional<StreamState> newest_state();
    [[nodiscard]] std::optional<StreamState> symbols_state(std::string mark);
    void ask_shard(LocalTime now);
    void take(StreamState state);
    void look_at_events();
    [[nodiscard]] const std::string& document(bool whole);
    [[nodiscard]] SharedText state_message(std::optional<std::uint64_t> had);
    [[nodiscard]] SharedText list_message(std::optional<std::uint64_t> had);

    StreamChannel channel_;
    Service& service_;
    std::uint64_t sequence_ = 0;
    StreamState state_;
    std::string whole_text_;  ///< empty: not written out yet
    std::string change_text_;
    std::shared_ptr<const void> seen_;                        ///< what the state was made of
    std::shared_ptr<const std::vector<ResultPointer>> rows_;  ///< of the symbols
    std::shared_ptr<Mailbox> mailbox_ = std::make_shared<Mailbox>();
    LocalTime asked_{};
    bool waiting_ = false;  ///< for a shard
    std::deque<NumberedEvent> entries_;
    std::uint64_t newest_event_ = 0;
    std::optional<std::uint64_t> shared_for_;  ///< what the one who is sent `shared_` had
    std::uint64_t shared_sequence_ = 0;
    SharedText shared_;
};

}  // namespace virtuoso
