#include "api/store_answer.hpp"

#include "api/problem.hpp"

#include <fmt/format.h>

#include <utility>

namespace virtuoso {

namespace {

HttpAnswer not_readable(const Error& error) {
    return problem(503, "The store cannot be read now", fmt::format("{}: ask again later", error.text()));
}

}  // namespace

ServerAnswer answer_from_store(const ApiContext& context, ReadStore read) {
    StoreReader* const reader = context.service.reader();
    if (reader == nullptr) {
        return {.http = problem(503, "Nothing is kept",
                                "this service runs without a store ([store] address = \"off\"): what was is "
                                "not known")};
    }
    return {.http = problem(503, "The store is busy",
                            "too many questions wait for the store: ask again in some seconds"),
            .elsewhere = [reader, kept = std::move(read)](const ServerReply& reply) {
                reader->ask([kept, reply](Result<std::reference_wrapper<Store>> store) {
                    auto made = store ? kept(store->get()) : std::unexpected(store.error());
                    reply(made ? *std::move(made) : [error = made.error()] { return not_readable(error); });
                });
            }};
}

}  // namespace virtuoso
