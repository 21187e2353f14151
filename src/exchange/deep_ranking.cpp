#include "exchange/deep_ranking.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace virtuoso {

namespace {

bool holds(const std::vector<std::string>& names, const std::string& name) {
    return std::ranges::find(names, name) != names.end();
}

/// Names with their turnovers, the most traded first.
std::vector<RankedContract> ranked(const std::map<std::string, double, std::less<>>& turnovers) {
    std::vector<RankedContract> all;
    all.reserve(turnovers.size());
    for (const auto& [name, turnover] : turnovers) {
        all.push_back({name, turnover});
    }
    std::ranges::stable_sort(
        all, [](const RankedContract& a, const RankedContract& b) { return a.turnover > b.turnover; });
    return all;
}

}  // namespace

bool DeepRanking::is_included(const std::string& name) const {
    return holds(options_.included, name);
}

DeepRanking::Turnovers DeepRanking::eligible(std::span<const RankedContract> trading) const {
    Turnovers turnovers;
    for (const auto& contract : trading) {
        const auto [entry, added] = turnovers.emplace(contract.name, contract.turnover);
        entry->second = std::max(entry->second, contract.turnover);
    }
    for (const auto& name : options_.excluded) {
        turnovers.erase(name);
    }
    return turnovers;
}

// The members that have no reason to leave by themselves, and everybody who is in by choice.
DeepRanking::Names DeepRanking::kept(const Turnovers& turnovers) const {
    const double leaves_below = options_.turnover_min / (1 + options_.hysteresis);
    Names inside;
    for (const auto& [name, turnover] : turnovers) {
        if (is_included(name) || (inside_.contains(name) && turnover >= leaves_below)) {
            inside.insert(name);
        }
    }
    return inside;
}

// Free places go to the most traded outside. Then the best one outside is held against the weakest inside.
void DeepRanking::fill(Names& inside, const Turnovers& turnovers) const {
    std::vector<RankedContract> outside = ranked(turnovers);
    std::vector<RankedContract> weakest;  // first, of those that may be displaced
    for (const auto& contract : outside) {
        if (inside.contains(contract.name) && !is_included(contract.name)) {
            weakest.push_back(contract);
        }
    }
    std::ranges::reverse(weakest);
    std::erase_if(outside, [&](const RankedContract& contract) {
        return inside.contains(contract.name) || contract.turnover < options_.turnover_min;
    });
    auto best = outside.begin();
    auto displaced = weakest.begin();
    for (; inside.size() > options_.count && displaced != weakest.end(); ++displaced) {
        inside.erase(displaced->name);
    }
    for (; inside.size() < options_.count && best != outside.end(); ++best) {
        inside.insert(best->name);
    }
    while (best != outside.end() && displaced != weakest.end() &&
           best->turnover > displaced->turnover * (1 + options_.hysteresis)) {
        inside.erase(displaced->name);
        inside.insert(best->name);
        ++best;
        ++displaced;
    }
}

DeepRanking::Change DeepRanking::update(std::span<const RankedContract> trading) {
    const Turnovers turnovers = eligible(trading);
    Names inside = kept(turnovers);
    fill(inside, turnovers);
    Change change;
    std::ranges::set_difference(inside_, inside, std::back_inserter(change.removed));
    members_.clear();
    for (const auto& contract : ranked(turnovers)) {
        if (!inside.contains(contract.name)) {
            continue;
        }
        members_.push_back(contract.name);
        if (!inside_.contains(contract.name)) {
            change.added.push_back(contract.name);
        }
    }
    inside_ = std::move(inside);
    return change;
}

}  // namespace virtuoso
