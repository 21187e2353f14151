#include "exchange/rest_client.hpp"

#include "exchange/exchange_dialect.hpp"
#include "exchange/feed.hpp"
#include "net/http_refusal.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace virtuoso {

namespace {

constexpr std::size_t skips_said_max = 32;

RestLimits part_of(RestLimits limits, std::uint32_t sharers) {
    limits.weight_per_second /= sharers;
    limits.burst /= sharers;
    limits.in_flight_max = std::max(1, limits.in_flight_max / static_cast<int>(sharers));
    return limits;
}

}  // namespace

RestClient::RestClient(Transport& transport, const ExchangeDialect& dialect, FeedSink& sink,
                       std::uint64_t seed, std::uint32_t sharers)
    : transport_(transport),
      dialect_(dialect),
      sink_(sink),
      queue_(transport, dialect.rest_rules(), part_of(dialect.rest_limits(), std::max(sharers, 1U)), seed),
      codec_(dialect.rest_codec()),
      channel_(fmt::format("{}/rest", dialect.exchange())) {}

void RestClient::ask(RestQuestion question) {
    RestQueue::Task task{.target = question.target,
                         .urgency = question.urgency,
                         .rank = question.rank,
                         .weight = dialect_.weight_of(question.target)};
    if (question.sent) {
        task.headers = [sent = question.sent](LocalTime now) {
            sent(now);
            return std::vector<HttpHeader>{};
        };
    }
    task.done = [this, kept = std::move(question)](const Result<HttpAnswer>& answer) {
        finish(kept, answer);
    };
    queue_.submit(std::move(task));
}

void RestClient::finish(const RestQuestion& question, const Result<HttpAnswer>& answer) {
    if (question.wanted && !question.wanted()) {
        return;
    }
    const auto reply = answer ? take(question, *answer) : Result<RestReply>(std::unexpected(answer.error()));
    if (question.done) {
        question.done(reply);
    }
}

// Lists are asked for again and again: what was said once of a symbol is only counted from then on.
void RestClient::note_skipped(std::string_view target) {
    const auto path = target.substr(0, target.find('?'));
    for (const auto& kind : codec_->skipped().kinds()) {
        if (skips_said_.size() >= skips_said_max ||
            !skips_said_.insert(fmt::format("{} {} {}", path, kind.symbol, name_of(kind.first.code)))
                 .second) {
            continue;
        }
        const std::string whose = kind.symbol.empty() ? "" : " of " + in_quotes(kind.symbol);
        sink_.on_notice(fmt::format("{}: {} element{}{} left out: {}", path, kind.count,
                                    kind.count == 1 ? "" : "s", whose, kind.first.message));
        if (skips_said_.size() == skips_said_max) {
            sink_.on_notice("further elements that cannot be read are counted, and named no more");
        }
    }
}

Result<RestReply> RestClient::take(const RestQuestion& question, const HttpAnswer& answer) {
    if (answer.status != 200) {
        return fail(ErrorCode::network,
                    fmt::format("{} answered with HTTP {}{}", question.target, answer.status,
                                refusal_of(answer.status, answer.body).quoted()));
    }
    const PaddedFrame body = buffer_.assign(answer.body);
    const std::string channel = channel_ + question.target;
    const RawRecord record{transport_.now(), 0, channel, body};
    auto reply = codec_->decode(question.target, body);
    sink_.on_record(record);
    if (!reply) {
        sink_.on_refused(reply.error(), {}, false);
        return reply;
    }
    if (codec_->skipped().count() > 0) {
        note_skipped(question.target);
        sink_.on_skipped(codec_->skipped());
    }
    if (question.decoded) {
        question.decoded(*reply);
    }
    if (const auto* const market = std::get_if<MarketReply>(&*reply)) {
        sink_.on_events(market->events);
    }
    return reply;
}

}  // namespace virtuoso
