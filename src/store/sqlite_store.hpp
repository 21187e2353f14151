// The store in a file of SQLite.
#pragma once

#include "store/store.hpp"

#include <memory>

namespace virtuoso {

/// See open_store.
[[nodiscard]] Result<std::unique_ptr<Store>> open_sqlite(const StoreAddress& address, StoreUse use);

}  // namespace virtuoso
