// Which contracts are the most traded ones, without a border that churns.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace virtuoso {

/// A contract that is trading, and its turnover of 24 h in quote currency; 0 where it is not known.
struct RankedContract {
    std::string name;
    double turnover = 0;
};

/// The `count` most traded contracts, ranked anew with every `update`. Who is in stays in while it is
/// trading, unless somebody outside is traded more than it by the hysteresis share, or it falls below the
/// minimum by that share. So turnovers that move by less than that change nothing. There are always `count`
/// members, or as many as qualify; those of `included` are members while they are trading, whatever they are
/// worth, and take places of the count. What is told decides alone; ties go by name. O(n log n) an update of
/// n contracts.
class DeepRanking {
  public:
    struct Options {
        std::size_t count = 50;
        double turnover_min = 0;  ///< to enter; to leave it has to fall below it by the hysteresis share
        double hysteresis = 0.1;  ///< share, ≥ 0
        std::vector<std::string> included = {};  ///< exact names
        std::vector<std::string> excluded = {};  ///< likewise; stronger than `included`
    };
    struct Change {
        std::vector<std::string> added;    ///< most traded first
        std::vector<std::string> removed;  ///< by name
        [[nodiscard]] bool empty() const noexcept { return added.empty() && removed.empty(); }
    };

    explicit DeepRanking(Options options) : options_(std::move(options)) {}

    /// `trading`: everything that may be a member; a name that comes twice counts once, with its larger
    /// turnover. What is not in it leaves.
    Change update(std::span<const RankedContract> trading);

    /// Members by choice from the next update on.
    void include(std::vector<std::string> names) { options_.included = std::move(names); }

    /// Most traded first.
    [[nodiscard]] const std::vector<std::string>& members() const noexcept { return members_; }
    [[nodiscard]] bool contains(const std::string& name) const { return inside_.contains(name); }

  private:
    using Names = std::set<std::string, std::less<>>;
    using Turnovers = std::map<std::string, double, std::less<>>;

    [[nodiscard]] Turnovers eligible(std::span<const RankedContract> trading) const;
    [[nodiscard]] Names kept(const Turnovers& turnovers) const;
    void fill(Names& inside, const Turnovers& turnovers) const;
    [[nodiscard]] bool is_included(const std::string& name) const;

    Options options_;
    Names inside_;
    std::vector<std::string> members_;
};

}  // namespace virtuoso
