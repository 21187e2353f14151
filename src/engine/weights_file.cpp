#include "engine/weights_file.hpp"

#include "base/small_file.hpp"

#include <fmt/format.h>

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0  // nothing is written
#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

namespace virtuoso {

namespace {

constexpr double sum_tolerance = 1e-6;
constexpr std::size_t file_bytes_max = std::size_t{64} << 10;

struct Place {
    std::string_view source;
    std::uint32_t line = 0;
};

std::unexpected<Error> refuse(const Place& place, const std::string& what) {
    return fail(ErrorCode::weights, fmt::format("{} line {}: {}", in_quotes(place.source), place.line, what));
}

std::string listed(std::span<const std::string_view> names) {
    return fmt::format("{}", fmt::join(names, ", "));
}

Result<double> weight_of(const toml::node& node, const Place& place, std::string_view name) {
    const auto value = node.value<double>();
    if (!node.is_number() || !value) {
        return refuse(place, fmt::format("{} is not a number: write {} = 0.25", name, name));
    }
    if (!(*value >= 0 && *value <= 1)) {
        return refuse(place, fmt::format("{} = {} must lie between 0 and 1", name, *value));
    }
    return *value;
}

/// Reads one table into `into`, whose places `names` gives.
Result<void> read_table(const toml::table& table, std::string_view title,
                        std::span<const std::string_view> names, std::span<double> into,
                        std::string_view source) {
    std::fill(into.begin(), into.end(), 0.0);
    double sum = 0;
    std::vector<std::string_view> missing(names.begin(), names.end());
    for (const auto& [key, node] : table) {
        const Place place{source, key.source().begin.line};
        const auto found = std::find(names.begin(), names.end(), key.str());
        if (found == names.end()) {
            return refuse(place, fmt::format("[{}] has no member {}; it has: {}", title, in_quotes(key.str()),
                                             listed(names)));
        }
        const auto weight = weight_of(node, place, key.str());
        if (!weight) {
            return std::unexpected(weight.error());
        }
        into[static_cast<std::size_t>(found - names.begin())] = *weight;
        std::erase(missing, key.str());
        sum += *weight;
    }
    if (std::fabs(sum - 1) > sum_tolerance) {
        return refuse({source, table.source().begin.line},
                      fmt::format("[{}] adds up to {:.6g}, not 1{}", title, sum,
                                  missing.empty() ? std::string() : "; not given: " + listed(missing)));
    }
    return {};
}

std::vector<std::string_view> component_names() {
    std::vector<std::string_view> names;
    for (const auto& spec : all_components()) {
        names.push_back(spec.name);
    }
    return names;
}

}  // namespace

Result<Weights> parse_weights(std::string_view text, std::string_view source) {
    // No name or number needs more than ASCII, and toml++ 3.3 is undefined for some letters beyond it.
    const auto foreign =
        std::find_if(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) > 0x7f; });
    if (foreign != text.end()) {
        const auto line = 1 + std::count(text.begin(), foreign, '\n');
        return refuse({source, static_cast<std::uint32_t>(line)},
                      "a character beyond ASCII: use plain letters, digits and quotes, in comments too");
    }
    const auto parsed = toml::parse(text, source);
    if (!parsed) {
        return refuse({source, parsed.error().source().begin.line},
                      std::string(parsed.error().description()));
    }
    Weights weights = Weights::standard();
    const auto names = component_names();
    for (const auto& [key, node] : parsed.table()) {
        const Place place{source, key.source().begin.line};
        const toml::table* const table = node.as_table();
        const auto id = component_named(key.str());
        if (table == nullptr || (key.str() != "components" && !id)) {
            return refuse(place, fmt::format("{} is not a table of weights; there are: components, {}",
                                             in_quotes(key.str()), listed(names)));
        }
        std::vector<std::string_view> members = names;
        std::span<double> into = weights.component;
        if (id) {
            members.clear();
            for (const auto& sub : spec_of(*id).sub_indicators) {
                members.push_back(sub.name);
            }
            into = weights.sub[static_cast<std::size_t>(*id)];
        }
        if (const auto read = read_table(*table, key.str(), members, into, source); !read) {
            return std::unexpected(read.error());
        }
    }
    return weights;
}

Result<Weights> read_weights_file(const std::string& path) {
    const auto text = read_small_file(path, file_bytes_max);
    if (!text) {
        return fail(text.error().code, fmt::format("weights file {}", text.error().message));
    }
    if (text->empty()) {
        return fail(ErrorCode::file_open, fmt::format("weights file {} is empty", in_quotes(path)));
    }
    return parse_weights(*text, path);
}

std::string weights_text(const Weights& weights) {
    std::string text = "[components]\n";
    for (const auto& spec : all_components()) {
        text +=
            fmt::format("{} = {:#.17g}\n", spec.name, weights.component[static_cast<std::size_t>(spec.id)]);
    }
    for (const auto& spec : all_components()) {
        text += fmt::format("\n[{}]\n", spec.name);
        for (std::size_t i = 0; i < spec.sub_indicators.size(); ++i) {
            text += fmt::format("{} = {:#.17g}\n", spec.sub_indicators[i].name,
                                weights.sub[static_cast<std::size_t>(spec.id)][i]);
        }
    }
    return text;
}

}  // namespace virtuoso
