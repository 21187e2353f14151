// What must never be shown: tokens, passwords, addresses that are passwords.
#pragma once

#include "base/error.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace virtuoso {

/// It cannot be printed, compared or copied by accident: its text is reached through `exposed` alone, by who
/// hands it to a service. Overwritten when it goes.
class Secret {
  public:
    using Lookup = std::function<std::optional<std::string>(const std::string& variable)>;

    Secret() = default;
    explicit Secret(std::string text) : text_(std::move(text)) {}
    Secret(const Secret& other) = default;
    Secret& operator=(const Secret& other);
    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&& other) noexcept;
    ~Secret();
    bool operator==(const Secret&) const = delete;

    /// `reference`: "env:NAME" or "file:PATH", a file that nobody but its owner may read or write. `field`
    /// names it in errors, which never hold the secret. One line, without spaces around it.
    /// Errors: config, file_open.
    [[nodiscard]] static Result<Secret> read(std::string_view reference, std::string_view field,
                                             const Lookup& environment);

    [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
    [[nodiscard]] std::string_view exposed() const noexcept { return text_; }
    /// `text` with what it holds of the secret, whole or from its beginning on, as "***".
    [[nodiscard]] std::string hidden_in(std::string text) const;

  private:
    std::string text_;
};

/// "env:NAME" or "file:PATH", with something behind the colon.
[[nodiscard]] bool is_secret_reference(std::string_view text) noexcept;

}  // namespace virtuoso
