// Requests of one exchange, in order of urgency, within its limits.
#pragma once

#include "exchange/backoff.hpp"
#include "exchange/token_bucket.hpp"
#include "net/transport.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>

namespace virtuoso {

enum class RestVerdict : std::uint8_t {
    accept,  ///< the decoder reads it, be it a refusal
    retry,   ///< a passing fault: ask again later
    give_up  ///< a refusal that does not pass
};

/// What an answer means for the requests after it.
struct RestJudgement {
    RestVerdict verdict = RestVerdict::accept;
    std::int64_t pause_ms = 0;  ///< nothing is sent for so long
    std::string reason = {};
    ErrorCode code = ErrorCode::network;  ///< of what was not accepted
};

/// An exchange's rules: which statuses, codes and headers mean what.
class RestRules {
  public:
    virtual ~RestRules() = default;
    [[nodiscard]] virtual RestJudgement judge(const HttpAnswer& answer, LocalTime now) const = 0;
};

struct RestLimits {
    double weight_per_second = 100;  ///< a request weighs 1 unless it says otherwise
    double burst = 50;
    int in_flight_max = 16;
    int attempts_max = 6;
    std::size_t waiting_max = 65'536;  ///< requests of the session and for recovery wait beyond it
};

struct RestStatistics {
    std::uint64_t sent = 0;
    std::uint64_t retried = 0;
    std::uint64_t failed = 0;
    std::uint64_t pauses = 0;
    double weight = 0;  ///< of what was sent
};

/// Smaller numbers go first.
enum class RestUrgency : std::uint8_t { session, recovery, history, background };

/// Lower `rank` first within an urgency, then first come first served. A request is tried `attempts_max`
/// times; its callback is called exactly once. After a pause one request goes alone until it is accepted.
/// Lives as long as its transport runs.
class RestQueue {
  public:
    struct Task {
        std::string target;
        RestUrgency urgency = RestUrgency::history;
        std::uint32_t rank = 0;
        double weight = 1;
        /// Made anew for every attempt: signatures hold for a moment.
        std::function<std::vector<HttpHeader>(LocalTime)> headers = {};
        Transport::OnAnswer done = {};
    };

    RestQueue(Transport& transport, const RestRules& rules, RestLimits limits, std::uint64_t seed);

    void submit(Task task);

    [[nodiscard]] const RestStatistics& statistics() const noexcept { return statistics_; }
    [[nodiscard]] const RestLimits& limits() const noexcept { return limits_; }
    [[nodiscard]] std::size_t waiting() const noexcept { return waiting_.size(); }
    /// What went wrong last, also when it was tried again; empty at first.
    /// The same with its code.
    [[nodiscard]] const Error& last_error() const noexcept { return last_error_; }
    /// Empty when nothing is held back.
    [[nodiscard]] std::string_view pause_reason() const;

  private:
    struct Attempt {
        Task task;
        int number = 1;
    };
    using Key = std::pair<std::uint64_t, std::uint64_t>;

    void enqueue(Attempt attempt);
    void pump();
    void pump_after(std::int64_t ms);
    void send(Attempt attempt);
    void finish(Attempt attempt, Result<HttpAnswer> answer);
    void retry(Attempt attempt, const Error& error);
    void pause(std::int64_t ms, const std::string& reason);

    Transport& transport_;
    const RestRules& rules_;
    RestLimits limits_;
    TokenBucket bucket_;
    SeededRandom random_;
    std::map<Key, Attempt> waiting_;
    std::uint64_t sequence_ = 0;
    int in_flight_ = 0;
    bool pump_planned_ = false;
    bool probing_ = false;  ///< it paused, and nothing was accepted since: one request at a time
    LocalTime paused_until_;
    std::string pause_reason_;
    RestStatistics statistics_;
    Error last_error_{ErrorCode::network, {}};
};

}  // namespace virtuoso
