#include "validation/evidence.hpp"

#include <fmt/format.h>

#include <array>
#include <ranges>

namespace virtuoso::validation {

namespace {

Outcome all_made(const Observations& seen) {
    const ProcessSeen* const process = process_of(seen);
    if (process == nullptr) {
        return unseen("the process told nothing of its start");
    }
    const auto& parts = process->initialised;
    std::vector<std::string> faults;
    for (const std::string_view wanted :
         {"log", "state folder", "store", "exchange access", "shards and hub", "API"}) {
        if (std::ranges::find(parts | std::views::keys, wanted) ==
            std::ranges::end(parts | std::views::keys)) {
            faults.push_back(fmt::format("{} was not made", wanted));
        }
    }
    std::string order;
    double sum = 0;
    for (const auto& [name, ms] : parts) {
        order += fmt::format("{}{} {:.1f} ms", order.empty() ? "" : ", ", name, ms);
        sum += ms;
    }
    return none_of(faults, fmt::format("{} parts in {:.1f} ms: {}", parts.size(), sum, order),
                   process->started_ms, process_path);
}

Outcome knows_instruments(const Observations& seen) {
    const Look* const look = last_with_health(seen);
    if (look == nullptr) {
        return unseen("health told nothing");
    }
    auto text =
        fmt::format("{} symbols followed, {} of them deep", look->health->symbols, look->health->deep);
    return look->health->symbols > 0 && look->health->deep > 0
               ? passed(std::move(text), look->at_ms, health_path)
               : failed(std::move(text), look->at_ms, health_path);
}

Outcome histories_came(const Observations& seen) {
    const ProcessSeen* const told = process_of(seen);
    if (told == nullptr) {
        return unseen("the process told nothing");
    }
    if (told->rounds == 0) {
        return unseen("no round of histories was fetched since the start: it went on from what was saved");
    }
    const ProcessSeen& process = *told;
    const std::int64_t all = process.histories + process.histories_failed;
    auto text =
        fmt::format("{}/{} successful, {} failed, in {} rounds, total time: {:.2f}s (avg {:.3f}s per symbol)",
                    process.histories, all, process.histories_failed, process.rounds,
                    process.histories_ms / 1e3, process.histories_ms / 1e3 / static_cast<double>(all));
    return process.histories_failed == 0 ? passed(std::move(text), seen.ended_ms, process_path)
                                         : failed(std::move(text), seen.ended_ms, process_path);
}

constexpr std::array criteria{
    Criterion{.id = "INIT-1",
              .chapter = Chapter::initialisation,
              .wanted = "every part is constructed before it is used",
              .test = "the parts in the order in which they were made, with the time of each",
              .remedy = "the log's first lines name the part that could not be made",
              .judge = all_made},
    Criterion{.id = "INIT-2",
              .chapter = Chapter::initialisation,
              .wanted = "the instruments are known",
              .test = "symbols and deep symbols that are followed",
              .remedy = "virtuoso doctor tells which step towards the exchange fails; see [universe] too",
              .judge = knows_instruments},
    Criterion{.id = "INIT-3",
              .chapter = Chapter::initialisation,
              .wanted = "the histories of the symbols were fetched",
              .test = "successful and failed symbols of all rounds",
              .remedy = "the concerns of the symbols in /api/v1/health name the cause; see REST refusals",
              .judge = histories_came}};

}  // namespace

std::span<const Criterion> start_criteria() noexcept {
    return criteria;
}

}  // namespace virtuoso::validation
