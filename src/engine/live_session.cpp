#include "engine/live_session.hpp"

namespace virtuoso {

LiveSession::LiveSession(LiveOptions options)
    : options_(std::move(options)), pipeline_([this] {
          PipelineOptions made = options_.pipeline;
          made.on_change = [this](const TrackedSymbol& symbol, const StateChange& change) {
              if (change.book_broken) {
                  const auto book = symbol.state.book().view();
                  feed_->book_broken(symbol.state.symbol(), book ? BookFault::gap : book.error());
              }
              if (change.book_thin) {
                  feed_->book_thin(symbol.state.symbol());
              }
              if (change.restated) {
                  feed_->histories_stale(symbol.state.symbol());
                  on_notice(symbol.state.symbol() +
                            ": prices continue in another unit after a restart (a split): its histories are "
                            "read again");
              }
              if (change.trades_missing) {
                  feed_->trades_missing(symbol.state.symbol(), *change.trades_missing);
              }
          };
          return made;
      }()) {}

void LiveSession::on_record(const RawRecord& record) {
    if (journal_ != nullptr) {
        if (const auto written = journal_->append(record); !written) {
            on_notice(written.error().text());
        }
    }
}

void LiveSession::on_events(std::span<const MarketEvent> events) {
    pipeline_.take(options_.exchange, events);
    if (options_.on_applied) {
        options_.on_applied(events);
    }
}

void LiveSession::on_refused(const Error& error, std::string_view symbol, bool book_update) {
    pipeline_.refuse(options_.exchange, error, symbol, book_update);
}

void LiveSession::on_skipped(const SkippedElements& skipped) {
    pipeline_.skip(options_.exchange, skipped);
}

void LiveSession::on_disconnect(std::string_view symbol) {
    pipeline_.disconnect(options_.exchange, symbol);
}

void LiveSession::on_notice(std::string_view text) {
    if (options_.on_notice) {
        options_.on_notice(text);
    }
}

}  // namespace virtuoso
