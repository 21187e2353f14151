// How much memory this process has, and how much it may have.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace virtuoso {

enum class MemoryLimitSource : std::uint8_t {
    none,     ///< nothing could be found out
    machine,  ///< all of its memory
    cgroup,   ///< of this process's group or one above it
    told      ///< by the configuration
};

/// "none", "machine", "cgroup", "configuration"
[[nodiscard]] std::string_view name_of(MemoryLimitSource source) noexcept;

struct MemoryReading {
    std::uint64_t resident = 0;  ///< bytes; 0 when it cannot be read
    std::uint64_t limit = 0;     ///< bytes; 0: none is known
    MemoryLimitSource source = MemoryLimitSource::none;
    /// 0 without a limit.
    [[nodiscard]] double share() const noexcept {
        return limit > 0 ? static_cast<double>(resident) / static_cast<double>(limit) : 0.0;
    }
};

// The texts of the kernel's files. nullopt for what is not of their form; none of them throws.

/// Of /proc/self/status: "VmRSS:     1234 kB". Bytes.
[[nodiscard]] std::optional<std::uint64_t> resident_from_status(std::string_view text) noexcept;
/// Of /proc/meminfo: "MemTotal:       16384256 kB". Bytes.
[[nodiscard]] std::optional<std::uint64_t> machine_memory_from(std::string_view text) noexcept;
/// Of /proc/self/cgroup: the path of the unified hierarchy, "/system.slice/virtuoso.service". A path that
/// leads upwards (this process was moved out of its namespace) is not one.
[[nodiscard]] std::optional<std::string> cgroup_path_from(std::string_view text);
/// Of memory.max or memory.high; nullopt also for "max".
[[nodiscard]] std::optional<std::uint64_t> cgroup_limit_from(std::string_view text) noexcept;

/// The contents of a file; nullopt when it cannot be read.
using FileReader = std::function<std::optional<std::string>(const std::string& path)>;

/// The least of memory.max and memory.high (above which the kernel slows a process down) of this process's
/// group and all above it. nullopt where none is set. O(depth of the hierarchy).
[[nodiscard]] std::optional<std::uint64_t> cgroup_limit(const FileReader& read);

/// `told`: a limit that is given, bytes; 0: the group's, and without one the machine's.
[[nodiscard]] MemoryReading read_memory(const FileReader& read, std::uint64_t told = 0);
/// From the machine's files, at most 64 KiB of each.
[[nodiscard]] std::optional<std::string> read_system_file(const std::string& path);

}  // namespace virtuoso
