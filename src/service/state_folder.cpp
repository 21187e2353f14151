#include "service/state_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace virtuoso {

namespace {

constexpr mode_t private_folder = 0700;
constexpr mode_t private_file = 0600;

std::unexpected<Error> refuse(const std::filesystem::path& path, const std::string& what) {
    return fail(ErrorCode::state_folder, fmt::format("{}: {}", in_quotes(path.string()), what));
}

Result<void> make(const std::filesystem::path& path) {
    std::error_code error;
    if (path.has_parent_path()) {
        std::filesystem::create_directories(path.parent_path(), error);
        if (error) {
            return refuse(path, fmt::format("its parent cannot be made: {}", system_reason(error.value())));
        }
    }
    if (::mkdir(path.c_str(), private_folder) != 0 && errno != EEXIST) {
        return refuse(path, fmt::format("cannot be made: {}", system_reason(errno)));
    }
    if (!std::filesystem::is_directory(path, error)) {
        return refuse(path, "is not a folder: name another one with --state-dir");
    }
    return {};
}

/// What the holder wrote into its lock; empty when it cannot be read.
std::string holder_of(int lock) {
    std::array<char, 16> text{};
    const ssize_t got = ::pread(lock, text.data(), text.size(), 0);
    std::string digits;
    for (const char letter : std::string_view(text.data(), got > 0 ? static_cast<std::size_t>(got) : 0)) {
        if (letter >= '0' && letter <= '9') {
            digits += letter;
        }
    }
    return digits;
}

}  // namespace

Result<std::filesystem::path> default_state_folder(const EnvironmentLookup& environment) {
    const auto absolute = [&](const std::string& name) -> std::optional<std::filesystem::path> {
        const auto value = environment(name);
        if (!value || value->empty() || value->front() != '/') {
            return std::nullopt;
        }
        return std::filesystem::path(value->substr(0, value->find(':')));
    };
    if (const auto given = absolute("STATE_DIRECTORY")) {
        return *given;
    }
    if (const auto base = absolute("XDG_STATE_HOME")) {
        return *base / "virtuoso";
    }
    if (const auto home = absolute("HOME")) {
        return *home / ".local/state/virtuoso";
    }
    return fail(ErrorCode::state_folder,
                "none of STATE_DIRECTORY, XDG_STATE_HOME and HOME is an absolute path: name a folder with "
                "--state-dir");
}

Result<std::unique_ptr<StateFolder>> StateFolder::open(const std::filesystem::path& path) {
    if (const auto made = make(path); !made) {
        return std::unexpected(made.error());
    }
    const std::filesystem::path file = path / "lock";
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): its interface
    const int lock = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, private_file);
    if (lock < 0) {
        return refuse(path, fmt::format("cannot be written: {}", system_reason(errno)));
    }
    if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
        const int reason = errno;
        const std::string holder = holder_of(lock);
        ::close(lock);
        if (reason != EWOULDBLOCK) {
            return refuse(path, fmt::format("cannot be locked: {}", system_reason(reason)));
        }
        return refuse(path, fmt::format("is used by another running service{}: stop it, or give this one a "
                                        "folder of its own with --state-dir",
                                        holder.empty() ? "" : fmt::format(" (process {})", holder)));
    }
    const std::string number = fmt::format("{}\n", ::getpid());
    if (::ftruncate(lock, 0) != 0 ||
        ::pwrite(lock, number.data(), number.size(), 0) != static_cast<ssize_t>(number.size())) {
        const int reason = errno;
        ::close(lock);
        return refuse(path, fmt::format("cannot be written: {}", system_reason(reason)));
    }
    return std::unique_ptr<StateFolder>(new StateFolder(path, lock));
}

StateFolder::~StateFolder() {
    ::close(lock_);
}

}  // namespace virtuoso
