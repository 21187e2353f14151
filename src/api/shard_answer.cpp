#include "api/shard_answer.hpp"

#include "api/problem.hpp"

#include <fmt/format.h>

#include <utility>

namespace virtuoso {

HttpAnswer no_such_symbol(std::string_view symbol) {
    return problem(404, "No such symbol",
                   fmt::format("symbol {} is not followed, or was not evaluated yet: /api/v1/symbols lists "
                               "those that are",
                               in_quotes(symbol)));
}

HttpAnswer shard_is_silent(std::string_view symbol) {
    return problem(503, "The symbol's shard does not answer",
                   fmt::format("the shard that follows {} is being made anew: ask again in some seconds, "
                               "/api/v1/health has how it is",
                               in_quotes(symbol)));
}

ServerAnswer answer_from_shard(const ApiContext& context, std::string_view symbol, ReadSymbol read) {
    if (context.service.results().look(symbol) == nullptr) {
        return {.http = no_such_symbol(symbol)};
    }
    return {.http = shard_is_silent(symbol),
            .elsewhere = [&service = context.service, name = std::string(symbol),
                          kept = std::move(read)](const ServerReply& reply) {
                static_cast<void>(service.look_at(name, [name, kept, reply](const TrackedSymbol* known) {
                    reply(known != nullptr ? kept(*known) : [name] { return no_such_symbol(name); });
                }));
            }};
}

}  // namespace virtuoso
