#include "engine/live_session.hpp"

#include <fmt/format.h>

namespace virtuoso {

LiveSession::LiveSession(LiveOptions options)
    : options_(std::move(options)), pipeline_([this] {
          PipelineOptions made = options_.pipeline;
          made.on_change = [this](const TrackedSymbol& symbol, const StateChange& change) {
              hear(symbol, change);
          };
          return made;
      }()) {}

void LiveSession::hear(const TrackedSymbol& symbol, const StateChange& change) {
    const std::string& name = symbol.state.symbol();
    if (change.book_broken) {
        const auto book = symbol.state.book().view();
        feed_->book_broken(name, book ? BookFault::gap : book.error());
    }
    if (change.book_thin) {
        feed_->book_thin(name);
    }
    if (change.restated) {
        feed_->histories_stale(name);
        on_notice(fmt::format(
            "{}: prices continue in another unit after a restart (a split): its histories are read again",
            name));
    }
    if (change.trades_missing) {
        feed_->trades_missing(name, *change.trades_missing);
    }
    if (options_.on_change) {
        options_.on_change(symbol, change);
    }
}

void LiveSession::on_record(const RawRecord& record) {
    last_received_ = record.received;
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

void LiveSession::on_history(const FetchedHistory& fetched) {
    if (options_.on_history) {
        options_.on_history(fetched);
    }
}

KnownPast LiveSession::on_added(std::string_view symbol) {
    return options_.on_added ? options_.on_added(symbol) : KnownPast{};
}

void LiveSession::on_listing(std::string_view symbol, bool listed) {
    if (options_.on_listing) {
        options_.on_listing(symbol, listed);
    }
}

void LiveSession::on_dropped(std::string_view symbol, bool trading) {
    if (options_.on_dropped) {
        options_.on_dropped(symbol, trading);
    }
}

void LiveSession::on_notice(std::string_view text) {
    if (options_.on_notice) {
        options_.on_notice(text);
    }
}

}  // namespace virtuoso
