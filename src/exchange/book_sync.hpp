// Keeping one order book in step with the exchange's.
#pragma once

#include "base/clock.hpp"
#include "exchange/call_guard.hpp"
#include "exchange/growing_pause.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace virtuoso {

class RestAsker;

/// Sees to it that a book gets the snapshot it begins with, and gets a new one whenever it broke: by
/// subscribing anew where the stream begins with one, else over REST. A book that breaks again and again is
/// asked for after pauses that grow, and those are forgotten only as it stays whole. Answers to what was
/// asked before the stream was lost are dropped: nothing would follow them. O(1) a call.
class BookSync {
  public:
    static constexpr std::int64_t answer_ms = 3'000;   ///< a snapshot follows within milliseconds
    static constexpr int attempts_max = 4;             ///< then the book counts as one that fails
    static constexpr std::int64_t renewal_ms = 5'000;  ///< at least, from a snapshot to its renewal
    static constexpr GrowingPause::Limits pauses{.first_ms = 1'000, .max_ms = 120'000, .calm_ms = 60'000};

    /// The topic that carries the book's updates.
    class Topic {
      public:
        virtual ~Topic() = default;
        virtual void renew() = 0;
    };
    /// Over all books of a feed.
    struct Totals {
        std::uint64_t resyncs = 0;   ///< books asked for again
        std::uint64_t renewals = 0;  ///< snapshots asked for while the book was whole
    };
    struct Needs {
        const Clock& clock;
        RestAsker& rest;
        Topic& topic;
        Totals& totals;
    };
    struct Book {
        std::string symbol;
        std::string snapshot_target;  ///< empty: the stream brings the snapshot
        std::uint32_t rank = 0;       ///< by turnover
        std::uint64_t seed = 0;       ///< of the pauses
    };

    BookSync(Needs needs, Book book);

    /// The topic's subscription was accepted.
    void subscribed();
    /// The stream is gone.
    void lost();
    /// A snapshot came. Tell it before the snapshot is handed on: the state may find it broken at once.
    void snapshot_came();
    /// An update came over the stream.
    void update_came() noexcept { heard_ = true; }
    /// The state found that it does not fit, or an update was refused.
    void broken(std::string reason);
    /// The market nears what the snapshot did not tell: another one is asked for while the book stays whole.
    void thin();
    /// The topic made no progress for so long and is subscribed anew.
    void silent(std::int64_t silent_s);
    /// Asks again for what did not come. True when it did something about it.
    bool check(LocalTime now);
    [[nodiscard]] bool overdue(LocalTime now) const noexcept {
        return (!has_snapshot_ || thin_) && !in_flight_ && now >= due_;
    }

    /// It has its snapshot, and where that came over REST an update has followed.
    [[nodiscard]] bool whole() const noexcept { return has_snapshot_ && (heard_ || !by_request()); }
    [[nodiscard]] bool has_snapshot() const noexcept { return has_snapshot_; }
    /// It was asked for several times and did not come: the connection may be the cause.
    [[nodiscard]] bool failing() const noexcept {
        return !has_snapshot_ && !by_request() && unanswered_ >= attempts_max;
    }
    void add_concerns(std::vector<std::string>& reasons) const;

  private:
    static constexpr std::int64_t ns_per_ms = 1'000'000;

    [[nodiscard]] bool by_request() const noexcept { return !book_.snapshot_target.empty(); }
    void spoil(std::string reason);
    /// True when it was time to ask.
    bool ask(LocalTime now);
    void ask_again(LocalTime now);
    void load();

    Needs needs_;
    Book book_;
    GrowingPause pause_;
    bool has_snapshot_ = false;
    bool thin_ = false;          ///< it has one, and needs another
    bool heard_ = false;         ///< an update came since the subscription
    bool in_flight_ = false;     ///< its snapshot is asked for over REST
    std::uint64_t request_ = 0;  ///< the newest of them
    LocalTime due_;              ///< when to ask, while there is no snapshot and none is under way
    LocalTime whole_since_;      ///< when the first snapshot since it was not whole came
    LocalTime snapshot_at_;      ///< when the newest came
    int attempts_ = 0;           ///< since it was whole for long
    int unanswered_ = 0;         ///< requests since the last snapshot or connection
    std::string reason_ = "no snapshot yet";
    CallGuard guard_;
};

}  // namespace virtuoso
