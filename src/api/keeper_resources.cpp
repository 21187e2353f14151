#include "api/keeper_json.hpp"
#include "api/problem.hpp"
#include "api/resource.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace virtuoso {

namespace {

constexpr std::size_t runs_default = 20;

HttpAnswer keeper(const ApiContext& context, std::string_view, const Query& query) {
    const auto limit = query.number("limit", runs_default, 1, KeeperHistory::runs_max);
    return limit ? json_answer(keeper_json(context.service.keeper().report(*limit)))
                 : bad_parameter(limit.error());
}

HttpAnswer run(const ApiContext& context, std::string_view part, const Query&) {
    std::uint64_t number = 0;
    const auto read = std::from_chars(part.data(), part.data() + part.size(), number);
    const bool is_number = read.ec == std::errc{} && read.ptr == part.data() + part.size();
    const auto found = is_number ? context.service.keeper().find(number) : MemoryKeeper::Lookup{};
    if (!found.known || (found.over && !found.run)) {
        return problem(404, "No such run",
                       fmt::format("run {} did not begin yet, or is older than the {} that are kept: "
                                   "/api/v1/keeper lists them",
                                   in_quotes(part), KeeperHistory::runs_max));
    }
    return json_answer(keeper_run_json(number, found));
}

// A run takes as long as the slowest shard: whoever waits for it must not keep others from being answered.
HttpAnswer ask(const ApiContext& context) {
    const std::uint64_t number = context.service.keeper().ask();
    HttpAnswer answer = json_answer(keeper_run_json(number, {.known = true, .over = false, .run = {}}));
    answer.status = 202;
    answer.headers.push_back({"Location", fmt::format("/api/v1/keeper/runs/{}", number)});
    return answer;
}

constexpr std::array<std::string_view, 1> keeper_parameters{"limit"};
constexpr std::array resources{
    Resource{.path = "/api/v1/keeper", .parameters = keeper_parameters, .get = keeper},
    Resource{.path = "/api/v1/keeper/run", .post = ask},
    Resource{.path = "/api/v1/keeper/runs/{number}", .get = run}};

}  // namespace

std::span<const Resource> keeper_resources() noexcept {
    return resources;
}

}  // namespace virtuoso
