// From raw records to the state and analysis of every symbol.
#pragma once

#include "analysis/symbol_analysis.hpp"
#include "engine/source_decoder.hpp"
#include "indicators/running_statistics.hpp"
#include "market/symbol_state.hpp"

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace virtuoso {

struct TrackedSymbol {
    std::string exchange;
    SymbolState state;
    SymbolAnalysis analysis;

    TrackedSymbol(std::string exchange_name, std::string symbol, BookLimits limits, const Weights& weights)
        : exchange(std::move(exchange_name)), state(std::move(symbol), limits), analysis(weights) {}
    [[nodiscard]] std::size_t bytes() const noexcept { return state.bytes() + analysis.bytes(); }
};

struct PipelineOptions {
    std::string symbol = {};                 ///< keep only this one; empty: all
    std::optional<ExchangeTime> until = {};  ///< events of later exchange time are left out
    Weights weights = Weights::standard();
};

/// Refused records of one kind.
struct Refusals {
    std::uint64_t count = 0;
    std::string first_message;
};

/// One path for live, replayed and simulated traffic: bytes → codec → state → analysis. Single-threaded;
/// everything it knows of time comes from the records.
class Pipeline {
  public:
    explicit Pipeline(PipelineOptions options = {}) : options_(std::move(options)) {}

    void feed(const RawRecord& record);

    /// In order of first appearance.
    [[nodiscard]] std::span<const std::unique_ptr<TrackedSymbol>> symbols() const noexcept {
        return symbols_;
    }
    /// Every symbol met, kept or not, in order of first appearance.
    [[nodiscard]] const std::vector<std::string>& symbols_met() const noexcept { return symbols_met_; }
    /// Newest exchange time of any event, left out or not.
    [[nodiscard]] ExchangeTime newest() const noexcept { return newest_; }
    [[nodiscard]] std::uint64_t records() const noexcept { return records_; }
    [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }
    [[nodiscard]] const std::map<ErrorCode, Refusals>& refusals() const noexcept { return refusals_; }

    /// Advancers, decliners and turnover over all symbols that are kept. O(symbols).
    [[nodiscard]] MarketBreadth breadth() const;
    /// Confluence of a symbol now: as of `until` when later events were left out, else as of its newest.
    [[nodiscard]] Confluence evaluate(TrackedSymbol& symbol) const;

  private:
    struct Source {
        std::string channel;
        std::unique_ptr<SourceDecoder> decoder;  ///< null: the channel is not known
        Error error{ErrorCode::unknown_topic, {}};
        std::string last_symbol;
        TrackedSymbol* last = nullptr;
    };

    [[nodiscard]] Source& source_of(std::string_view channel);
    [[nodiscard]] TrackedSymbol* symbol_of(Source& source, std::string_view symbol);
    [[nodiscard]] TrackedSymbol* find_or_add(const std::string& exchange, std::string_view symbol);
    void apply(Source& source, const MarketEvent& event);
    void refuse(Source& source, const Error& error);
    void sample_turnover();
    [[nodiscard]] double turnover() const;

    PipelineOptions options_;
    std::vector<std::unique_ptr<Source>> sources_;
    Source* last_source_ = nullptr;
    std::map<std::pair<std::string, std::string>, TrackedSymbol*, std::less<>> index_;
    std::vector<std::unique_ptr<TrackedSymbol>> symbols_;
    std::vector<std::string> symbols_met_;
    ExchangeTime newest_;
    RunningStatistics turnover_history_{1'440};  ///< of the whole market's 24 h turnover, a sample a minute
    std::int64_t turnover_minute_ = -1;
    std::uint64_t records_ = 0;
    std::uint64_t refused_ = 0;
    std::map<ErrorCode, Refusals> refusals_;
};

}  // namespace virtuoso
