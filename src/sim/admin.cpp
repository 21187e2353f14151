#include "sim/admin.hpp"

#include "exchange/rest_reply.hpp"
#include "exchange/symbol_name.hpp"
#include "net/url.hpp"
#include "sim/http_faults.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace virtuoso::sim {

namespace {

constexpr std::size_t faults_max = 256;
constexpr std::size_t contracts_max = 4'096;

struct Command {
    std::string_view path;
    std::string_view methods;
    HttpAnswer (*run)(const AdminAccess& access, const ServerRequest& request);
};

HttpAnswer faults(const AdminAccess& access, const ServerRequest& request) {
    if (request.method == "GET") {
        std::string list;
        for (const Fault& fault : access.faults.active()) {
            list += fault.text() + "\n";
        }
        return plain_text(200, list + fmt::format("struck {}", access.faults.struck()));
    }
    const auto fault = Fault::parse(request.body, access.now_ms);
    if (!fault) {
        return plain_text(400, fault.error().text());
    }
    if (access.faults.active().size() >= faults_max) {
        return plain_text(
            409, fmt::format("{} faults are active, more are not taken: POST /admin/clear", faults_max));
    }
    access.faults.add(*fault);
    return plain_text(200, "added " + fault->text());
}

HttpAnswer clear(const AdminAccess& access, const ServerRequest&) {
    access.faults.clear();
    return plain_text(200, "no faults");
}

HttpAnswer disconnect(const AdminAccess& access, const ServerRequest&) {
    const std::size_t clients = access.hub.clients();
    access.hub.hang_up_all();
    return plain_text(200, fmt::format("{} streams closed", clients));
}

HttpAnswer truth(const AdminAccess& access, const ServerRequest& request) {
    if (!access.truth) {
        return plain_text(404, "this exchange remembers no books");
    }
    const RestRequest question(request.target);
    return plain_text(200, access.truth(question.parameter("topic"), question.parameter("u")));
}

bool is_symbol(std::string_view text) {
    constexpr std::string_view marks = "._-";
    return !text.empty() && text.size() <= symbol_name_length_max &&
           std::all_of(text.begin(), text.end(), [&](char letter) {
               return (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
                      marks.find(letter) != std::string_view::npos;
           });
}

HttpAnswer no_symbol(std::string_view text) {
    return plain_text(400, fmt::format("the symbol {} is not allowed: expected 1 to {} of A-Z, 0-9, '.', '_' "
                                       "and '-'",
                                       in_quotes(text), symbol_name_length_max));
}

HttpAnswer list(const AdminAccess& access, const ServerRequest& request) {
    if (access.model == nullptr) {
        return plain_text(404, "the contracts of a recording are those that were recorded");
    }
    if (!is_symbol(request.body)) {
        return no_symbol(request.body);
    }
    if (access.model->find(request.body) == nullptr && access.model->size() >= contracts_max) {
        return plain_text(409, fmt::format("{} contracts are listed, more are not taken", contracts_max));
    }
    access.model->list(std::string(request.body));
    return plain_text(200, fmt::format("{} is trading", request.body));
}

HttpAnswer delist(const AdminAccess& access, const ServerRequest& request) {
    if (access.model == nullptr) {
        return plain_text(404, "the contracts of a recording are those that were recorded");
    }
    if (!is_symbol(request.body)) {
        return no_symbol(request.body);
    }
    SymbolMarket* const market = access.model->find(request.body);
    if (market == nullptr) {
        return plain_text(404, fmt::format("{} is not listed", in_quotes(request.body)));
    }
    market->instrument().trading = false;
    return plain_text(200, fmt::format("{} is no longer trading", request.body));
}

constexpr std::array<Command, 6> commands{{{"/admin/faults", "GET, POST", faults},
                                           {"/admin/clear", "POST", clear},
                                           {"/admin/disconnect", "POST", disconnect},
                                           {"/admin/list", "POST", list},
                                           {"/admin/delist", "POST", delist},
                                           {"/admin/truth", "GET", truth}}};

/// "127.0.0.1:8090", "localhost:8090", "[::1]:8090"; a port that is told is that which the request came to.
bool is_this_machine(std::string_view host, std::uint16_t port) {
    const auto name = host_without_port(host);
    const bool loopback = name == "127.0.0.1" || name == "localhost" || name == "[::1]";
    const auto rest = host.substr(name.size());
    if (!loopback || rest.empty()) {
        return loopback;
    }
    std::uint16_t told = 0;
    const auto [last, code] = std::from_chars(rest.data() + 1, rest.data() + rest.size(), told);
    return rest.front() == ':' && code == std::errc{} && last == rest.data() + rest.size() && told > 0 &&
           (port == 0 || told == port);
}

/// Empty when the request may command.
std::string objection(const ServerRequest& request) {
    if (const auto origin = header_named(request.headers, "Origin"); !origin.empty()) {
        return fmt::format("a web page at {} asked for this: only programs on this machine may",
                           in_quotes(origin));
    }
    const auto host = header_named(request.headers, "Host");
    return host.empty() || is_this_machine(host, request.port)
               ? std::string{}
               : fmt::format(
                     "the request is for the host {}: expected 127.0.0.1 or localhost, with the port "
                     "of this exchange",
                     in_quotes(host));
}

}  // namespace

HttpAnswer answer_admin(const AdminAccess& access, const ServerRequest& request) {
    if (const std::string reason = objection(request); !reason.empty()) {
        return plain_text(403, reason);
    }
    const auto path = RestRequest(request.target).path();
    const auto* const command = std::find_if(commands.begin(), commands.end(),
                                             [&](const Command& known) { return known.path == path; });
    if (command == commands.end()) {
        return plain_text(404,
                          fmt::format("{} is not known: expected /admin/faults, clear, disconnect, list, "
                                      "delist or truth",
                                      in_quotes(path)));
    }
    if (command->methods.find(request.method) == std::string_view::npos) {
        return not_allowed(command->methods);
    }
    return command->run(access, request);
}

}  // namespace virtuoso::sim
