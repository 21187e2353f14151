// The candles of one symbol on every timeframe.
#pragma once

#include "market/candle_series.hpp"
#include "market/event.hpp"
#include "market/traded_minute.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace virtuoso {

/// Trades make minutes, minutes make longer candles. A closed candle that the exchange tells of wins; what it
/// tells of an unfinished one is its beginning, to be continued by what was traded after it answered, and of
/// a longer candle it is used only where the minutes do not reach back to its start. Everything but the last
/// is made again when a part of it is learned later, so that candles do not depend on the order of arrival.
/// A trade O(1), closing a minute O(minutes of the candles that it ends).
class CandleBook {
  public:
    CandleBook();

    /// A trade of any age. It is counted in the minute, and so in all candles, that it belongs to.
    void add_trade(ExchangeTime time, Price price, Size size, Side taker);
    /// An unconfirmed kline holds what was traded before `until`. `tape`: the trades so far.
    void add_kline(Timeframe timeframe, const Candle& candle, bool confirmed, ExchangeTime until,
                   const TradeTape& tape);
    /// Candles asked of the exchange at `asked`, oldest first, all on the timeframe's grid. They may reach
    /// back before what is kept, whatever came first.
    void add_history(Timeframe timeframe, std::span<const Candle> candles, ExchangeTime asked,
                     const TradeTape& tape);
    /// Brings longer candles up to date and closes those whose interval has passed; call after every event
    /// and as exchange time moves. O(1) when nothing is due.
    void advance(ExchangeTime now);

    /// Forgets all candles: their prices are of another unit than those that come.
    void clear();

    [[nodiscard]] const CandleSeries& series(Timeframe timeframe) const noexcept {
        return series_[index_of(timeframe)];
    }
    /// Another one whenever a closed candle of any timeframe may have come, gone or changed: never 0.
    [[nodiscard]] std::uint64_t version() const noexcept { return version_; }
    /// The candle that is not closed yet, if anything is known of it. O(minutes of it).
    [[nodiscard]] std::optional<Candle> open(Timeframe timeframe) const;
    /// Keeps half of what a full series does of candles longer than a minute: those are made of minutes,
    /// which stay. Returns the bytes.
    std::size_t give_up_older();
    /// What that would give back, about.
    [[nodiscard]] std::size_t older_bytes() const noexcept;
    /// Gives back memory that holds nothing; returns the bytes.
    std::size_t shrink();
    [[nodiscard]] std::size_t bytes() const noexcept;

    /// For `base/archive.hpp`.
    template <typename Self, typename Archive>
    static void fields(Self& self, Archive& archive) {
        archive(self.series_, self.longer_, self.traded_, self.open_, self.first_trade_,
                self.beginnings_until_, self.next_check_, self.has_klines_);
        archive.check(!self.open_ || self.traded(*self.open_) != nullptr);
    }

  private:
    /// A late trade may follow an event of the next interval by so much.
    static constexpr std::int64_t trade_grace_ms = 1'000;
    /// The exchange's confirmation of a kline may follow the end of the interval by so much.
    static constexpr std::int64_t kline_grace_ms = 10'000;
    /// Minutes whose trades are kept apart.
    static constexpr std::size_t minutes_traded = 16;

    /// What the exchange told of a longer candle before it ended.
    struct Beginning {
        Candle row;
        ExchangeTime until;  ///< the interval's end when it is not told
        TradedPart after;    ///< traded from then to the end of that minute

        template <typename Self, typename Archive>
        static void fields(Self& self, Archive& archive) {
            archive(self.row, self.until, self.after);
        }
    };
    /// A longer candle that is not closed.
    struct Longer {
        std::optional<ExchangeTime> pending;  ///< start of the interval that is not closed yet
        std::optional<Beginning> beginning;

        template <typename Self, typename Archive>
        static void fields(Self& self, Archive& archive) {
            archive(self.pending, self.beginning);
        }
    };

    struct Sides {
        double buy = 0;
        double sell = 0;
    };

    // Minutes.
    [[nodiscard]] CandleSeries& changing(Timeframe timeframe) noexcept {
        ++version_;
        return series_[index_of(timeframe)];
    }
    [[nodiscard]] const CandleSeries& minutes() const noexcept { return series_.front(); }
    [[nodiscard]] TradedMinute* slot_of(ExchangeTime start);
    [[nodiscard]] const TradedMinute* traded(ExchangeTime start) const;
    [[nodiscard]] bool is_open(ExchangeTime start) const noexcept { return open_ && *open_ == start; }
    [[nodiscard]] bool is_newest(ExchangeTime start) const;
    [[nodiscard]] bool begins_within(ExchangeTime start) const noexcept;
    [[nodiscard]] Candle made_of(const TradedMinute& minute) const;
    [[nodiscard]] Candle with_sides(Candle row) const;
    void note_first(ExchangeTime time);
    void open_minute(ExchangeTime start);
    void close_minute();
    void put_minute(const Candle& candle);
    void add_late(ExchangeTime time, Price price, Size size, Side taker);
    void add_beyond(Candle minute, const TradedPart& trade);
    void begin_minute(const Candle& row, ExchangeTime until, const TradeTape& tape);
    void put_minutes(std::span<const Candle> rows);

    // Longer candles, in candle_book_longer.cpp.
    void begin_longer(Timeframe timeframe, const Candle& row, ExchangeTime until, const TradeTape& tape);
    void continue_beginnings(ExchangeTime time, Price price, Size size, Side taker);
    void put_longer(Timeframe timeframe, std::span<const Candle> rows);
    [[nodiscard]] ExchangeTime known_until() const;
    [[nodiscard]] bool reaches(ExchangeTime start) const;
    [[nodiscard]] std::optional<Candle> rolled(Timeframe timeframe, ExchangeTime start) const;
    [[nodiscard]] Sides sides_of(ExchangeTime start, ExchangeTime end) const;
    template <typename Visit>
    void each_minute(ExchangeTime from, ExchangeTime end, Visit&& visit) const;
    void close_longer(Timeframe timeframe);
    void expect(ExchangeTime minute);
    void make_again();
    void make_again(Timeframe timeframe, ExchangeTime from, ExchangeTime to);
    void remake(Timeframe timeframe, ExchangeTime start);
    void changed(ExchangeTime minute);
    std::size_t release_scratch();

    std::array<CandleSeries, timeframe_count> series_;
    std::array<Longer, timeframe_count> longer_{};
    std::array<TradedMinute, minutes_traded> traded_{};
    std::optional<ExchangeTime> open_;  ///< start of the open minute
    ExchangeTime first_trade_{-1};
    ExchangeTime beginnings_until_{};  ///< trades before it may continue a beginning
    ExchangeTime next_check_;
    bool has_klines_ = false;  ///< closing waits for the exchange's word
    std::optional<ExchangeTime> changed_from_;
    ExchangeTime changed_to_;
    std::uint64_t version_ = 1;
    std::vector<Candle> made_;  ///< scratch
};

}  // namespace virtuoso
