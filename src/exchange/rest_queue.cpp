#include "exchange/rest_queue.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace virtuoso {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr std::int64_t retry_first_ms = 250;
constexpr std::int64_t retry_max_ms = 15'000;

}  // namespace

RestQueue::RestQueue(Transport& transport, const RestRules& rules, RestLimits limits, std::uint64_t seed)
    : transport_(transport),
      rules_(rules),
      limits_(limits),
      bucket_(limits.weight_per_second, limits.burst),
      random_(seed) {}

void RestQueue::submit(Task task) {
    enqueue({std::move(task), 1});
    pump_after(0);
}

void RestQueue::enqueue(Attempt attempt) {
    const bool needed = attempt.task.urgency <= RestUrgency::recovery;
    if (!needed && waiting_.size() >= limits_.waiting_max) {
        ++statistics_.failed;
        attempt.task.done(
            fail(ErrorCode::network, fmt::format("{} not asked: {} requests are waiting already",
                                                 attempt.task.target, waiting_.size())));
        return;
    }
    const Key key{static_cast<std::uint64_t>(attempt.task.urgency) << 32 | attempt.task.rank, ++sequence_};
    waiting_.emplace(key, std::move(attempt));
}

void RestQueue::pump_after(std::int64_t ms) {
    if (!pump_planned_) {
        pump_planned_ = true;
        transport_.after(ms, [this] {
            pump_planned_ = false;
            pump();
        });
    }
}

void RestQueue::pump() {
    while (!waiting_.empty() && in_flight_ < (probing_ ? 1 : limits_.in_flight_max)) {
        const LocalTime now = transport_.now();
        if (now < paused_until_) {
            pump_after((paused_until_ - now) / ns_per_ms + 1);
            return;
        }
        if (const std::int64_t wait = bucket_.take(now, waiting_.begin()->second.task.weight); wait > 0) {
            pump_after(wait);
            return;
        }
        Attempt next = std::move(waiting_.begin()->second);
        waiting_.erase(waiting_.begin());
        send(std::move(next));
    }
}

void RestQueue::send(Attempt attempt) {
    ++in_flight_;
    ++statistics_.sent;
    statistics_.weight += attempt.task.weight;
    HttpRequest request{.target = attempt.task.target};
    if (attempt.task.headers) {
        request.headers = attempt.task.headers(transport_.now());
    }
    transport_.get(std::move(request), [this, kept = std::move(attempt)](Result<HttpAnswer> answer) mutable {
        --in_flight_;
        finish(std::move(kept), std::move(answer));
        pump_after(0);
    });
}

void RestQueue::finish(Attempt attempt, Result<HttpAnswer> answer) {
    if (!answer) {
        retry(std::move(attempt), answer.error());
        return;
    }
    const RestJudgement judgement = rules_.judge(*answer, transport_.now());
    if (judgement.pause_ms > 0) {
        pause(judgement.pause_ms, judgement.reason);
    }
    if (judgement.verdict == RestVerdict::retry) {
        retry(std::move(attempt), {judgement.code, judgement.reason});
        return;
    }
    if (judgement.verdict == RestVerdict::give_up) {
        ++statistics_.failed;
        last_error_ = {judgement.code, judgement.reason};
        attempt.task.done(std::unexpected(last_error_));
        return;
    }
    probing_ = probing_ && judgement.pause_ms > 0;
    attempt.task.done(std::move(answer));
}

void RestQueue::retry(Attempt attempt, const Error& error) {
    last_error_ = error;
    if (attempt.number >= limits_.attempts_max) {
        ++statistics_.failed;
        attempt.task.done(fail(error.code, fmt::format("{} failed {} times, last: {}", attempt.task.target,
                                                       attempt.number, error.message)));
        return;
    }
    ++statistics_.retried;
    Backoff backoff(std::min(retry_max_ms, retry_first_ms << attempt.number), retry_max_ms, random_.next());
    ++attempt.number;
    transport_.after(backoff.next(), [this, kept = std::move(attempt)]() mutable {
        enqueue(std::move(kept));
        pump_after(0);
    });
}

void RestQueue::pause(std::int64_t ms, const std::string& reason) {
    const LocalTime until{transport_.now().ns + ms * ns_per_ms};
    if (until > paused_until_) {
        ++statistics_.pauses;
        probing_ = true;
        paused_until_ = until;
        pause_reason_ = reason;
    }
}

std::string_view RestQueue::pause_reason() const {
    return transport_.now() < paused_until_ ? std::string_view(pause_reason_) : std::string_view{};
}

}  // namespace virtuoso
