#include "store_arguments.hpp"

#include "store_access.hpp"

namespace virtuoso::app {

void StoreArguments::add_to(Subcommand& command) {
    command.option("--store", store_,
                   "A file, or postgresql://USER@HOST:PORT/NAME; default: the service's own");
    command.option("--state-dir", folder_, "State folder of the service, in which its store lies");
    service_.add_file_to(command);
}

Result<StoreAddress> StoreArguments::address() const {
    if (!store_.empty()) {
        return StoreAddress::parse(store_);
    }
    auto loaded = service_.load();
    if (!loaded) {
        return std::unexpected(loaded.error().front());
    }
    if (!folder_.empty()) {
        loaded->config.state.folder = folder_;
    }
    auto address = store_address_of(loaded->config);
    if (!address) {
        return std::unexpected(address.error());
    }
    if (!*address) {
        return fail(ErrorCode::argument,
                    "[store] address is off: nothing is kept; name a store with --store");
    }
    return std::move(**address);
}

Result<std::unique_ptr<Store>> StoreArguments::open_to_read() const {
    const auto where = address();
    return where ? open_store(*where, StoreUse::read) : std::unexpected(where.error());
}

}  // namespace virtuoso::app
