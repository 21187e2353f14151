#include "service/config_file.hpp"

#include "base/output_file.hpp"
#include "service/config_text.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace virtuoso {

namespace {

class Descriptor {
  public:
    explicit Descriptor(int value) noexcept : value_(value) {}
    ~Descriptor() {
        if (value_ >= 0) {
            ::close(value_);
        }
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int value() const noexcept { return value_; }

  private:
    int value_;
};

std::unexpected<Error> unreadable(const std::string& path, std::string_view why) {
    return fail(ErrorCode::file_open,
                fmt::format("configuration file {} cannot be read: {}", in_quotes(path), why));
}

std::unexpected<Error> unwritable(const std::string& path, std::string_view why) {
    return fail(ErrorCode::file_write,
                fmt::format("configuration file {} cannot be written: {}", in_quotes(path), why));
}

}  // namespace

std::optional<std::string> user_config_file(const EnvironmentLookup& environment) {
    const auto xdg = environment("XDG_CONFIG_HOME");
    if (xdg && xdg->starts_with('/')) {
        return *xdg + "/virtuoso/config.toml";
    }
    const auto home = environment("HOME");
    if (home && home->starts_with('/')) {
        return *home + "/.config/virtuoso/config.toml";
    }
    return std::nullopt;
}

std::optional<std::string> find_config_file(const EnvironmentLookup& environment,
                                            const std::string& system_file) {
    // What is there but cannot be read is an error that is to be told, not a file to be passed over.
    const auto is_there = [](const std::string& path) {
        struct stat found {};
        return ::stat(path.c_str(), &found) == 0 || (errno != ENOENT && errno != ENOTDIR && errno != EACCES);
    };
    auto own = user_config_file(environment);
    if (own && is_there(*own)) {
        return own;
    }
    return is_there(system_file) ? std::optional(system_file) : std::nullopt;
}

Result<ConfigFileText> read_config_file(const std::string& path) {
    // Without waiting for whoever may write into a pipe.
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): its interface
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (file.value() < 0) {
        return unreadable(path, system_reason(errno));
    }
    struct stat found {};
    if (::fstat(file.value(), &found) != 0) {
        return unreadable(path, system_reason(errno));
    }
    if (!S_ISREG(found.st_mode) && path != "/dev/null") {
        return unreadable(path, kind_of_file(found.st_mode));
    }
    std::string text(config_bytes_max + 1, '\0');
    std::size_t size = 0;
    while (size < text.size()) {
        const ssize_t got = ::read(file.value(), text.data() + size, text.size() - size);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return unreadable(path, system_reason(errno));
        }
        if (got == 0) {
            break;
        }
        size += static_cast<std::size_t>(got);
    }
    text.resize(size);
    if (size > config_bytes_max) {
        return fail(ErrorCode::config, fmt::format("{} is larger than {} kB: is this a configuration file?",
                                                   in_quotes(path), config_bytes_max / 1024));
    }
    return ConfigFileText{path, std::move(text)};
}

Result<void> write_new_config_file(const std::string& path, std::string_view text) {
    constexpr mode_t owner_alone = 0600;
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    std::error_code error;
    if (!folder.empty()) {
        std::filesystem::create_directories(folder, error);
    }
    struct stat found {};
    if (::lstat(path.c_str(), &found) == 0) {
        return unwritable(path, "it is there already: name another one, or remove it first");
    }
    auto file = OutputFile::create({.path = path, .name = "configuration file", .mode = owner_alone});
    auto written = file ? file->write(text) : std::unexpected(file.error());
    return written ? file->finish() : written;
}

}  // namespace virtuoso
