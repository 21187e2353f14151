// Faults of the simulated exchange, on command.
#pragma once

#include "base/error.hpp"
#include "base/seeded_random.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso::sim {

enum class FaultKind : std::uint8_t {
    disconnect,      ///< the stream is closed instead of sending the frame
    silence,         ///< the connection says nothing for `value` ms, but stays open
    delay,           ///< the frame comes `value` ms late
    duplicate,       ///< the frame comes twice
    drop,            ///< the frame never comes
    reorder,         ///< the frame comes after the next one
    malformed,       ///< one byte of the frame is destroyed
    truncated,       ///< the frame ends early
    stale_snapshot,  ///< a subscription begins with the book of some messages ago
    gap,             ///< the same as drop, of order books only
    restart,         ///< the book service restarts: a snapshot with u = 1
    refuse,          ///< subscriptions are refused
    http_429,        ///< too many requests, with the limit headers
    http_403,        ///< the address is banned
    http_500,        ///< server error
    rate_code,       ///< HTTP 200 with retCode 10006
    slow_body,       ///< the answer comes `value` ms late
    broken_body,     ///< the answer's JSON is cut
    tls,             ///< TLS handshakes fail
    clock_skew       ///< the exchange's clock is `value` ms ahead
};

[[nodiscard]] std::string_view name_of(FaultKind kind) noexcept;
[[nodiscard]] std::span<const FaultKind> all_fault_kinds() noexcept;

struct Fault {
    FaultKind kind = FaultKind::drop;
    double probability = 1;      ///< per frame, request or connection
    std::string match{};         ///< part of the topic or path; empty: any
    std::int64_t value = 1'000;  ///< ms, see FaultKind
    std::int64_t left = -1;      ///< times it still strikes; −1: for ever
    std::int64_t until_ms = 0;   ///< exchange time; 0: for ever

    /// "drop:p=0.01,match=orderbook,count=5,value=200,for=10": what is not given has its default; `for` in
    /// seconds. Error: argument naming what is wrong.
    [[nodiscard]] static Result<Fault> parse(std::string_view text, std::int64_t now_ms);
    [[nodiscard]] std::string text() const;
};

/// Active faults. O(faults) a question, nothing when there are none.
class FaultPlan {
  public:
    explicit FaultPlan(std::uint64_t seed) : random_(seed ^ 0xfa017) {}

    void add(Fault fault) { faults_.push_back(std::move(fault)); }
    void clear() { faults_.clear(); }
    /// The fault that strikes now, counted down. At most one.
    [[nodiscard]] std::optional<Fault> strike(std::span<const FaultKind> kinds, std::string_view subject,
                                              std::int64_t now_ms);
    /// The same of something that speaks of several, such as a request for several topics: it is struck once,
    /// whichever of them a fault matches. Which one it was.
    [[nodiscard]] std::optional<std::size_t> strike_one(FaultKind kind, std::span<const std::string> subjects,
                                                        std::int64_t now_ms);
    [[nodiscard]] std::int64_t clock_skew_ms(std::int64_t now_ms) const;
    [[nodiscard]] const std::vector<Fault>& active() const noexcept { return faults_; }
    [[nodiscard]] std::uint64_t struck() const noexcept { return struck_; }
    [[nodiscard]] SeededRandom& random() noexcept { return random_; }

  private:
    void drop_spent(std::int64_t now_ms);

    std::vector<Fault> faults_;
    SeededRandom random_;
    std::uint64_t struck_ = 0;
};

}  // namespace virtuoso::sim
