#include "api/stored_page.hpp"

#include "alert/spec_text.hpp"
#include "exchange/symbol_name.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <variant>

namespace virtuoso {

namespace {

constexpr std::size_t page_usual = 100;

struct Asked {
    StoreQuery query;
    std::size_t limit = page_usual;
};

/// Adds a condition where the parameter is given.
Result<void> narrow(StoreQuery& asked, const Query& query, const Narrowing& narrowing) {
    const std::string_view value = query.value(narrowing.name);
    if (narrowing.allowed.empty()) {
        if (!value.empty() && !is_spec_name(value)) {
            return fail(ErrorCode::argument, fmt::format("{}={} is no name of a sink, as console is",
                                                         narrowing.name, in_quotes(value)));
        }
    } else if (const auto found = query.one_of(narrowing.name, narrowing.allowed); !found) {
        return std::unexpected(found.error());
    }
    if (!value.empty()) {
        asked.where.push_back({narrowing.name, std::string(value)});
    }
    return {};
}

Result<void> set_times(StoreQuery& asked, const Query& query) {
    const auto since = query.time("since");
    const auto until = query.time("until");
    if (!since || !until) {
        return std::unexpected(since ? until.error() : since.error());
    }
    if (*since) {
        asked.since_ms = (*since)->ms;
    }
    if (*until) {
        asked.until_ms = (*until)->ms;
    }
    return {};
}

Result<Asked> asked_for(const ApiContext& context, const StoredList& list, const Query& query) {
    Asked asked{.query = {.table = list.table}};
    asked.query.where.push_back({"exchange", context.service.exchange()});
    if (const auto times = set_times(asked.query, query); !times) {
        return std::unexpected(times.error());
    }
    const auto limit = query.number("limit", page_usual, 1, page_most);
    if (!limit) {
        return std::unexpected(limit.error());
    }
    asked.limit = *limit;
    const std::string_view symbol = query.value("symbol");
    if (!symbol.empty() && !is_symbol_name(symbol)) {
        return fail(ErrorCode::argument,
                    fmt::format("symbol={} is no name of a contract, as BTCUSDT is", in_quotes(symbol)));
    }
    if (!symbol.empty()) {
        asked.query.where.push_back({"symbol", std::string(symbol)});
    }
    for (const auto& narrowing : list.narrowings) {
        if (const auto narrowed = narrow(asked.query, query, narrowing); !narrowed) {
            return std::unexpected(narrowed.error());
        }
    }
    return asked;
}

Json page_json(const StoredList& list, StoredPage page) {
    Json document = {{"schema", list.schema}, {"next_until", page.next ? Json(*page.next) : Json(nullptr)}};
    document.set(list.name, std::move(page.rows));
    return document;
}

}  // namespace

Result<StoredPage> read_page(Store& store, StoreQuery query, std::size_t limit,
                             Json (*describe)(std::span<const StoreValue> row)) {
    const StoreTableSpec& spec = spec_of(query.table);
    query.newest_first = true;
    StoredPage page;
    std::size_t count = 0;
    std::int64_t last = 0;
    const auto done = store.select(query, [&](std::span<const StoreValue> row) {
        const std::int64_t time = std::get<std::int64_t>(row[spec.time_column]);
        if (count >= limit && time != last) {
            page.next = last;
            return false;
        }
        last = time;
        ++count;
        page.rows.push_back(describe(row));
        return true;
    });
    return done ? Result<StoredPage>(std::move(page)) : std::unexpected(done.error());
}

ServerAnswer page_answer(const ApiContext& context, const StoredList& list, const Query& query) {
    auto asked = asked_for(context, list, query);
    if (!asked) {
        return {.http = bad_parameter(asked.error())};
    }
    return answer_from_store(context, [asked = *std::move(asked), list](Store& store) -> Result<MakeAnswer> {
        auto page = read_page(store, asked.query, asked.limit, list.describe);
        if (!page) {
            return std::unexpected(page.error());
        }
        return [kept = *std::move(page), list] { return json_answer(page_json(list, kept)); };
    });
}

}  // namespace virtuoso
