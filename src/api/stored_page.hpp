// Pages of the store's tables, the newest rows first.
#pragma once

#include "api/store_answer.hpp"
#include "store/store.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace virtuoso {

inline constexpr std::size_t page_most = 1'000;

/// A parameter that the column of its name has to be equal to.
struct Narrowing {
    std::string_view name;
    std::span<const std::string_view> allowed = {};  ///< none: names of sinks
};

/// A table as a path tells it.
struct StoredList {
    StoreTable table = StoreTable::signals;
    std::string_view schema;
    std::string_view name;  ///< of the list in the document
    std::span<const Narrowing> narrowings;
    Json (*describe)(std::span<const StoreValue> row) = nullptr;
};

/// Rows of one table, the newest first.
struct StoredPage {
    Json rows = Json::array();
    std::optional<std::int64_t> next = {};  ///< ask on for what is older than this
};

/// At least `limit` rows, as far as there are so many: those of one time are never parted, so that `next`
/// leaves none out. Errors: those of `Store::select`.
[[nodiscard]] Result<StoredPage> read_page(Store& store, StoreQuery query, std::size_t limit,
                                           Json (*describe)(std::span<const StoreValue> row));

/// By `symbol`, `since`, `until`, `limit` and the list's own parameters, of this service's exchange.
[[nodiscard]] ServerAnswer page_answer(const ApiContext& context, const StoredList& list, const Query& query);

}  // namespace virtuoso
