// The perpetuals of one exchange, live.
#pragma once

#include "exchange/exchange_dialect.hpp"
#include "exchange/feed.hpp"
#include "exchange/rest_queue.hpp"
#include "exchange/symbol_feed.hpp"
#include "exchange/topic_stream.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace virtuoso {

/// Finds the instruments, spreads their topics over connections, loads histories by turnover, and keeps
/// every symbol whole. Frames are decoded once, here.
///
/// Trades pass a gate: from the moment a subscription begins they wait until REST has told what came
/// before them, so that the tape stays in order and without a hole where the exchange allows it.
class PerpetualFeed final : public Feed, private StreamOwner {
  public:
    PerpetualFeed(Transport& transport, std::unique_ptr<const ExchangeDialect> dialect, FeedSink& sink,
                  FeedOptions options);

    void start() override;
    void book_broken(std::string_view symbol) override;
    void trades_missing(std::string_view symbol, ExchangeTime since) override;

    [[nodiscard]] std::string_view exchange() const noexcept override { return dialect_->exchange(); }
    [[nodiscard]] const std::vector<std::string>& symbols() const noexcept override { return order_; }
    [[nodiscard]] std::vector<std::string> concerns(std::string_view symbol) const override;
    [[nodiscard]] std::uint64_t trade_gaps(std::string_view symbol) const override;
    [[nodiscard]] ExchangeTime exchange_now() const override;
    [[nodiscard]] std::int64_t clock_offset_ms() const noexcept override { return offset_ms_; }
    [[nodiscard]] FeedStatistics statistics() const override;
    [[nodiscard]] std::string trouble() const override;

  private:
    void on_market(TopicStream& stream, const RawRecord& record, const DecodedFrame& frame) override;
    void on_control(const RawRecord& record) override { sink_.on_record(record); }
    void on_refused(TopicStream& stream, const RawRecord& record, const Error& error) override;
    void on_live(const std::string& topic) override;
    void on_topic_refused(const std::string& topic, std::string_view reason) override;
    void on_lost(TopicStream& stream, const Error& reason, bool was_open) override;

    // Session: clock, instruments, turnover, connections.
    void ask(const std::string& target, RestUrgency urgency, std::uint32_t rank,
             std::function<void(Result<RestReply>)> done);
    [[nodiscard]] Result<RestReply> take_body(const std::string& target, const HttpAnswer& answer);
    void load_clock();
    void load_instruments(const std::string& cursor);
    void load_turnover();
    void set_instruments();
    void add_symbol(const std::string& name);
    void remove_symbol(const std::string& name);
    [[nodiscard]] TopicStream& stream_for(std::size_t cost);

    // One symbol: histories, trades, the book.
    void load_history(SymbolFeed& symbol);
    void load_page(const std::string& name, std::uint32_t rank, const std::string& base,
                   const std::string& cursor, int pages_left);
    void begin_trade_fill(SymbolFeed& symbol);
    void finish_trade_fill(const std::string& name, const Result<RestReply>& reply);
    void note_trade_gap(SymbolFeed& symbol, std::string reason);
    void note_trade_overlap(SymbolFeed& symbol, const Result<RestReply>& reply, ExchangeTime until);
    void release_trades(SymbolFeed& symbol);
    void renew_book(SymbolFeed& symbol);
    [[nodiscard]] bool book_comes_by_request() const;
    void load_book(SymbolFeed& symbol);
    void note_whole(SymbolFeed& symbol);
    void forget_book(SymbolFeed& symbol, std::string reason);
    [[nodiscard]] bool pass(SymbolFeed& symbol, const RawRecord& record, const MarketEvent& event);
    [[nodiscard]] bool pass_trade(SymbolFeed& symbol, const RawRecord& record, const MarketEvent& event);
    [[nodiscard]] SymbolFeed* find(std::string_view symbol) const;

    void check();
    void check_candles(SymbolFeed& symbol);
    void check_symbol(SymbolFeed& symbol, LocalTime now);
    void check_held(SymbolFeed& symbol, LocalTime now);
    void check_polls(SymbolFeed& symbol, LocalTime now);
    void every(std::int64_t ms, std::function<void()> call);

    Transport& transport_;
    FeedSink& sink_;
    FeedOptions options_;
    std::unique_ptr<const ExchangeDialect> dialect_;
    RestQueue queue_;
    std::unique_ptr<RestCodec> rest_codec_;
    std::unique_ptr<StreamCodec> held_codec_;
    std::string rest_channel_;  ///< before a target
    std::string stream_channel_;
    FrameBuffer buffer_;
    SeededRandom random_;
    std::vector<std::unique_ptr<TopicStream>> streams_;
    std::map<std::string, std::unique_ptr<SymbolFeed>, std::less<>> feeds_;
    /// What has to be known of a contract that was dropped, should it come back.
    struct Departed {
        std::uint64_t trade_gaps = 0;
        ExchangeTime verified;  ///< trades up to here are whole
    };
    std::map<std::string, Departed, std::less<>> departed_;
    std::vector<std::string> order_;
    std::vector<std::string> trading_;  ///< instruments of the listing being read
    std::map<std::string, double, std::less<>> turnover_;
    std::int64_t offset_ms_ = 0;
    bool started_ = false;  ///< instruments are known and streams are open
    std::string trouble_;
    FeedStatistics statistics_;
};

}  // namespace virtuoso
