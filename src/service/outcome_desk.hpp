// Every recorded signal, followed to its barriers and horizons.
#pragma once

#include "service/followed_signal.hpp"
#include "service/outcome_question.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

struct OutcomeCounts {
    std::size_t followed = 0;
    std::uint64_t over = 0;        ///< followed to the end
    std::uint64_t left_out = 0;    ///< because too many are followed
    std::uint64_t rows_whole = 0;  ///< horizons and plans that are over, all of their way seen
    std::uint64_t rows_hole = 0;   ///< those of which some was not seen
};

/// Prices are the minutes that the symbol's shard has closed, asked for once they are over; minutes that the
/// exchange tells later fill what a lost connection or a restart left out. One that is missing is waited
/// for: ten minutes once later ones are there, six hours when there are none. Then it is a hole.
class OutcomeDesk {
  public:
    static constexpr std::size_t followed_max = 20'000;
    static constexpr std::int64_t patience_ms = 10 * ms_per_minute;
    static constexpr std::int64_t silence_ms_max = 6 * ms_per_hour;
    static constexpr std::int64_t progress_every_ms = 5 * ms_per_minute;

    using Put = std::function<void(StoreRecord)>;
    using Describe = std::function<SignalCircumstances(std::string_view symbol)>;
    using Questions = std::shared_ptr<const std::vector<PriceQuestion>>;
    using Answers = std::function<void(std::vector<PriceAnswer>)>;
    /// Puts the questions to every shard; each gives its answers, on its thread, now or later.
    using Ask = std::function<void(const Questions&, const Answers&)>;
    /// Told of every row that is over, on the thread that looks.
    using Over = std::function<void(const StoreRow&)>;
    struct Hooks {
        Put put;
        Describe describe;
        Ask ask;
        Over over = {};
    };

    explicit OutcomeDesk(Hooks hooks) : hooks_(std::move(hooks)), inbox_(std::make_shared<Inbox>()) {}

    /// Signals that are in the store for certain. From any thread.
    void begin(std::span<const StoreRecord> written);
    /// Those of processes before this one. From any thread.
    void resume(std::vector<FollowedSignal> signals);
    /// A few times a second, from one thread: takes what was answered, asks for what is due by the exchange's
    /// time `now`. O(symbols with signals).
    void look(ExchangeTime now);

    /// From any thread.
    [[nodiscard]] OutcomeCounts counts() const;

  private:
    struct Place {
        FollowedSignal signal;
        std::optional<ExchangeTime> told = {};         ///< its way, in the store
        std::optional<ExchangeTime> waits_since = {};  ///< for a minute that is missing
    };
    struct Symbol {
        std::vector<Place> signals;
        std::optional<ExchangeTime> asked = {};
        bool more = false;  ///< the last answer was not all of it
    };
    /// Outlives the desk where a shard does.
    struct Inbox {
        std::mutex mutex;
        std::vector<FollowedSignal> signals;
        std::vector<PriceAnswer> answers;
        OutcomeCounts counts;
    };

    void take_inbox(ExchangeTime now);
    void add(FollowedSignal signal);
    void take(const PriceAnswer& answer);
    static void walk(Place& place, const PriceAnswer& answer);
    void give_up_silent(Symbol& symbol, ExchangeTime now) const;
    void tell(Symbol& symbol);
    void note_over(const StoreRow& row);
    void ask(ExchangeTime now);
    [[nodiscard]] static bool due(const Symbol& symbol, ExchangeTime now);
    [[nodiscard]] static PriceQuestion question_of(const std::string& name, const Symbol& symbol);

    Hooks hooks_;
    std::shared_ptr<Inbox> inbox_;
    std::map<std::string, Symbol, std::less<>> symbols_;
    std::size_t followed_ = 0;
    std::optional<ExchangeTime> began_;
    std::string asked_last_;
};

}  // namespace virtuoso
