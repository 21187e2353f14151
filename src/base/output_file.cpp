#include "base/output_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <utility>

namespace virtuoso {

namespace {

/// Names of files that are being written, for a signal handler: what is in a slot stays readable.
constexpr std::size_t unfinished_max = 16;
std::array<std::atomic<const char*>, unfinished_max> unfinished{};
static_assert(std::atomic<const char*>::is_always_lock_free);

void remember(const char* path) noexcept {
    for (auto& slot : unfinished) {
        const char* none = nullptr;
        if (slot.compare_exchange_strong(none, path)) {
            return;
        }
    }
}

void forget(const char* path) noexcept {
    for (auto& slot : unfinished) {
        const char* known = path;
        if (slot.compare_exchange_strong(known, nullptr)) {
            return;
        }
    }
}

bool status_of(const std::string& path, struct stat& status) {
    return path == "-" ? ::fstat(STDIN_FILENO, &status) == 0 : ::stat(path.c_str(), &status) == 0;
}

/// Without its links; nullopt when it cannot be told.
std::optional<std::string> resolved(const std::string& path) {
    const std::unique_ptr<char, decltype(&std::free)> found(::realpath(path.c_str(), nullptr), &std::free);
    return found ? std::optional<std::string>(found.get()) : std::nullopt;
}

std::string folder_of(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? std::string() : path.substr(0, slash + 1);
}

std::string beginning_of(const std::string& path) {
    constexpr std::size_t bytes_max = 512;
    std::string text(bytes_max, '\0');
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): its interface
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    const ssize_t count = file < 0 ? -1 : ::read(file, text.data(), text.size());
    if (file >= 0) {
        ::close(file);
    }
    text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return text;
}

std::unexpected<Error> refuse(const OutputPlan& plan, ErrorCode code, std::string_view why) {
    return fail(code, fmt::format("{} {} cannot be written: {}", plan.name, in_quotes(plan.path), why));
}

/// What is in an output's place before it is written.
struct Place {
    std::string path;  ///< without links
    bool taken = false;
    struct stat status {};
};

/// A link that leads nowhere is no place: what it should lead to is not guessed.
Result<Place> place_of(const OutputPlan& plan) {
    Place place{.path = plan.path, .taken = false, .status = {}};
    if (plan.path.empty() || plan.path == "-") {
        return refuse(plan, ErrorCode::argument, "name a file (./- is a file named -)");
    }
    if (::stat(plan.path.c_str(), &place.status) == 0) {
        place.taken = true;
        place.path = resolved(plan.path).value_or(plan.path);
        return place;
    }
    const int reason = errno;
    struct stat link {};
    if (::lstat(plan.path.c_str(), &link) == 0 && S_ISLNK(link.st_mode)) {
        return refuse(plan, ErrorCode::file_write,
                      fmt::format("it is a link that leads nowhere ({}): remove it, or make what it leads to",
                                  system_reason(reason)));
    }
    if (reason != ENOENT || plan.path.ends_with('/')) {
        return refuse(plan, ErrorCode::file_write, system_reason(reason == ENOENT ? EISDIR : reason));
    }
    const std::string folder = folder_of(plan.path);
    if (const auto found = resolved(folder.empty() ? "." : folder)) {
        place.path = *found + (found->ends_with('/') ? "" : "/") + plan.path.substr(folder.size());
    }
    return place;
}

Result<void> check_taken(const OutputPlan& plan, const Place& place) {
    for (const auto& input : plan.inputs) {
        if (is_same_file(input, place.path)) {
            return refuse(plan, ErrorCode::argument,
                          fmt::format("it is the input {}: give another name", in_quotes(input)));
        }
    }
    if (!S_ISREG(place.status.st_mode)) {
        return refuse(plan, ErrorCode::file_write,
                      fmt::format("{}: name a file", kind_of_file(place.status.st_mode)));
    }
    const bool locked = (place.status.st_mode & (S_IWUSR | S_IWGRP | S_IWOTH)) == 0;
    const bool own = plan.is_own != nullptr && plan.is_own(beginning_of(place.path));
    if (locked || (place.status.st_size > 0 && !own)) {
        if (!plan.may_replace || !plan.may_replace()) {
            return refuse(plan, ErrorCode::argument,
                          locked ? "it is there and write-protected: give another name, or --force"
                                 : "it is there and was not made by this command: give another name, or "
                                   "--force");
        }
    }
    return {};
}

/// A name that nothing has, in the same folder and not longer than names may be.
std::string name_beside(const std::string& path) {
    static std::atomic<unsigned> number = 0;
    const std::string end = fmt::format(".{}-{}.partial", ::getpid(), ++number);
    const std::string folder = folder_of(path);
    return folder + path.substr(folder.size(), NAME_MAX - end.size()) + end;
}

int open_new(const std::string& path, mode_t mode) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): its interface
    return ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
}

}  // namespace

struct OutputFile::State {
    std::string path;    ///< as it was given
    std::string target;  ///< without links
    std::string beside;  ///< where it is written; empty: in its place
    bool taken = false;  ///< something stood in its place when it was begun
    bool durable = true;
    int file = -1;
    std::uint64_t size = 0;
};

OutputFile::OutputFile(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
OutputFile::OutputFile(OutputFile&& other) noexcept = default;

OutputFile::~OutputFile() {
    if (!state_ || state_->file < 0) {
        return;
    }
    ::close(state_->file);
    if (state_->beside.empty() && state_->size == 0) {
        ::unlink(state_->target.c_str());
    }
    if (!state_->beside.empty()) {
        ::unlink(state_->beside.c_str());
        forget(state_->beside.c_str());
    }
}

Result<OutputFile> OutputFile::create(const OutputPlan& plan) {
    const auto place = place_of(plan);
    if (!place) {
        return std::unexpected(place.error());
    }
    if (place->taken) {
        if (auto checked = check_taken(plan, *place); !checked) {
            return std::unexpected(checked.error());
        }
    }
    auto state = std::make_unique<State>();
    state->path = plan.path;
    state->target = place->path;
    state->taken = place->taken;
    state->durable = plan.durable;
    constexpr int tries = 100;  // a process that was killed may have had this one's number
    int reason = EEXIST;
    for (int i = 0; i < tries && reason == EEXIST; ++i) {
        state->beside = name_beside(state->target);
        remember(state->beside.c_str());  // first: a signal may come between the two
        state->file = open_new(state->beside, plan.mode);
        reason = state->file < 0 ? errno : 0;
        if (reason != 0) {
            forget(state->beside.c_str());
        }
    }
    if (reason != 0) {
        return refuse(plan, ErrorCode::file_write, system_reason(reason));
    }
    if (place->taken) {
        static_cast<void>(::fchown(state->file, place->status.st_uid, place->status.st_gid));
        static_cast<void>(::fchmod(state->file, place->status.st_mode & ALLPERMS));
    }
    return OutputFile(std::move(state));
}

Result<OutputFile> OutputFile::create_in_place(const std::string& path, mode_t mode) {
    auto state = std::make_unique<State>();
    state->path = state->target = path;
    state->file = open_new(path, mode);
    if (state->file < 0) {
        const int reason = errno;
        return fail(ErrorCode::file_write,
                    fmt::format("{} cannot be made: {}", in_quotes(path), system_reason(reason)));
    }
    return OutputFile(std::move(state));
}

std::unexpected<Error> OutputFile::failed(int reason) const {
    const bool full = reason == ENOSPC || reason == EDQUOT;
    return fail(ErrorCode::file_write,
                fmt::format("{} cannot be written after {} bytes: {}{}", in_quotes(state_->path),
                            state_->size, system_reason(reason), full ? "; free some space" : ""));
}

Result<void> OutputFile::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(state_->file, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return failed(written < 0 ? errno : ENOSPC);
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
        state_->size += static_cast<std::uint64_t>(written);
    }
    return {};
}

void OutputFile::cut(std::uint64_t size) noexcept {
    const auto end = static_cast<off_t>(size);
    if (::ftruncate(state_->file, end) == 0 && ::lseek(state_->file, end, SEEK_SET) == end) {
        state_->size = size;
    }
}

std::uint64_t OutputFile::size() const noexcept {
    return state_->size;
}

bool OutputFile::is_gone() const noexcept {
    struct stat status {};
    return ::fstat(state_->file, &status) == 0 && status.st_nlink == 0;
}

const std::string& OutputFile::target() const noexcept {
    return state_->target;
}

// Where nothing was, nothing is replaced that came meanwhile.
Result<void> OutputFile::finish() {
    State& state = *state_;
    int reason = state.durable && ::fsync(state.file) != 0 ? errno : 0;
    if (::close(std::exchange(state.file, -1)) != 0 && reason == 0) {
        reason = errno;
    }
    if (state.beside.empty()) {
        return reason == 0 ? Result<void>() : failed(reason);
    }
    if (reason == 0) {
        bool moved = false;
        if (!state.taken) {
            moved = ::renameat2(AT_FDCWD, state.beside.c_str(), AT_FDCWD, state.target.c_str(),
                                RENAME_NOREPLACE) == 0;
        }
        // Not every file system knows how to refuse.
        if (!moved && (state.taken || errno == EINVAL || errno == ENOSYS)) {
            moved = std::rename(state.beside.c_str(), state.target.c_str()) == 0;
        }
        reason = moved ? 0 : errno;
    }
    if (reason != 0) {
        ::unlink(state.beside.c_str());
    }
    forget(state.beside.c_str());
    return reason == 0 ? Result<void>() : failed(reason);
}

void OutputFile::remove_unfinished() noexcept {
    for (const auto& slot : unfinished) {
        if (const char* const path = slot.load(); path != nullptr) {
            ::unlink(path);
        }
    }
}

bool is_same_file(const std::string& a, const std::string& b) {
    struct stat of_a {};
    struct stat of_b {};
    return status_of(a, of_a) && status_of(b, of_b) && of_a.st_dev == of_b.st_dev &&
           of_a.st_ino == of_b.st_ino;
}

std::string_view kind_of_file(mode_t mode) noexcept {
    return S_ISDIR(mode)    ? "it is a folder"
           : S_ISFIFO(mode) ? "it is a pipe, not a file"
           : S_ISSOCK(mode) ? "it is a socket, not a file"
                            : "it is a device, not a file";
}

}  // namespace virtuoso
