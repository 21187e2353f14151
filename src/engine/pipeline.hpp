// From raw records to the state and analysis of every symbol.
#pragma once

#include "analysis/held_side.hpp"
#include "analysis/symbol_analysis.hpp"
#include "base/name_index.hpp"
#include "engine/market_tickers.hpp"
#include "engine/source_decoder.hpp"
#include "market/symbol_state.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace virtuoso {

struct TrackedSymbol {
    std::size_t number = 0;  ///< of the symbols that its pipeline has met, dense
    std::string exchange;
    SymbolState state;
    SymbolAnalysis analysis;
    HeldSide side;  ///< advanced by every evaluation

    TrackedSymbol(std::string exchange_name, std::string symbol, BookLimits limits, const Weights& weights,
                  const ConfluenceThresholds& thresholds = {})
        : exchange(std::move(exchange_name)),
          state(std::move(symbol), limits),
          analysis(weights, thresholds),
          side(thresholds) {}
    [[nodiscard]] std::size_t bytes() const noexcept { return state.bytes() + analysis.bytes(); }
};

/// All that is known of a symbol but its book, for `Pipeline::resume`. O(all of it), about a millisecond.
[[nodiscard]] std::string saved_form(const TrackedSymbol& symbol);

struct PipelineOptions {
    /// Follow only this one; empty: all. What is known of the market as a whole is the same either way.
    std::string symbol = {};
    /// As of this time: records received later and events of later exchange time are left out.
    std::optional<ExchangeTime> until = {};
    Weights weights = Weights::standard();
    ConfluenceThresholds thresholds = {};
    /// Called after every event that was applied, for whoever mends what it broke.
    std::function<void(const TrackedSymbol&, const StateChange&)> on_change = {};
};

/// Refused records of one kind.
struct Refusals {
    std::uint64_t count = 0;
    std::string first_message;
};

/// One path for live, replayed and simulated traffic: bytes → codec → state → analysis. Single-threaded;
/// everything it knows of time comes from the records. As of a time it is a function of the records received
/// by then, in the order in which they are fed. Lists of every contract speak for the market as a whole and
/// make no state of the symbols they name.
class Pipeline {
  public:
    explicit Pipeline(PipelineOptions options = {}) : options_(std::move(options)) {}

    void feed(const RawRecord& record);
    /// Events that a live feed decoded itself.
    void take(std::string_view exchange, std::span<const MarketEvent> events);
    /// A record that a live feed could not decode. A lost book update breaks that symbol's book.
    void refuse(std::string_view exchange, const Error& error, std::string_view symbol, bool book_update);
    /// Elements of a record that was otherwise understood.
    void skip(std::string_view exchange, const SkippedElements& skipped);
    /// The connection that carried this symbol's book is gone: nothing is served from it until a snapshot.
    void disconnect(std::string_view exchange, std::string_view symbol);

    /// A symbol that was not met yet goes on from what `saved_form` gave, as if its connections had been lost
    /// since. False when these bytes are not that: then it begins with nothing.
    [[nodiscard]] bool resume(std::string_view exchange, std::string_view symbol, std::string_view saved);

    /// What is kept of a symbol that is followed no more. Should it come again it begins anew, perhaps with
    /// the number of another that was forgotten. Not while events are being taken. O(symbols).
    void forget(std::string_view exchange, std::string_view symbol);

    /// In order of first appearance.
    [[nodiscard]] std::span<const std::unique_ptr<TrackedSymbol>> symbols() const noexcept {
        return symbols_;
    }
    /// Every symbol whose own traffic was met, followed or not, in order of first appearance.
    [[nodiscard]] const std::vector<std::string>& symbols_met() const noexcept { return symbols_met_; }
    /// Newest exchange time of any event that was not left out.
    [[nodiscard]] ExchangeTime newest() const noexcept { return newest_; }
    [[nodiscard]] const std::optional<ExchangeTime>& until() const noexcept { return options_.until; }
    [[nodiscard]] std::uint64_t records() const noexcept { return records_; }
    [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }
    [[nodiscard]] const std::map<ErrorCode, Refusals>& refusals() const noexcept { return refusals_; }

    /// Advancers, decliners and turnover of all symbols, followed or not. O(symbols).
    [[nodiscard]] MarketBreadth breadth(ExchangeTime as_of) const { return tickers_.breadth(as_of); }
    /// What breadth is counted from.
    [[nodiscard]] const MarketTickers& tickers() const noexcept { return tickers_; }
    /// Confluence of a symbol as of `until`, without it as of its newest event. The verdict is the side held
    /// over all evaluations so far: the same evaluations of the same records give the same verdicts, live,
    /// replayed or evaluated.
    [[nodiscard]] Confluence evaluate(TrackedSymbol& symbol);
    /// As of `now`, which may be later than anything the symbol was told: what is silent grows old.
    [[nodiscard]] Confluence evaluate(TrackedSymbol& symbol, ExchangeTime now);
    /// Null when it is not kept.
    [[nodiscard]] TrackedSymbol* find(std::string_view exchange, std::string_view symbol) const;

  private:
    using SymbolIndex = NameIndex<TrackedSymbol*>;  ///< null: met, not kept

    [[nodiscard]] TrackedSymbol* find_or_add(std::string_view exchange, std::string_view symbol);
    void take_events(std::string_view exchange, std::span<const MarketEvent> events);
    void apply(std::string_view exchange, const MarketEvent& event);
    void note_funding_interval(std::string_view exchange, const MarketEvent& event);
    void note_refusal(const Error& error, std::uint64_t count = 1);
    void note_rejected(std::string_view exchange, std::string_view symbol, bool book_update,
                       std::uint64_t count);

    PipelineOptions options_;
    SourceDecoders sources_;
    std::map<std::string, SymbolIndex, std::less<>> index_;  ///< by exchange
    TrackedSymbol* last_ = nullptr;
    std::vector<std::unique_ptr<TrackedSymbol>> symbols_;
    std::size_t symbols_made_ = 0;
    std::vector<std::size_t> free_numbers_;  ///< of those that were forgotten
    std::vector<std::string> symbols_met_;
    ExchangeTime newest_;
    std::vector<MarketEvent> kept_;  ///< of a record, when others are left out
    MarketTickers tickers_;
    MarketBreadth breadth_;
    std::uint64_t breadth_version_ = 0;  ///< of the tickers, when it was counted
    ExchangeTime breadth_time_{-1};
    std::uint64_t records_ = 0;
    std::uint64_t refused_ = 0;
    std::map<ErrorCode, Refusals> refusals_;
    std::map<std::string, std::uint64_t, std::less<>> rejected_before_;  ///< of symbols without an event yet
    std::map<std::string, int, std::less<>> funding_intervals_;          ///< minutes, as lists of all told
};

}  // namespace virtuoso
