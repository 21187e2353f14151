// Reads a JSON document. What is absent or of another type is nothing, so that a path of names can be
// followed without asking.
#pragma once

#include "present/json.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace virtuoso {

/// A place in a document, which outlives it; or nothing.
class JsonView {
  public:
    JsonView() noexcept = default;
    explicit JsonView(const Json& document) noexcept;

    /// A field of an object. O(fields).
    [[nodiscard]] JsonView operator[](std::string_view name) const;
    [[nodiscard]] explicit operator bool() const noexcept { return value_ != nullptr; }
    [[nodiscard]] bool is_null() const noexcept;

    [[nodiscard]] std::optional<double> number() const;
    /// Of whole numbers; others and what does not fit are nothing.
    [[nodiscard]] std::optional<std::int64_t> whole() const;
    [[nodiscard]] std::optional<bool> truth() const;
    /// Empty where there is none.
    [[nodiscard]] std::string text() const;
    /// Of a list; empty where there is none.
    [[nodiscard]] std::vector<JsonView> elements() const;
    /// Of an object, in their order. The names live as long as the document.
    [[nodiscard]] std::vector<std::pair<std::string_view, JsonView>> fields() const;
    /// As JSON.
    [[nodiscard]] std::string written() const;

  private:
    explicit JsonView(const void* value) noexcept : value_(value) {}
    const void* value_ = nullptr;  ///< nlohmann's
};

}  // namespace virtuoso
