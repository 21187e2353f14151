#include "alert/alert_setup.hpp"

#include "alert/spec_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace virtuoso {

namespace {

template <typename T>
Result<void> check_names(const std::vector<T>& list, std::string_view what) {
    std::set<std::string_view> names;
    for (const auto& element : list) {
        if (!names.insert(element.name).second) {
            return fail(ErrorCode::config, fmt::format("{} {} is given twice: give each a name of its own",
                                                       what, in_quotes(element.name)));
        }
    }
    return {};
}

Result<void> check_targets(const AlertRule& rule, const std::vector<std::string_view>& names) {
    for (const auto& sink : rule.sinks) {
        if (std::ranges::find(names, sink) == names.end()) {
            return fail(ErrorCode::config,
                        fmt::format("alert rule {}, to = {}: there is no such sink{}; there are: {}",
                                    in_quotes(rule.name), in_quotes(sink), offer_for(sink, names),
                                    names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "))));
        }
    }
    return {};
}

}  // namespace

Result<AlertSetup> AlertSetup::parse(const std::vector<std::string>& sinks,
                                     const std::vector<std::string>& rules) {
    AlertSetup setup;
    for (const auto& text : sinks) {
        auto sink = SinkSpec::parse(text);
        if (!sink) {
            return std::unexpected(std::move(sink.error()));
        }
        setup.sinks.push_back(*std::move(sink));
    }
    for (const auto& text : rules) {
        auto rule = AlertRule::parse(text);
        if (!rule) {
            return std::unexpected(std::move(rule.error()));
        }
        setup.rules.push_back(*std::move(rule));
    }
    std::vector<std::string_view> names;
    names.reserve(setup.sinks.size());
    for (const auto& sink : setup.sinks) {
        names.push_back(sink.name);
    }
    auto checked = check_names(setup.sinks, "alert sink");
    if (checked) {
        checked = check_names(setup.rules, "alert rule");
    }
    for (std::size_t at = 0; checked && at < setup.rules.size(); ++at) {
        checked = check_targets(setup.rules[at], names);
    }
    if (!checked) {
        return std::unexpected(std::move(checked.error()));
    }
    return setup;
}

bool AlertSetup::has_sink_for(const Occurrence& occurrence) const {
    return std::ranges::any_of(rules, [&](const AlertRule& rule) {
        return rule.matches(occurrence) && std::ranges::any_of(sinks, [&](const SinkSpec& sink) {
                   return rule.goes_to(sink.name) && sink.accepts(occurrence);
               });
    });
}

Result<std::vector<AlertSink>> resolve_sinks(const std::vector<SinkSpec>& sinks,
                                             const Secret::Lookup& environment) {
    std::vector<AlertSink> resolved;
    for (const auto& spec : sinks) {
        auto sink = AlertSink::resolve(spec, environment);
        if (!sink) {
            return std::unexpected(std::move(sink.error()));
        }
        resolved.push_back(*std::move(sink));
    }
    return resolved;
}

}  // namespace virtuoso
