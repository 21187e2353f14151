// The query of a request's target.
#pragma once

#include "base/error.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace virtuoso {

/// "a=1&b=2", decoded. Errors: argument, naming what is given twice or not among `allowed`.
class Query {
  public:
    [[nodiscard]] static Result<Query> parse(std::string_view text,
                                             std::span<const std::string_view> allowed);

    /// Empty when it is not given.
    [[nodiscard]] std::string_view value(std::string_view name) const;
    /// `otherwise` when it is not given. Error: argument when it is no whole number within the bounds.
    [[nodiscard]] Result<std::size_t> number(std::string_view name, std::size_t otherwise, std::size_t least,
                                             std::size_t most) const;
    /// Exchange time in ms since 1970; nullopt when it is not given. Error: argument when it is no such
    /// number.
    [[nodiscard]] Result<std::optional<ExchangeTime>> time(std::string_view name) const;
    /// The first of `allowed` when it is not given. Error: argument when it is none of them.
    [[nodiscard]] Result<std::string_view> one_of(std::string_view name,
                                                  std::span<const std::string_view> allowed) const;

  private:
    std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace virtuoso
