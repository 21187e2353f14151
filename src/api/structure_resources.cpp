// What the analysis saw of a symbol.
#include "api/shard_answer.hpp"
#include "api/structure_json.hpp"

#include <array>

namespace virtuoso {

namespace {

ServerAnswer profile(const ApiContext& context, std::string_view symbol, const Query&) {
    return answer_from_shard(context, symbol, [](const TrackedSymbol& known) -> MakeAnswer {
        return [reading = read_profile(known)] { return json_answer(profile_json(reading)); };
    });
}

ServerAnswer levels(const ApiContext& context, std::string_view symbol, const Query&) {
    return answer_from_shard(context, symbol, [](const TrackedSymbol& known) -> MakeAnswer {
        return [reading = read_levels(known)] { return json_answer(levels_json(reading)); };
    });
}

constexpr std::array resources{Resource{.path = "/api/v1/symbols/{symbol}/profile", .ask = profile},
                               Resource{.path = "/api/v1/symbols/{symbol}/levels", .ask = levels}};

}  // namespace

std::span<const Resource> structure_resources() noexcept {
    return resources;
}

}  // namespace virtuoso
