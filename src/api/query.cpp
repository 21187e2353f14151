#include "api/query.hpp"

#include "exchange/symbol_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace virtuoso {

Result<Query> Query::parse(std::string_view text, std::span<const std::string_view> allowed) {
    Query query;
    while (!text.empty()) {
        const std::string_view part = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(text.size(), part.size() + 1));
        const std::size_t equals = part.find('=');
        const std::string name = percent_decoded(part.substr(0, equals));
        const std::string value =
            percent_decoded(equals == std::string_view::npos ? std::string_view{} : part.substr(equals + 1));
        if (std::ranges::find(allowed, name) == allowed.end()) {
            return fail(ErrorCode::argument,
                        fmt::format("there is no parameter {}; allowed: {}", in_quotes(name),
                                    allowed.empty() ? "none" : fmt::format("{}", fmt::join(allowed, ", "))));
        }
        if (!query.values_.emplace(name, value).second) {
            return fail(ErrorCode::argument, fmt::format("{} is given twice", in_quotes(name)));
        }
    }
    return query;
}

std::string_view Query::value(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::string_view{} : std::string_view(found->second);
}

Result<std::size_t> Query::number(std::string_view name, std::size_t otherwise, std::size_t least,
                                  std::size_t most) const {
    const auto found = values_.find(name);
    if (found == values_.end()) {
        return otherwise;
    }
    const std::string& text = found->second;
    std::size_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || value < least || value > most) {
        return fail(ErrorCode::argument, fmt::format("{}={} is not a whole number from {} to {}", name,
                                                     in_quotes(text), least, most));
    }
    return value;
}

Result<std::optional<ExchangeTime>> Query::time(std::string_view name) const {
    if (!values_.contains(name)) {
        return std::nullopt;
    }
    const auto ms = number(name, 0, 0, plausible_ms_max);
    if (!ms) {
        return fail(ErrorCode::argument,
                    fmt::format("{}={} is no time: write ms since 1970, UTC, as in 1764201600000", name,
                                in_quotes(value(name))));
    }
    return ExchangeTime{static_cast<std::int64_t>(*ms)};
}

Result<std::string_view> Query::one_of(std::string_view name,
                                       std::span<const std::string_view> allowed) const {
    const auto given = values_.find(name);
    if (given == values_.end()) {
        return allowed.front();
    }
    const auto found = std::ranges::find(allowed, given->second);
    if (found == allowed.end()) {
        return fail(ErrorCode::argument, fmt::format("{}={} is not one of {}", name, in_quotes(given->second),
                                                     fmt::join(allowed, ", ")));
    }
    return *found;
}

}  // namespace virtuoso
