// How a feed keeps order books whole.
#include "exchange/perpetual_feed.hpp"

#include <fmt/format.h>

namespace virtuoso {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr std::int64_t book_pause_ms = 1'000;

}  // namespace

void PerpetualFeed::book_broken(std::string_view name) {
    SymbolFeed* const symbol = find(name);
    if (symbol == nullptr || !symbol->book_whole) {
        return;
    }
    symbol->book_reason = "its updates had a gap or did not fit";
    renew_book(*symbol);
}

void PerpetualFeed::renew_book(SymbolFeed& symbol) {
    symbol.book_whole = false;
    ++symbol.book_attempts;
    ++statistics_.resyncs;
    if (!book_comes_by_request()) {
        symbol.book_asked = transport_.now();
        symbol.stream->renew(symbol.topics.book);
    } else if (transport_.now() - symbol.book_asked > book_pause_ms * ns_per_ms) {
        load_book(symbol);
    }  // else: the check asks again, so that a book that breaks at once does not use up the limits
}

bool PerpetualFeed::book_comes_by_request() const {
    return !dialect_->book_target({}, options_.book_depth).empty();
}

// The updates since the subscription wait in the state until this snapshot comes.
void PerpetualFeed::load_book(SymbolFeed& symbol) {
    if (symbol.book_in_flight) {
        return;
    }
    symbol.book_in_flight = true;
    const std::string target = dialect_->book_target(symbol.name, options_.book_depth);
    queue_.submit({.target = target,
                   .urgency = RestUrgency::recovery,
                   .rank = symbol.rank,
                   .weight = dialect_->weight_of(target),
                   .done = [this, target, name = symbol.name,
                            number = ++symbol.book_request](const Result<HttpAnswer>& answer) {
                       SymbolFeed* const found = find(name);
                       if (found == nullptr || found->book_request != number) {
                           return;  // asked before the stream was lost: nothing would follow it
                       }
                       const auto reply =
                           answer ? take_body(target, *answer) : std::unexpected(answer.error());
                       if (!reply) {
                           found->book_in_flight = false;
                           found->book_asked = transport_.now();
                           found->book_reason = reply.error().message;
                       }
                   }});
}

void PerpetualFeed::forget_book(SymbolFeed& symbol, std::string reason) {
    symbol.book_whole = false;
    symbol.book_in_flight = false;
    ++symbol.book_request;
    symbol.book_asked = transport_.now();
    symbol.book_reason = std::move(reason);
}

// Before the snapshot is handed on: the state may find it broken at once.
void PerpetualFeed::note_whole(SymbolFeed& symbol) {
    symbol.book_whole = true;
    symbol.book_in_flight = false;
    symbol.book_attempts = 0;
    symbol.book_asked = transport_.now();
}

}  // namespace virtuoso
