#include "support/sentence_checker.hpp"

namespace virtuoso::test {

SentenceChecker::SentenceChecker() {
    add_flow_sentences();
    add_candle_sentences();
}

void SentenceChecker::add(const std::string& sub, const std::string& source, Check check) {
    patterns_.push_back({sub, source, std::regex(source, std::regex::optimize), std::move(check)});
    read_[sub + ": " + source] = 0;
}

std::string SentenceChecker::fault_of(ComponentId component, const SubScore& sub, const std::string& text) {
    const std::string name = std::string(spec_of(component).name) + "." + std::string(sub.name);
    for (const auto& pattern : patterns_) {
        std::smatch match;
        if (pattern.sub != name || !std::regex_match(text, match, pattern.expression)) {
            continue;
        }
        ++read_[pattern.sub + ": " + pattern.source];
        return pattern.check(match, sub) ? std::string() : name + " does not say what is: " + text;
    }
    return name + " has a sentence of no known kind: " + text;
}

}  // namespace virtuoso::test
