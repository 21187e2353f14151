// How a store's schema becomes that of this program.
#pragma once

#include "base/error.hpp"
#include "store/store.hpp"
#include "store/store_engine.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

/// One step of the schema. Its text never changes once it was released.
struct Migration {
    std::int64_t version = 0;  ///< from 1, without gaps
    std::string_view name;     ///< "0001_results"
    std::string_view sql;
};

/// Of one engine, in the order of their versions.
[[nodiscard]] std::span<const Migration> migrations_of(StoreEngine engine) noexcept;

/// A step that a store has gone, as its table `schema_version` tells.
struct AppliedMigration {
    std::int64_t version = 0;
    std::string hash;
};

/// Sixteen hexadecimal digits: the same text has the same.
[[nodiscard]] std::string hash_of(const Migration& migration);

/// The steps that a store has to go now, for this use of it. Error: store_schema when it has gone further
/// than this program knows, or another way, or not far enough to be read. `store`: its name for messages.
[[nodiscard]] Result<std::vector<Migration>> due_migrations(StoreEngine engine, std::string_view store,
                                                            std::span<const AppliedMigration> applied,
                                                            StoreUse use);

}  // namespace virtuoso
