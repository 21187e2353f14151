// When what is received is not whole, for whoever is to be told: once when it begins, once when it is over.
#pragma once

#include "service/event_settings.hpp"
#include "service/shard_message.hpp"
#include "service/symbol_events.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace virtuoso {

/// Three kinds of trouble, each with an end. The feed: a connection is lost, or less than half of the symbols
/// are whole after nine tenths were; over once no more are broken than before, or,
/// after a minute, once nine tenths are whole. A shard that failed: over once
/// another life of it has nine tenths of its symbols whole. A symbol that is not whole for long, while the
/// feed as a whole is well; over when it is whole. What is not whole because its histories are being read for
/// the first time counts like anything else: the time is long enough for that. Pure; times are passed in.
class TroubleWatch {
  public:
    explicit TroubleWatch(const FeedTroubleSettings& settings = {}) : settings_(settings) {}

    void set(const FeedTroubleSettings& settings) { settings_ = settings; }
    /// Every status of a shard, as it comes. `notice`: what the feed said last.
    void on_status(const ShardStatus& status, std::string_view notice, const EventSink& sink);
    /// A shard's life ended.
    void on_shard_trouble(std::uint32_t shard, LocalTime now) { failed_[shard] = now; }
    /// Every few seconds: the newest results of all symbols. O(symbols).
    void look(std::span<const ResultPointer> results, LocalTime now, ExchangeTime exchange_now,
              const EventSink& sink);

    [[nodiscard]] bool feed_in_trouble() const noexcept { return feed_since_.has_value(); }

  private:
    struct Shard {
        std::uint32_t life = 0;
        std::uint64_t disconnects = 0;
        std::size_t symbols = 0;
        std::size_t broken = 0;
        bool was_well = false;  ///< nine tenths were whole since its life began
    };
    struct Broken {
        LocalTime since;
        bool told = false;
        std::uint64_t look = 0;  ///< that saw it last
    };
    /// Settles before it can be over: what a lost connection breaks is told within the next status.
    static constexpr std::int64_t settle_ns = 3'000'000'000;
    static constexpr std::int64_t most_suffice_ns = 60'000'000'000;
    static constexpr std::size_t told_a_look = 5;  ///< symbols; the others a look later

    [[nodiscard]] std::size_t broken() const noexcept;
    [[nodiscard]] bool feed_is_well(LocalTime now) const noexcept;
    void begin_feed(const ShardStatus& status, std::string_view reason, const EventSink& sink);
    void end_feed(const ShardStatus& status, const EventSink& sink);
    void end_shard(const ShardStatus& status, const EventSink& sink);
    void end_symbol(const std::string& symbol, LocalTime now, ExchangeTime exchange_now,
                    const EventSink& sink);

    FeedTroubleSettings settings_;
    std::map<std::uint32_t, Shard> shards_;
    std::map<std::uint32_t, LocalTime> failed_;
    std::optional<LocalTime> feed_since_;
    std::size_t broken_before_ = 0;  ///< symbols, when the trouble of the feed began
    std::uint64_t looks_ = 0;
    std::map<std::string, Broken, std::less<>> symbols_;
};

}  // namespace virtuoso
