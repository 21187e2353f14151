// A JSON document that is to be written. Behind it is nlohmann's, which json.cpp alone includes: its header
// makes every file that builds a document take twice as long to compile.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

/// Null, a truth, a number, a text, a list or an object, whose fields stay in the order in which they came.
/// Braces make what JSON would: `{{"name", value}, …}` an object, any other braces a list.
class Json {
  public:
    Json() noexcept;
    Json(std::nullptr_t) noexcept;
    Json(bool truth) noexcept;
    Json(double number) noexcept;
    template <std::signed_integral Integer>
    Json(Integer number) noexcept : Json(Whole{number}) {}
    template <std::unsigned_integral Integer>
    Json(Integer number) noexcept : Json(Natural{number}) {}
    Json(const char* text);
    Json(std::string_view text);
    Json(std::string text);
    Json(const std::vector<std::string>& texts);
    /// Moves the parts out of the list.
    Json(std::initializer_list<Json> parts);

    Json(const Json& other);
    Json(Json&& other) noexcept;
    Json& operator=(const Json& other);
    Json& operator=(Json&& other) noexcept;
    ~Json();

    /// A document that was written before; nullopt when the text is none. O(size).
    [[nodiscard]] static std::optional<Json> parsed(std::string_view text);
    [[nodiscard]] static Json array();
    [[nodiscard]] static Json object();

    /// Adds to a list.
    void push_back(Json&& element);
    /// Adds a field to an object, or replaces its value.
    void set(std::string_view name, Json&& value);

    /// The document, on one line or indented by so many spaces. Numbers are the shortest text that reads back
    /// as the same double; bytes that are not UTF-8 are replaced, characters that
    /// a terminal or a page acts on are \u escapes. O(size).
    [[nodiscard]] std::string text(int indent = -1) const;

  private:
    friend class JsonView;  // which reads it
    struct Whole {
        std::int64_t value;
    };
    struct Natural {
        std::uint64_t value;
    };
    explicit Json(Whole number) noexcept;
    explicit Json(Natural number) noexcept;

    // nlohmann's value lives in here. Mutable, so that parts can be moved out of an initializer_list.
    alignas(void*) mutable std::byte storage_[2 * sizeof(void*)];
};

}  // namespace virtuoso
