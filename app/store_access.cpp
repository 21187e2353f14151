#include "store_access.hpp"

#include "service/state_folder.hpp"
#include "service_config_arguments.hpp"

#include <fmt/format.h>

#include <utility>

namespace virtuoso::app {

namespace {

/// That may be over by itself, so that the service need not wait for it.
bool may_pass(const StoreAddress& address, const Error& error) {
    return error.code == ErrorCode::store_busy ||
           (error.code == ErrorCode::store_open && address.engine() == StoreEngine::postgres);
}

}  // namespace

Result<std::filesystem::path> state_folder_of(const ServiceConfig& config) {
    if (!config.state.folder.empty()) {
        return std::filesystem::path(config.state.folder);
    }
    return default_state_folder(machine_lookup());
}

Result<std::optional<StoreAddress>> store_address_of(const ServiceConfig& config) {
    if (config.store.address == "off") {
        return std::nullopt;
    }
    std::string text = config.store.address;
    if (text.empty()) {
        const auto folder = state_folder_of(config);
        if (!folder) {
            return std::unexpected(folder.error());
        }
        text = (*folder / "virtuoso.db").string();
    }
    auto address = StoreAddress::parse(text);
    if (!address) {
        return std::unexpected(address.error());
    }
    return std::move(*address);
}

Result<StorePlan> plan_store(const ServiceConfig& config, ServiceLog& log) {
    const auto address = store_address_of(config);
    if (!address) {
        return std::unexpected(address.error());
    }
    StorePlan plan;
    if (!*address) {
        log.info("store", "start", "Nothing is kept: [store] address is off");
        return plan;
    }
    const StoreAddress& place = **address;
    auto store = open_store(place, StoreUse::write);
    if (store) {
        plan.store = std::move(*store);
        log.info("store", "start", fmt::format("Results are kept in {}", place.shown()));
    } else if (may_pass(place, store.error())) {
        log.warn("store", "start",
                 fmt::format("Not reached yet, it is tried again: {}", store.error().text()));
    } else {
        return std::unexpected(store.error());
    }
    plan.open = [place] { return open_store(place, StoreUse::write); };
    plan.open_to_read = [place] { return open_store(place, StoreUse::read); };
    plan.exchange = config.exchange.name;
    plan.goes_on = config.exchange.name != "sim";  // its market begins anew with every process
    return plan;
}

}  // namespace virtuoso::app
