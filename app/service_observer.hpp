// Watches a running service and keeps what it tells, for `validate`.
#pragma once

#include "base/error.hpp"
#include "engine/system_clock.hpp"
#include "service_client.hpp"
#include "validation/observations.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace virtuoso::app {

class ServiceObserver {
  public:
    /// All of them outlive it. `over`: nobody waits any more.
    ServiceObserver(ServiceClient& service, validation::Observations& seen, std::function<bool()> over)
        : service_(service), seen_(seen), over_(std::move(over)) {}

    /// What does not change. Errors: network; file_format where another program answers.
    [[nodiscard]] Result<void> begin();
    /// Health, metrics and the market.
    void look();
    /// The keeper and the breakdowns of some deep symbols, each time others.
    void sample();
    /// What is on record: log, signals, the process once more.
    void finish();

    [[nodiscard]] std::int64_t now_ms() const;
    void wait(std::int64_t ms) { service_.wait(ms, over_); }
    [[nodiscard]] bool over() const { return over_(); }
    /// Requests so far.
    [[nodiscard]] std::size_t asked() const noexcept { return seen_.asked.size(); }
    /// Those beyond the first `count`, of a time in which it could not answer.
    void forget_asked(std::size_t count) { seen_.asked.resize(count); }
    /// The body of a good answer.
    [[nodiscard]] std::optional<std::string> ask(const std::string& path);

  private:
    /// What `read` makes of an answer; one that it makes nothing of was not understood.
    template <typename Read>
    auto told(const std::string& path, Read read) {
        const auto document = ask(path);
        auto made = document ? read(*document) : decltype(read(*document))();
        if (document && !made) {
            seen_.asked.back().understood = false;
        }
        return made;
    }
    void read_process(std::optional<validation::ProcessSeen>& into);
    void read_keeper();
    [[nodiscard]] bool has_store() const;

    ServiceClient& service_;
    validation::Observations& seen_;
    std::function<bool()> over_;
    SystemClock clock_;
    std::size_t next_symbol_ = 0;
};

}  // namespace virtuoso::app
