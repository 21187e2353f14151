#include "service_choice.hpp"

#include "exchange/symbol_choice.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace virtuoso::app {

namespace {

std::string why_not(const std::string& typed, const std::vector<std::string>& names) {
    const std::string nearest = nearest_symbol(typed, names);
    return fmt::format("{} is no symbol that the service follows{}", in_quotes(typed),
                       nearest.empty() ? std::string() : fmt::format(": is it {}?", nearest));
}

}  // namespace

Result<std::vector<std::string>> ServiceChoice::apply(ServiceSymbols& symbols) {
    if (is_all() || symbols.rows.empty()) {
        return {};
    }
    std::vector<std::string> names;
    names.reserve(symbols.rows.size());
    for (const auto& row : symbols.rows) {
        names.push_back(row.symbol);
    }
    std::set<std::string> meant;
    std::vector<std::string> unknown;
    for (const auto& typed : typed_) {
        if (auto name = meant_symbol(typed, names)) {
            meant.insert(*std::move(name));
        } else {
            unknown.push_back(why_not(typed, names));
        }
    }
    if (meant.empty()) {
        return fail(ErrorCode::unknown_symbol, fmt::format("{}", fmt::join(unknown, "; ")));
    }
    std::erase_if(symbols.rows, [&](const MarketRow& row) { return !meant.contains(row.symbol); });
    std::erase_if(unknown, [this](const std::string& reason) { return !told_.insert(reason).second; });
    return unknown;
}

}  // namespace virtuoso::app
