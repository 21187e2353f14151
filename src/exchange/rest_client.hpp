// Asking an exchange over REST, and handing on what it answers.
#pragma once

#include "base/padded_frame.hpp"
#include "exchange/rest_asker.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>

namespace virtuoso {

class ExchangeDialect;
class FeedSink;

/// Queues questions within the exchange's limits, decodes each answer once, and hands record and events to
/// the sink, whoever asked. Errors: network, and what the codec refuses. Single-threaded; lives as long as
/// its transport runs.
class RestClient final : public RestAsker {
  public:
    /// `seed`: of the waiting times between attempts. `sharers`: as many as this take equal parts of what the
    /// exchange allows one address.
    RestClient(Transport& transport, const ExchangeDialect& dialect, FeedSink& sink, std::uint64_t seed,
               std::uint32_t sharers = 1);

    void ask(RestQuestion question) override;

    [[nodiscard]] const RestStatistics& statistics() const noexcept { return queue_.statistics(); }
    [[nodiscard]] const RestLimits& limits() const noexcept { return queue_.limits(); }
    [[nodiscard]] std::size_t waiting() const noexcept { return queue_.waiting(); }
    /// What went wrong last, also when it was tried again; empty at first.
    [[nodiscard]] const Error& last_error() const noexcept { return queue_.last_error(); }

  private:
    void finish(const RestQuestion& question, const Result<HttpAnswer>& answer);
    [[nodiscard]] Result<RestReply> take(const RestQuestion& question, const HttpAnswer& answer);
    void note_skipped(std::string_view target);

    Transport& transport_;
    const ExchangeDialect& dialect_;
    FeedSink& sink_;
    RestQueue queue_;
    std::unique_ptr<RestCodec> codec_;
    std::string channel_;  ///< before a target
    FrameBuffer buffer_;
    std::set<std::string> skips_said_;  ///< path, symbol and kind of error
};

}  // namespace virtuoso
