// What subscribers of one topic are told.
#pragma once

#include "sim/symbol_market.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso::sim {

/// Produces the frames of one topic by the exchange's rules. All subscribers get the same frames; one that
/// comes later begins with a snapshot where the topic has one.
class SimTopic {
  public:
    /// Within a symbol: trades before the book they changed, candles last.
    static constexpr int turn_of_trades = 0;
    static constexpr int turn_of_books = 1;
    static constexpr int turn_of_candles = 2;

    SimTopic(std::string name, SymbolMarket& market, std::int64_t every_ms, int turn = turn_of_books)
        : name_(std::move(name)), market_(market), every_ms_(every_ms), turn_(turn) {}
    virtual ~SimTopic() = default;

    /// Empty when the topic begins with its next message.
    [[nodiscard]] virtual std::string snapshot(std::int64_t now_ms) = 0;
    /// Appends the messages due at `now_ms`; it is asked once every `every_ms`.
    virtual void publish(std::int64_t now_ms, std::vector<std::string>& frames) = 0;

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] SymbolMarket& market() const noexcept { return market_; }
    [[nodiscard]] std::int64_t every_ms() const noexcept { return every_ms_; }
    [[nodiscard]] int turn() const noexcept { return turn_; }

    /// The topic named, or nullptr when the exchange has none of that name.
    [[nodiscard]] static std::unique_ptr<SimTopic> make(std::string_view name, SymbolMarket& market);
    /// "orderbook.50.BTCUSDT" → "BTCUSDT"
    [[nodiscard]] static std::string_view symbol_of(std::string_view name) noexcept {
        return name.substr(name.rfind('.') + 1);
    }

  protected:
    std::string name_;
    SymbolMarket& market_;
    std::int64_t every_ms_;
    int turn_;
};

/// orderbook.N: a snapshot, then what changed; `u` counts the topic's messages. Depth 1 sends snapshots
/// only and repeats the last after three quiet seconds.
class BookTopic final : public SimTopic {
  public:
    BookTopic(std::string name, SymbolMarket& market, std::size_t depth, std::int64_t every_ms);

    [[nodiscard]] std::string snapshot(std::int64_t now_ms) override;
    void publish(std::int64_t now_ms, std::vector<std::string>& frames) override;

    /// The service restarts: the next message is a snapshot with u = 1. Not right after a restart: whoever
    /// lost messages 1…u of the second one could not tell it from the first.
    void restart() { restart_ = update_id_ > updates_between_restarts; }
    /// The snapshot of some messages ago, as a lagging node would send it.
    [[nodiscard]] const std::string& stale_snapshot() const noexcept { return stale_snapshot_; }

    /// Digest of the book after message `u`, of the last few thousand messages; nullopt when unknown.
    /// After restarts several books may have had the same number: `time_ms`, cts, tells them apart.
    [[nodiscard]] std::optional<std::uint64_t> truth(std::uint64_t update_id, std::int64_t time_ms) const;
    /// Digests of the first `top_levels` levels a side after every message numbered `u` that is remembered.
    [[nodiscard]] std::vector<std::uint64_t> top_truths(std::uint64_t update_id) const;
    static constexpr std::size_t top_levels = 25;
    [[nodiscard]] std::uint64_t update_id() const noexcept { return update_id_; }
    [[nodiscard]] const std::vector<SimBook::Level>& bids() const noexcept { return bids_; }
    [[nodiscard]] const std::vector<SimBook::Level>& asks() const noexcept { return asks_; }

    /// Digest over (price units, size units) of both sides from the touch outwards.
    class Digest {
      public:
        void add(std::int64_t price_units, std::int64_t size_units);
        [[nodiscard]] std::uint64_t value() const noexcept { return value_; }

      private:
        std::uint64_t value_ = 0xcbf29ce484222325;
    };

  private:
    struct Truth {
        std::uint64_t update_id;
        std::int64_t time_ms;
        std::uint64_t digest;
        std::uint64_t top_digest;
    };
    static constexpr std::size_t truths_kept = 4'096;
    static constexpr std::uint64_t updates_between_restarts = 200;

    [[nodiscard]] std::string frame(bool snapshot, const std::string& bids, const std::string& asks,
                                    std::int64_t now_ms) const;
    [[nodiscard]] std::string whole(std::int64_t now_ms) const;
    void note_truth(std::int64_t now_ms);

    std::size_t depth_;
    std::vector<SimBook::Level> bids_;
    std::vector<SimBook::Level> asks_;
    std::vector<SimBook::Level> next_bids_;
    std::vector<SimBook::Level> next_asks_;
    std::uint64_t update_id_;
    std::uint64_t seen_sequence_ = 0;
    std::int64_t last_sent_ms_ = 0;
    bool restart_ = false;
    std::string stale_snapshot_;
    std::uint64_t stale_age_ = 0;
    std::deque<Truth> truths_;
};

}  // namespace virtuoso::sim
