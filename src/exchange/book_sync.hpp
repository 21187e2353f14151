// Keeping one order book in step with the exchange's.
#pragma once

#include "base/clock.hpp"
#include "exchange/call_guard.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace virtuoso {

class RestAsker;

/// Sees to it that a book gets the snapshot it begins with, and gets a new one whenever it broke: by
/// subscribing anew where the stream begins with one, else over REST. Answers to what was asked before the
/// stream was lost are dropped: nothing would follow them. O(1) a call.
class BookSync {
  public:
    static constexpr std::int64_t answer_ms = 3'000;  ///< a snapshot follows within milliseconds
    static constexpr int attempts_max = 4;            ///< then the connection is taken for the cause
    static constexpr std::int64_t pause_ms = 1'000;   ///< between requests for a book that breaks at once

    /// The topic that carries the book's updates.
    class Topic {
      public:
        virtual ~Topic() = default;
        virtual void renew() = 0;
        /// The whole connection, with everything it carries.
        virtual void reconnect(const std::string& reason) = 0;
    };
    /// Over all books of a feed.
    struct Totals {
        std::uint64_t resyncs = 0;  ///< books asked for again
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
    };

    BookSync(Needs needs, Book book);

    /// The topic's subscription was accepted.
    void subscribed();
    /// The stream is gone.
    void lost() { forget("reconnecting"); }
    /// A snapshot came. Tell it before the snapshot is handed on: the state may find it broken at once.
    void snapshot_came();
    /// The state found that it does not fit.
    void broken();
    /// The topic made no progress for so long.
    void silent(std::int64_t silent_s);
    /// Asks again for what did not come. True when it did something about it.
    bool check(LocalTime now);
    [[nodiscard]] bool overdue(LocalTime now) const noexcept {
        return !whole_ && !in_flight_ && now - asked_ > answer_ms * ns_per_ms;
    }

    [[nodiscard]] bool whole() const noexcept { return whole_; }
    void add_concerns(std::vector<std::string>& reasons) const;

  private:
    static constexpr std::int64_t ns_per_ms = 1'000'000;

    [[nodiscard]] bool by_request() const noexcept { return !book_.snapshot_target.empty(); }
    void renew();
    void load();
    void forget(std::string reason);

    Needs needs_;
    Book book_;
    bool whole_ = false;
    bool in_flight_ = false;     ///< its snapshot is asked for over REST
    std::uint64_t request_ = 0;  ///< the newest of them
    LocalTime asked_;
    int attempts_ = 0;
    std::string reason_ = "no snapshot yet";
    CallGuard guard_;
};

}  // namespace virtuoso
