// Reports of a day or a week, made when they are due.
#pragma once

#include "alert/occurrence.hpp"
#include "base/time.hpp"
#include "service/report_time.hpp"
#include "service/service_log.hpp"
#include "service/store_reader.hpp"

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace virtuoso {

namespace report {
struct PeriodReport;
}

/// The report as an occurrence of kind `report`. Its sentence is the same whenever it is made of the same
/// period, so that its alerts have the same keys.
[[nodiscard]] Occurrence report_occurrence(const report::PeriodReport& period, int days);

/// Has the store read when a report is due, on the thread of a reader, and tells what came of it. What was
/// due while no service ran is made up for an hour long; that it is not told twice is left to the outbox,
/// which knows the keys of what was told. A report that cannot be made is tried again each minute of that
/// hour.
class ReportDesk {
  public:
    /// Later than that nobody waits for it.
    static constexpr std::int64_t patience_ns = 3'600'000'000'000;

    struct Hooks {
        /// Asks the store; false: not now.
        std::function<bool(StoreReader::Question)> ask;
        /// From the reader's thread.
        std::function<void(const Occurrence&)> tell;
    };

    /// `log` outlives it, and it outlives the reader's thread.
    ReportDesk(const std::vector<ReportTime>& times, std::string exchange, Hooks hooks, ServiceLog& log);

    /// Every second or so, from one thread, once the outbox knows what was told.
    void look(LocalTime now);

  private:
    struct Wanted {
        ReportTime time;
        std::optional<LocalTime> due = {};  ///< nullopt: nobody looked yet
        LocalTime next_try = {};
        bool under_way = false;
    };
    /// If so it is under way from now on.
    [[nodiscard]] bool is_due(std::size_t which, LocalTime now);
    void ask(std::size_t which);
    [[nodiscard]] Result<void> make(std::size_t which, Store& store);
    void end(std::size_t which, const std::string& trouble);

    std::string exchange_;
    Hooks hooks_;
    ServiceLog& log_;
    std::mutex mutex_;  ///< of what is wanted
    std::vector<Wanted> wanted_;
};

}  // namespace virtuoso
