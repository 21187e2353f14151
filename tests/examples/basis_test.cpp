// The sub-indicator of docs/extending.md, on the real state and in the real component.
#include "examples/basis.hpp"

#include "support/sentence_patterns.hpp"

#include <gtest/gtest.h>

#include <iterator>
#include <numeric>
#include <regex>

namespace virtuoso {
namespace {

using examples::basis_sentence;
using examples::write_basis;

constexpr ExchangeTime now{1'717'200'000'000};

SubScore empty() {
    SubScore sub;
    sub.name = "basis";
    sub.weight = .10;
    return sub;
}

SubScore basis_of(double mark, double index) {
    const auto price = [](double value) { return Price{std::llround(value * 1e8)}; };
    SymbolState state("X");
    state.apply({"X", now,
                 TickerUpdate{
                     .time = now, .snapshot = true, .mark_price = price(mark), .index_price = price(index)}});
    SubScore sub = empty();
    write_basis(sub, state, now + 250);
    return sub;
}

// docs: basis pattern
const std::string basis_pattern = "The mark price stands " + test::number + " bps (above|below) its index";

bool basis_says_what_is(const std::smatch& m, const SubScore& s) {
    const double bps = test::raw(s, "basis_bps");
    return test::is(m[1], std::fabs(bps)) && (bps >= 0) == (m[2] == "above") && test::same_sign(s, -bps);
}
// docs: end

TEST(ExampleSubIndicator, HasTheValueThatIsComputedByHand) {
    const SubScore sub = basis_of(100.1, 100);  // 10 bps above: −tanh(1)
    ASSERT_TRUE(sub.lean);
    EXPECT_NEAR(*sub.raw_value("basis_bps"), 10, 1e-9);
    EXPECT_NEAR(*sub.lean, -0.7615941559557649, 1e-9);
    EXPECT_EQ(sub.age_ms, 250);
    EXPECT_EQ(sub.reading, Reading::bearish);
    EXPECT_NEAR(*basis_of(99.9, 100).lean, 0.7615941559557649, 1e-9) << "below it, the mirror";
}

TEST(ExampleSubIndicator, IsAbsentWithoutAPrice) {
    SubScore sub = empty();
    write_basis(sub, SymbolState("X"), now);
    EXPECT_FALSE(sub.lean);
    EXPECT_EQ(sub.absence, Absence::no_data);
}

TEST(ExampleSubIndicator, CountsInItsComponentByItsWeight) {
    ComponentResult result(ComponentId::sentiment);
    ASSERT_LT(result.sub_count, sub_indicators_max) << "there is room for one more";
    result.subs[result.sub_count++] = basis_of(100.1, 100);
    result.sub("risk").set_lean(0.5);  // .12
    result.combine();
    EXPECT_NEAR(*result.score, 50 * (1 + (.12 * 0.5 - .10 * 0.7615941559557649) / .22), 1e-9);
    EXPECT_NEAR(result.coverage, .22 / 1.10, 1e-12);
}

TEST(ExampleSubIndicator, ItsWeightsAreTheComponentsWithOneMore) {
    const auto now_there = spec_of(ComponentId::sentiment).sub_indicators;
    ASSERT_EQ(std::size(examples::sentiment_subs), now_there.size() + 1);
    double sum = 0;
    for (std::size_t i = 0; i < std::size(examples::sentiment_subs); ++i) {
        sum += examples::sentiment_subs[i].weight;
        EXPECT_TRUE(i == now_there.size() || examples::sentiment_subs[i].name == now_there[i].name);
    }
    EXPECT_NEAR(sum, 1, 1e-12);
}

TEST(ExampleSubIndicator, ItsSentenceSaysWhatIs) {
    const std::regex pattern(basis_pattern);
    for (const double mark : {100.1, 99.9, 100.0, 100.00003}) {
        const SubScore sub = basis_of(mark, 100);
        const std::string text = basis_sentence(sub);
        std::smatch found;
        ASSERT_TRUE(std::regex_match(text, found, pattern)) << text;
        EXPECT_TRUE(basis_says_what_is(found, sub)) << text;
        SubScore mirrored = sub;
        mirrored.lean = *sub.lean == 0 ? 0.5 : -*sub.lean;
        EXPECT_FALSE(basis_says_what_is(found, mirrored)) << text;
    }
}

}  // namespace
}  // namespace virtuoso
