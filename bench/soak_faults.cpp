// A live session under every fault in virtual time, minute by minute: what its symbols keep, what the rest of
// it holds, what the simulated exchange holds, and what the machine says of the process.
//   soak_faults [SYMBOLS] [MINUTES] [SEED]
#include "support/faulty_session.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <string>

namespace virtuoso::bench {

namespace {

constexpr double mib = 1024.0 * 1024.0;

double resident_mib() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmRSS:")) {
            return static_cast<double>(std::atoll(line.c_str() + 6)) / 1024;
        }
    }
    return 0;
}

void print_minute(int minute, const test::SessionMemory& memory, const Feed& feed) {
    fmt::print("{:6} {:10.3f} {:10.3f} {:10.3f} {:10.1f} {:9} {:6}\n", minute,
               static_cast<double>(memory.symbols) / mib, static_cast<double>(memory.others) / mib,
               static_cast<double>(test::live_bytes(test::MemoryOwner::exchange)) / mib, resident_mib(),
               feed.statistics().frames, feed.statistics().disconnects);
    std::fflush(stdout);
}

int soak(std::size_t symbols, int minutes, std::uint64_t seed) {
    test::FaultySession session(symbols, seed);
    fmt::print("minute symbols_MiB others_MiB exchange_MiB RSS_MiB    frames disconnects\n");
    for (int minute = 1; minute <= minutes; ++minute) {
        session.misbehave_for_a_minute();
        print_minute(minute, session.memory(), session.feed());
    }
    const test::SessionMemory rest = session.memory_at_rest();
    fmt::print("at rest:\n");
    print_minute(minutes + 1, rest, session.feed());
    return 0;
}

}  // namespace

}  // namespace virtuoso::bench

int main(int count, char** arguments) {
    const auto number = [&](int index, long preset) {
        return count > index ? std::strtol(arguments[index], nullptr, 10) : preset;
    };
    return virtuoso::bench::soak(static_cast<std::size_t>(number(1, 60)), static_cast<int>(number(2, 60)),
                                 static_cast<std::uint64_t>(number(3, 1)));
}
