#include "journal/input_file.hpp"

#include "base/output_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <system_error>

namespace virtuoso {

namespace {

constexpr std::size_t chunk_bytes = std::size_t{1} << 17;
constexpr std::uint64_t look_at_space_bytes = std::uint64_t{1} << 26;
constexpr mode_t private_file = 0600;
constexpr std::string_view standard_input = "-";

std::unexpected<Error> refuse(const std::string& path, std::string_view why) {
    return fail(ErrorCode::file_open,
                fmt::format("cannot open {}: {}",
                            path == standard_input ? "the standard input" : in_quotes(path), why));
}

int open_to_read(const std::string& path) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): its interface
    return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
}

/// Another descriptor of the same file, at its beginning.
InputFile open_again(int file) {
    return InputFile(open_to_read(fmt::format("/proc/self/fd/{}", file)));
}

/// What was kept, by what it was asked for with.
struct Kept {
    std::mutex mutex;
    std::map<std::string, InputFile> files;
};

Kept& kept() {
    static Kept all;
    return all;
}

/// A file without a name.
Result<InputFile> make_nameless(const std::string& path) {
    std::error_code error;
    const auto folder = std::filesystem::temp_directory_path(error).string();
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): its interface
    InputFile file(error ? -1 : ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, private_file));
    if (file.value() >= 0) {
        return file;
    }
    std::string name = folder + "/virtuoso-XXXXXX";  // not every file system makes such
    InputFile named(error ? -1 : ::mkostemp(name.data(), O_CLOEXEC));
    if (named.value() < 0) {
        const std::string why = error ? error.message() : system_reason(errno);
        return refuse(path,
                      fmt::format("a copy of it is needed and cannot be made in {}: {}; set TMPDIR to a "
                                  "folder with room",
                                  in_quotes(folder), why));
    }
    ::unlink(name.c_str());
    return named;
}

/// A source that does not end must not fill the disk.
bool has_room(int file) {
    struct statvfs space {};
    constexpr unsigned share = 16;
    return ::fstatvfs(file, &space) != 0 || space.f_bavail > space.f_blocks / share;
}

Result<void> append(const std::string& path, int file, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR) {
            return refuse(path,
                          fmt::format("no copy of it can be kept: {}; set TMPDIR to a folder with room, "
                                      "or read from a file",
                                      system_reason(errno)));
        }
        bytes.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
    }
    return {};
}

Result<InputFile> copy(const std::string& path, const ReadBytes& read) {
    auto file = make_nameless(path);
    if (!file) {
        return file;
    }
    std::array<char, chunk_bytes> chunk{};
    std::uint64_t copied = 0;
    for (std::uint64_t looked = 0;;) {
        const auto count = read(chunk.data(), chunk.size());
        if (!count) {
            return std::unexpected(count.error());
        }
        if (*count == 0) {
            return file;
        }
        if (auto appended = append(path, file->value(), {chunk.data(), *count}); !appended) {
            return std::unexpected(appended.error());
        }
        copied += *count;
        if (copied - looked >= look_at_space_bytes) {
            looked = copied;
            if (!has_room(file->value())) {
                return refuse(path, fmt::format("after {} MB the disk of its copy is nearly full: set TMPDIR "
                                                "to a folder with room, or read from a file",
                                                copied >> 20U));
            }
        }
    }
}

/// What is kept under that name; copied when nothing is.
Result<InputFile> keep(const std::string& name, const std::string& path, const ReadBytes& read) {
    Kept& all = kept();
    const std::scoped_lock lock(all.mutex);
    auto found = all.files.find(name);
    if (found == all.files.end()) {
        auto made = copy(path, read);
        if (!made) {
            return made;
        }
        found = all.files.emplace(name, std::move(*made)).first;
    }
    InputFile again = open_again(found->second.value());
    return again.value() >= 0 ? Result<InputFile>(std::move(again)) : refuse(path, system_reason(errno));
}

bool is_kept(const std::string& name) {
    Kept& all = kept();
    const std::scoped_lock lock(all.mutex);
    return all.files.contains(name);
}

Result<InputFile> open_pipe(const std::string& path, const InputFile& source) {
    return keep(path, path, [&](char* into, std::size_t room) -> Result<std::size_t> {
        for (;;) {
            const ssize_t count = ::read(source.value(), into, room);
            if (count >= 0) {
                return static_cast<std::size_t>(count);
            }
            if (errno != EINTR) {
                return refuse(path, system_reason(errno));
            }
        }
    });
}

Result<InputFile> open_standard_input() {
    const std::string path(standard_input);
    struct stat status {};
    if (::fstat(STDIN_FILENO, &status) != 0) {
        return refuse(path, system_reason(errno));
    }
    if (S_ISREG(status.st_mode) && ::lseek(STDIN_FILENO, 0, SEEK_CUR) == 0) {
        if (InputFile again = open_again(STDIN_FILENO); again.value() >= 0) {
            return again;
        }
    }
    if (S_ISDIR(status.st_mode) || (S_ISCHR(status.st_mode) && ::isatty(STDIN_FILENO) == 0)) {
        return refuse(path, kind_of_file(status.st_mode));
    }
    return open_pipe(path, InputFile(::dup(STDIN_FILENO)));
}

}  // namespace

InputFile::~InputFile() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

Result<InputFile> open_input(const std::string& path) {
    if (is_kept(path)) {
        return keep(path, path, {});
    }
    if (path == standard_input) {
        return open_standard_input();
    }
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
        return refuse(path, system_reason(errno));
    }
    if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode)) {
        return refuse(path, kind_of_file(status.st_mode));
    }
    InputFile file(open_to_read(path));
    if (file.value() < 0 || ::fstat(file.value(), &status) != 0) {
        return refuse(path, system_reason(errno));
    }
    return S_ISREG(status.st_mode) ? Result<InputFile>(std::move(file)) : open_pipe(path, file);
}

Result<InputFile> open_copy(const std::string& path, const ReadBytes& read) {
    return keep(path + '\0', path, read);  // no path has such an end
}

bool is_nameless(std::string_view path) noexcept {
    return path == standard_input || path == "/dev/stdin" || path.starts_with("/dev/fd/") ||
           path.starts_with("/proc/self/fd/");
}

}  // namespace virtuoso
