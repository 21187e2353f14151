// The memory keeper as JSON.
#pragma once

#include "service/memory_keeper.hpp"

#include <cstdint>
#include <string>

namespace virtuoso {

/// Schema "virtuoso.keeper/1": schedule, pressure, limits, counts, and the newest runs first.
[[nodiscard]] std::string keeper_json(const KeeperReport& report);
/// Schema "virtuoso.keeper_run/1": the run of that number; its record is null until it is over.
[[nodiscard]] std::string keeper_run_json(std::uint64_t number, const MemoryKeeper::Lookup& found);

}  // namespace virtuoso
