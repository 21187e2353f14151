#include "store/migration.hpp"

#include "base/text_hash.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace virtuoso {

std::string hash_of(const Migration& migration) {
    return fmt::format("{:016x}", text_hash(migration.sql));
}

Result<std::vector<Migration>> due_migrations(StoreEngine engine, std::string_view store,
                                              std::span<const AppliedMigration> applied, StoreUse use) {
    const auto known = migrations_of(engine);
    for (const auto& step : applied) {
        const auto found = std::ranges::find(known, step.version, &Migration::version);
        if (found == known.end()) {
            return fail(
                ErrorCode::store_schema,
                fmt::format("the store {} has schema version {}, and this program knows versions up to "
                            "{}: use the version of the program that wrote it, or name another store",
                            in_quotes(store), step.version, known.back().version));
        }
        if (step.hash != hash_of(*found)) {
            return fail(
                ErrorCode::store_schema,
                fmt::format("the store {} was made by another step {} of the schema ({}, not {}): use "
                            "the program that wrote it, or name another store",
                            in_quotes(store), step.version, in_quotes(step.hash), hash_of(*found)));
        }
    }
    std::vector<Migration> due;
    for (const auto& step : known) {
        if (std::ranges::find(applied, step.version, &AppliedMigration::version) == applied.end()) {
            due.push_back(step);
        }
    }
    if (use == StoreUse::read && !due.empty()) {
        return fail(ErrorCode::store_schema,
                    fmt::format("the store {} lacks {} steps of the schema: bring it up to date with "
                                "virtuoso db migrate",
                                in_quotes(store), due.size()));
    }
    return use == StoreUse::write ? due : std::vector<Migration>{};
}

}  // namespace virtuoso
