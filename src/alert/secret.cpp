#include "alert/secret.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::size_t bytes_max = 4'096;
constexpr std::string_view of_environment = "env:";
constexpr std::string_view of_file = "file:";

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view spaces = " \t\r\n";
    const auto begin = text.find_first_not_of(spaces);
    return begin == std::string_view::npos ? std::string_view{}
                                           : text.substr(begin, text.find_last_not_of(spaces) - begin + 1);
}

/// What can stand in a header, an address or a password: one line of printable characters.
Result<Secret> checked(std::string_view text, std::string_view field, std::string_view reference) {
    const std::string_view line = trimmed(text);
    if (line.empty()) {
        return fail(ErrorCode::config,
                    fmt::format("{} = {} is empty: put the secret there", field, in_quotes(reference)));
    }
    const bool plain = std::ranges::all_of(
        line, [](char letter) { return static_cast<unsigned char>(letter) > 0x20 && letter != 0x7f; });
    if (!plain || line.size() > bytes_max) {
        return fail(
            ErrorCode::config,
            fmt::format("{} = {} is {}: a secret is one line without spaces, at most {} bytes", field,
                        in_quotes(reference),
                        plain ? "too long" : "more than one word, or has control characters", bytes_max));
    }
    return Secret(std::string(line));
}

class OpenFile {
  public:
    explicit OpenFile(const std::string& path)
        : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {}
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    ~OpenFile() {
        if (descriptor_ >= 0) {
            ::close(descriptor_);
        }
    }
    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

  private:
    int descriptor_;
};

// The file is judged once it is open, so that it cannot be another one when it is read.
Result<Secret> from_file(const std::string& path, std::string_view field, std::string_view reference) {
    const auto refuse = [&](std::string_view why) {
        return fail(ErrorCode::file_open, fmt::format("{} = {}: {}", field, in_quotes(reference), why));
    };
    const OpenFile file(path);
    struct stat status {};
    if (file.descriptor() < 0 || ::fstat(file.descriptor(), &status) != 0) {
        return refuse(system_reason(errno));
    }
    if (!S_ISREG(status.st_mode)) {
        return refuse("it is no file");
    }
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return refuse(fmt::format("others than its owner may read or write it (mode {:04o}): chmod 600 it",
                                  status.st_mode & 07777U));
    }
    std::string text(bytes_max + 2, '\0');
    const auto count = ::read(file.descriptor(), text.data(), text.size());
    if (count < 0) {
        return refuse(system_reason(errno));
    }
    auto secret =
        checked(std::string_view(text).substr(0, static_cast<std::size_t>(count)), field, reference);
    OPENSSL_cleanse(text.data(), text.size());
    return secret;
}

}  // namespace

Secret& Secret::operator=(const Secret& other) {
    if (this != &other) {
        OPENSSL_cleanse(text_.data(), text_.size());
        text_ = other.text_;
    }
    return *this;
}

Secret::Secret(Secret&& other) noexcept : text_(std::exchange(other.text_, {})) {}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this != &other) {
        OPENSSL_cleanse(text_.data(), text_.size());
        text_ = std::exchange(other.text_, {});
    }
    return *this;
}

Secret::~Secret() {
    OPENSSL_cleanse(text_.data(), text_.size());
}

bool is_secret_reference(std::string_view text) noexcept {
    return (text.starts_with(of_environment) && text.size() > of_environment.size()) ||
           (text.starts_with(of_file) && text.size() > of_file.size());
}

// What is no reference may be the secret itself, written where it must not stand: it is not repeated.
Result<Secret> Secret::read(std::string_view reference, std::string_view field, const Lookup& environment) {
    if (!is_secret_reference(reference)) {
        return fail(ErrorCode::config,
                    fmt::format("{} is neither env:NAME nor file:PATH: a secret does not stand in the "
                                "configuration, it comes from the environment or from a file of mode 0600",
                                field));
    }
    if (reference.starts_with(of_file)) {
        return from_file(std::string(reference.substr(of_file.size())), field, reference);
    }
    const auto value = environment(std::string(reference.substr(of_environment.size())));
    if (!value) {
        return fail(ErrorCode::config,
                    fmt::format("{} = {}: there is no such variable in the environment: set it", field,
                                in_quotes(reference)));
    }
    return checked(*value, field, reference);
}

std::string Secret::hidden_in(std::string text) const {
    constexpr std::size_t telling_length = 8;  // of a long secret, its beginning gives it away
    if (text_.empty()) {
        return text;
    }
    const std::string_view beginning = std::string_view(text_).substr(0, telling_length);
    for (auto at = text.find(beginning); at != std::string::npos; at = text.find(beginning, at + 1)) {
        std::size_t length = beginning.size();
        while (length < text_.size() && at + length < text.size() && text[at + length] == text_[length]) {
            ++length;
        }
        text.replace(at, length, "***");
    }
    return text;
}

}  // namespace virtuoso
