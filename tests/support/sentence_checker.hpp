// Reads sentences of an analysis back and holds every number, sign, window and timeframe in them against the
// raw values of the result they were made from. What it has no pattern for is a fault.
#pragma once

#include "analysis/component.hpp"

#include <functional>
#include <map>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso::test {

class SentenceChecker {
  public:
    SentenceChecker();

    /// Empty when the sentence says what is; else what is wrong with it.
    [[nodiscard]] std::string fault_of(ComponentId component, const SubScore& sub, const std::string& text);
    /// Sentences read, by the pattern's number; every pattern that exists has an entry.
    [[nodiscard]] const std::map<std::string, std::size_t>& read() const noexcept { return read_; }

  private:
    using Check = std::function<bool(const std::smatch&, const SubScore&)>;
    struct Pattern {
        std::string sub;  ///< "orderflow.cvd"
        std::string source;
        std::regex expression;
        Check check;
    };
    void add(const std::string& sub, const std::string& source, Check check);
    void add_flow_sentences();
    void add_candle_sentences();
    void add_delta();
    void add_interest();
    void add_windows();
    void add_impact();
    void add_depth();
    void add_top();
    void add_orders();
    void add_manipulation();
    void add_positioning();
    void add_liquidations();
    void add_market();
    void add_volume_lines();
    void add_profile();
    void add_levels();
    void add_trend();
    void add_range();
    void add_gaps();
    void add_nodes();
    void add_oscillators();
    void add_momentum();

    std::vector<Pattern> patterns_;
    std::map<std::string, std::size_t> read_;
};

}  // namespace virtuoso::test
