// The store on a PostgreSQL server.
#pragma once

#include "store/store.hpp"

#include <memory>

namespace virtuoso {

/// See open_store.
[[nodiscard]] Result<std::unique_ptr<Store>> open_postgres(const StoreAddress& address, StoreUse use);

}  // namespace virtuoso
