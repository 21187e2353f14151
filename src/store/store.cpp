#include "store/store.hpp"

#include "store/postgres_store.hpp"
#include "store/sqlite_store.hpp"

namespace virtuoso {

Result<std::unique_ptr<Store>> open_store(const StoreAddress& address, StoreUse use) {
    return address.engine() == StoreEngine::sqlite ? open_sqlite(address, use) : open_postgres(address, use);
}

}  // namespace virtuoso
