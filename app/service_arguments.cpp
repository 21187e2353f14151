#include "service_arguments.hpp"

#include "command.hpp"
#include "service_address.hpp"

namespace virtuoso::app {

void ServiceArguments::add_to(Subcommand& command) {
    config.add_file_to(command);
    command.option("--url", url,
                   "The service's address; default: http:// and what the configuration has for [api] listen");
    command.option("--token-file", token_file, std::string(token_help));
}

int with_service(const ServiceArguments& arguments, const std::function<int(ServiceClient&)>& ask) {
    const auto address = service_address(arguments.url, arguments.config);
    if (!address) {
        return report(address.error());
    }
    auto service = ServiceClient::open(*address, arguments.token_file);
    if (!service) {
        return report(service.error());
    }
    return ask(**service);
}

}  // namespace virtuoso::app
