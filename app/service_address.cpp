#include "service_address.hpp"

#include "service/listen_address.hpp"

#include <fmt/format.h>

namespace virtuoso::app {

std::expected<std::string, ConfigErrors> service_address(const std::string& url,
                                                         const ServiceConfigArguments& config) {
    if (!url.empty()) {
        return url;
    }
    const auto loaded = config.load();
    if (!loaded) {
        return std::unexpected(loaded.error());
    }
    const std::string& listen = loaded->config.api.listen;
    const auto address = ListenAddress::parse(listen);
    if (!address) {
        return std::unexpected(ConfigErrors{address.error()});
    }
    if (address->port == 0) {
        return std::unexpected(ConfigErrors{
            {ErrorCode::argument,
             fmt::format("[api] listen = {} takes any free port: give the address that the service printed "
                         "with --url",
                         in_quotes(listen))}});
    }
    return fmt::format("http://{}", listen);
}

}  // namespace virtuoso::app
