#include "service/memory_reading.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <limits>
#include <system_error>

namespace virtuoso {

namespace {

constexpr std::uint64_t bytes_a_kib = 1'024;
constexpr std::size_t file_max = 65'536;
constexpr std::string_view cgroup_root = "/sys/fs/cgroup";
constexpr std::size_t depth_max = 64;

std::string_view trimmed(std::string_view text) noexcept {
    constexpr std::string_view blanks = " \t\r\n";
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) {
        return {};
    }
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

/// A whole number and nothing else.
std::optional<std::uint64_t> number_from(std::string_view text) noexcept {
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, value);
    return error == std::errc{} && at == end && !text.empty() ? std::optional(value) : std::nullopt;
}

/// Calls `visit` with every line until it returns true.
template <typename Visit>
void each_line(std::string_view text, Visit&& visit) {
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        if (visit(text.substr(0, end))) {
            return;
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

/// "Name:   123 kB" as bytes.
std::optional<std::uint64_t> kib_line(std::string_view text, std::string_view name) noexcept {
    std::optional<std::uint64_t> found;
    each_line(text, [&](std::string_view line) {
        if (!line.starts_with(name)) {
            return false;
        }
        line.remove_prefix(name.size());
        line = trimmed(line);
        if (!line.ends_with(" kB")) {
            return true;
        }
        line.remove_suffix(3);
        const auto kib = number_from(trimmed(line));
        if (kib && *kib <= std::numeric_limits<std::uint64_t>::max() / bytes_a_kib) {
            found = *kib * bytes_a_kib;
        }
        return true;
    });
    return found;
}

void take_least(std::optional<std::uint64_t>& least, std::optional<std::uint64_t> other) {
    if (other) {
        least = std::min(least.value_or(*other), *other);
    }
}

}  // namespace

std::string_view name_of(MemoryLimitSource source) noexcept {
    constexpr std::array<std::string_view, 4> names{"none", "machine", "cgroup", "configuration"};
    return names[static_cast<std::size_t>(source)];
}

std::optional<std::uint64_t> resident_from_status(std::string_view text) noexcept {
    return kib_line(text, "VmRSS:");
}

std::optional<std::uint64_t> machine_memory_from(std::string_view text) noexcept {
    return kib_line(text, "MemTotal:");
}

std::optional<std::string> cgroup_path_from(std::string_view text) {
    std::optional<std::string> path;
    each_line(text, [&](std::string_view line) {
        constexpr std::string_view unified = "0::";
        if (!line.starts_with(unified)) {
            return false;
        }
        line.remove_prefix(unified.size());
        constexpr std::string_view deleted = " (deleted)";
        if (line.ends_with(deleted)) {
            line.remove_suffix(deleted.size());
        }
        if (line.starts_with('/') && !line.contains("/..") && !line.contains('\0')) {
            path = line;
        }
        return true;
    });
    return path;
}

std::optional<std::uint64_t> cgroup_limit_from(std::string_view text) noexcept {
    return number_from(trimmed(text));
}

std::optional<std::uint64_t> cgroup_limit(const FileReader& read) {
    const auto told = read("/proc/self/cgroup");
    auto path = told ? cgroup_path_from(*told) : std::nullopt;
    if (!path) {
        return std::nullopt;
    }
    std::optional<std::uint64_t> least;
    for (std::size_t depth = 0; depth < depth_max; ++depth) {
        while (path->ends_with('/')) {
            path->pop_back();
        }
        for (const std::string_view file : {"/memory.max", "/memory.high"}) {
            std::string name(cgroup_root);
            name.append(*path).append(file);
            if (const auto text = read(name)) {
                take_least(least, cgroup_limit_from(*text));
            }
        }
        const auto parent = path->rfind('/');
        if (parent == std::string::npos) {
            break;
        }
        path->resize(parent);
    }
    return least;
}

MemoryReading read_memory(const FileReader& read, std::uint64_t told) {
    MemoryReading reading;
    if (const auto status = read("/proc/self/status")) {
        reading.resident = resident_from_status(*status).value_or(0);
    }
    if (told > 0) {
        reading.limit = told;
        reading.source = MemoryLimitSource::told;
        return reading;
    }
    std::optional<std::uint64_t> machine;
    if (const auto meminfo = read("/proc/meminfo")) {
        machine = machine_memory_from(*meminfo);
    }
    const auto group = cgroup_limit(read);
    if (group && (!machine || *group < *machine)) {
        reading.limit = *group;
        reading.source = MemoryLimitSource::cgroup;
    } else if (machine) {
        reading.limit = *machine;
        reading.source = MemoryLimitSource::machine;
    }
    return reading;
}

std::optional<std::string> read_system_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        return std::nullopt;
    }
    std::string text(file_max, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (file.bad()) {
        return std::nullopt;
    }
    text.resize(static_cast<std::size_t>(file.gcount()));
    return text;
}

}  // namespace virtuoso
