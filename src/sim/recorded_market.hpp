// The market that a recording of an exchange's traffic tells of.
#pragma once

#include "exchange/raw_record.hpp"
#include "exchange/rest_reply.hpp"
#include "exchange/stream_codec.hpp"
#include "market/symbol_state.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace virtuoso::sim {

/// The next record; false at the end.
using RecordSource = std::function<Result<bool>(RawRecord&)>;
/// Begins at the first record, every time it is called.
using OpenRecords = std::function<Result<RecordSource>()>;

struct RecordedSymbol {
    SymbolState state;
    std::int64_t tick_units = 0;  ///< greatest common divisor of the prices seen
    std::int64_t step_units = 0;  ///< of the sizes
    bool individual_trades = false;
    bool aggregate_trades = false;
    /// JSON objects as the stream told them, oldest first, at most 1000.
    std::deque<std::string> recent_trades;

    explicit RecordedSymbol(const std::string& symbol) : state(symbol, BookLimits{}) {}
};

/// Reads a recording twice: first to learn its symbols, topics and histories, then as time goes on. Holds the
/// state of each symbol, not the recording.
class RecordedMarket {
  public:
    struct Frame {
        std::string_view topic;
        std::string_view text;
        std::span<const MarketEvent> events;
    };

    /// Errors: those of the recording; file_format when it holds no stream of Bybit or of Binance USD-M, or
    /// of more than one exchange.
    [[nodiscard]] static Result<std::unique_ptr<RecordedMarket>> open(OpenRecords records);

    /// Applies the records received up to `until` and calls `on_frame` for the stream frames among them.
    /// Error: what the recording says; it is over then.
    [[nodiscard]] Result<void> play(LocalTime until, const std::function<void(const Frame&)>& on_frame);

    /// "bybit" or "binance-usdm".
    [[nodiscard]] const std::string& exchange() const noexcept { return exchange_; }
    [[nodiscard]] LocalTime first() const noexcept { return first_; }
    [[nodiscard]] LocalTime last() const noexcept { return last_; }
    [[nodiscard]] bool over() const noexcept { return over_; }
    [[nodiscard]] const std::set<std::string, std::less<>>& topics() const noexcept { return topics_; }
    [[nodiscard]] const std::map<std::string, std::unique_ptr<RecordedSymbol>, std::less<>>& symbols()
        const noexcept {
        return symbols_;
    }
    /// nullptr when it is not recorded.
    [[nodiscard]] RecordedSymbol* find(std::string_view symbol) const;

  private:
    explicit RecordedMarket(OpenRecords records) : open_(std::move(records)) {}
    [[nodiscard]] Result<void> survey();
    [[nodiscard]] Result<void> choose_exchange(std::string_view channel);
    void survey_frame(const RawRecord& record);
    void survey_body(const RawRecord& record);
    void apply_frame(const RawRecord& record, const std::function<void(const Frame&)>& on_frame);
    void apply_body(const RawRecord& record);
    void note_trades(std::string_view text);
    [[nodiscard]] RecordedSymbol& symbol_named(std::string_view symbol);

    OpenRecords open_;
    RecordSource source_;
    std::string exchange_;
    std::unique_ptr<StreamCodec> stream_codec_;
    std::unique_ptr<RestCodec> rest_codec_;
    FrameBuffer buffer_;
    std::map<std::string, std::unique_ptr<RecordedSymbol>, std::less<>> symbols_;
    std::set<std::string, std::less<>> topics_;
    LocalTime first_;
    LocalTime last_;
    bool has_next_ = false;
    RawRecord next_;
    bool over_ = false;
};

}  // namespace virtuoso::sim
