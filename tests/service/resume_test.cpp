// What a service saves of its symbols and the next one goes on from: after a pause of any length it knows
// what one knows that was never away.
#include "exchange/binance/dialect.hpp"
#include "exchange/bybit/dialect.hpp"
#include "service/saved_symbols.hpp"
#include "service/shard_session.hpp"
#include "sim/simulated_binance.hpp"
#include "sim/simulated_exchange.hpp"
#include "support/temporary_file.hpp"
#include "support/virtual_network.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace virtuoso {
namespace {

constexpr std::int64_t start_ms = 1'795'567'266'970;
constexpr std::size_t symbols = 4;
constexpr std::string_view source = "an exchange of a test";

struct Bybit {
    using Exchange = sim::SimulatedExchange;
    using Dialect = bybit::BybitDialect;
    static constexpr int depth = 50;
};
struct Binance {
    using Exchange = sim::SimulatedBinance;
    using Dialect = binance::UsdmDialect;
    static constexpr int depth = 100;
};

/// An exchange and one service on it, which can be stopped and started again.
template <typename Kind>
class Place final : public Clock, public ShardOutput {
  public:
    explicit Place(const std::filesystem::path& folder, std::int64_t age_ms_max = ms_per_hour * 12)
        : folder_(folder), age_ms_max_(age_ms_max) {
        new_network();
        begin();
    }
    ~Place() override { end(); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    void run(std::int64_t ms) {
        for (std::int64_t passed = 0; passed < ms; passed += 100) {
            network_->run(100);
            if (session_) {
                session_->turn();
            }
        }
    }
    /// Stops it as SIGTERM does; `killed`: as SIGKILL does.
    void end(bool killed = false) {
        if (session_ && !killed) {
            session_->stop();
        }
        network_->end_streams({ErrorCode::network, "stopped"});
        session_.reset();
        saver_.reset();
        new_network();
    }
    void begin() {
        requests = 0;
        results.clear();
        notices.clear();
        saver_ = std::make_unique<SymbolSaver>(SymbolSaver::Settings{folder_, std::string(source)}, *this,
                                               [](const std::string&) {});
        ShardSettings settings;
        settings.feed.book_depth = Kind::depth;
        settings.feed.seed = 1;
        settings.interval_ns = 1'000'000'000;
        settings.saver = saver_.get();
        settings.save_every_ns = 60'000'000'000;
        settings.saved_age_ms_max = age_ms_max_;
        settings.saved = std::make_shared<SavedSymbols>(
            folder_, source, [this](std::string text) { notices.push_back(std::move(text)); });
        session_ = std::make_unique<ShardSession>(std::move(settings), *network_,
                                                  std::make_unique<typename Kind::Dialect>(), *this, *this);
        session_->start();
    }
    void set_reachable(bool reachable) { network_->set_reachable(reachable); }
    [[nodiscard]] ShardSession& session() { return *session_; }
    [[nodiscard]] std::vector<std::string> names() { return session_->feed().symbols(); }
    [[nodiscard]] const TrackedSymbol& symbol(const std::string& name) {
        return *session_->session().find(name);
    }

    /// How often it said that all symbols go on from what was saved.
    [[nodiscard]] std::ptrdiff_t resumed() const {
        return std::ranges::count_if(
            notices, [](const auto& text) { return text.starts_with("4 of 4 symbols go on"); });
    }

    std::map<std::string, ResultPointer> results;  ///< the newest, since it was begun
    std::vector<std::string> notices;
    std::size_t requests = 0;
    std::string refused;  ///< requests that hold this are not answered
    bool hang = false;    ///< and nobody is told
    std::size_t refusals = 0;

  private:
    void new_network() {
        networks_.push_back(std::make_unique<test::VirtualNetwork>(exchange_, 3));
        network_ = networks_.back().get();
        network_->on_request = [this] { ++requests; };
        network_->instead_of_answer = [this](const std::string& target) {
            std::optional<Result<HttpAnswer>> instead;
            if (!refused.empty() && target.contains(refused)) {
                ++refusals;
                instead =
                    fail(ErrorCode::network, hang ? test::VirtualNetwork::hanging : "refused by a test");
            }
            return instead;
        };
    }
    [[nodiscard]] LocalTime now() const override { return network_->now(); }
    void put(ShardMessage message) override {
        if (auto* const result = std::get_if<ResultPointer>(&message)) {
            results[(*result)->symbol] = std::move(*result);
        } else if (const auto* const notice = std::get_if<FeedNotice>(&message)) {
            notices.push_back(notice->text);
        }
    }

    std::filesystem::path folder_;
    std::int64_t age_ms_max_;
    typename Kind::Exchange exchange_{{.symbols = symbols, .seed = 9, .start = {start_ms}}};
    std::vector<std::unique_ptr<test::VirtualNetwork>>
        networks_;  ///< calls on their way name those that ended
    test::VirtualNetwork* network_ = nullptr;
    std::unique_ptr<SymbolSaver> saver_;
    std::unique_ptr<ShardSession> session_;
};

std::string text_of(const CandleBook& candles) {
    std::string text;
    for (const Timeframe timeframe : all_timeframes) {
        const auto& closed = candles.series(timeframe).closed();
        for (std::size_t i = 0; i < closed.size(); ++i) {
            const Candle candle = closed[i];
            text += fmt::format("{} {} {} {} {} {} {:.6f} {}\n", name_of(timeframe), candle.open_time.ms,
                                candle.open.units, candle.high.units, candle.low.units, candle.close.units,
                                candle.volume, candle.partial);
        }
    }
    return text;
}

/// Times of the points; polls and samples of the present are made at times of their own, so the newest may
/// lack.
template <typename Point>
std::vector<std::int64_t> times_of(const BoundedRing<Point>& ring, std::int64_t before_ms) {
    std::vector<std::int64_t> times;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        if (ring[i].time.ms < before_ms && ring[i].time.ms > before_ms - ms_per_day + ms_per_hour) {
            times.push_back(ring[i].time.ms);
        }
    }
    return times;
}

template <typename Kind>
void expect_same_after(std::int64_t pause_ms) {
    const test::TemporaryDirectory here;
    const test::TemporaryDirectory elsewhere;
    Place<Kind> away(here.path());
    Place<Kind> never(elsewhere.path());
    away.run(5'000);
    const std::size_t cold = away.requests;
    away.run(125'000);
    never.run(130'000);
    away.end();
    away.run(pause_ms);
    never.run(pause_ms);
    away.begin();
    away.run(5'000);
    never.run(5'000);
    EXPECT_LT(away.requests, cold * 2 / 3);
    ASSERT_EQ(away.results.size(), symbols);
    for (const auto& [name, result] : away.results) {
        for (const auto& component : result->confluence.components) {
            EXPECT_TRUE(component.score) << name << ": " << spec_of(component.id).name << " has no score";
        }
    }
    away.run(130'000);
    never.run(130'000);
    for (const auto& name : never.names()) {
        const SymbolState& is = away.symbol(name).state;
        const SymbolState& would_be = never.symbol(name).state;
        const std::int64_t settled_ms = is.as_of().ms - 6 * ms_per_minute;
        EXPECT_EQ(text_of(is.candles()), text_of(would_be.candles())) << name;
        EXPECT_EQ(times_of(is.open_interest(), settled_ms), times_of(would_be.open_interest(), settled_ms));
        EXPECT_EQ(times_of(is.account_ratio(), settled_ms), times_of(would_be.account_ratio(), settled_ms));
        EXPECT_EQ(times_of(is.funding(), settled_ms), times_of(would_be.funding(), settled_ms));
    }
}

TEST(Resume, BybitAfterAnyPauseKnowsWhatWasNeverAway) {
    for (const std::int64_t pause_ms : {2'000, 61'000, 400'000, 1'000'000}) {
        SCOPED_TRACE(pause_ms);
        expect_same_after<Bybit>(pause_ms);
    }
}

TEST(Resume, BinanceAfterAnyPauseKnowsWhatWasNeverAway) {
    for (const std::int64_t pause_ms : {2'000, 400'000}) {
        SCOPED_TRACE(pause_ms);
        expect_same_after<Binance>(pause_ms);
    }
}

// What it has asked for and not got is not known.
TEST(Resume, WhatIsStoppedWhileItCatchesUpMissesNothing) {
    const test::TemporaryDirectory here;
    const test::TemporaryDirectory elsewhere;
    Place<Bybit> place(here.path());
    Place<Bybit> never(elsewhere.path());
    place.run(130'000);
    place.set_reachable(false);
    place.run(1'200'000);
    place.refused = "/kline";
    place.hang = true;
    place.set_reachable(true);
    std::int64_t stopped_after_ms = 500;
    for (; place.refusals < symbols; stopped_after_ms += 100) {
        ASSERT_LT(stopped_after_ms, 120'000) << "nothing is asked for";
        place.run(100);
    }
    place.run(500);
    place.end();
    place.refused.clear();
    place.begin();
    place.run(130'000);
    never.run(130'000 + 1'200'000 + stopped_after_ms + 130'000);
    for (const auto& name : never.names()) {
        EXPECT_EQ(text_of(place.symbol(name).state.candles()), text_of(never.symbol(name).state.candles()))
            << name;
    }
}

TEST(Resume, WhatIsKilledGoesOnFromTheLastMinute) {
    const test::TemporaryDirectory folder;
    Place<Bybit> place(folder.path());
    place.run(200'000);
    place.end(true);
    place.begin();
    place.run(5'000);
    EXPECT_EQ(place.results.size(), symbols);
    EXPECT_EQ(place.resumed(), 1) << fmt::format("{}", fmt::join(place.notices, "\n"));
}

TEST(Resume, WhatIsTooOldBeginsWithNothing) {
    const test::TemporaryDirectory folder;
    Place<Bybit> place(folder.path(), 3 * ms_per_minute);
    place.run(70'000);
    place.end();
    EXPECT_TRUE(std::filesystem::exists(folder.path() / saved_file_name(0)));
    place.run(4 * ms_per_minute);
    place.begin();
    place.run(5'000);
    EXPECT_EQ(place.resumed(), 0);
    EXPECT_EQ(place.results.size(), symbols);
}

TEST(Resume, WhatIsNotWholeYetIsNotSaved) {
    const test::TemporaryDirectory folder;
    Place<Bybit> place(folder.path());
    place.refused = "funding/history";
    place.run(70'000);
    place.end();
    EXPECT_FALSE(std::filesystem::exists(folder.path() / saved_file_name(0)));
}

/// What follows an evaluation is the same, whether it went on or was read back.
TEST(Resume, ASymbolReadBackIsTheSymbolThatWasSaved) {
    const test::TemporaryDirectory folder;
    Place<Bybit> place(folder.path());
    place.run(400'000);
    for (const auto& name : place.names()) {
        const std::string form = saved_form(place.symbol(name));
        Pipeline pipeline;
        ASSERT_TRUE(pipeline.resume("bybit", name, form));
        EXPECT_EQ(saved_form(*pipeline.find("bybit", name)), form) << name;
        EXPECT_FALSE(pipeline.resume("bybit", name, form)) << "it is there already";
    }
}

TEST(Resume, ScoresAsIfOnlyTheConnectionHadBeenLost) {
    const test::TemporaryDirectory folder;
    Place<Bybit> place(folder.path());
    place.run(400'000);
    for (const auto& name : place.names()) {
        Pipeline pipeline;
        ASSERT_TRUE(pipeline.resume("bybit", name, saved_form(place.symbol(name))));
        TrackedSymbol& back = *pipeline.find("bybit", name);
        TrackedSymbol& kept = *place.session().session().find(name);
        place.session().session().pipeline().disconnect("bybit", name);
        back.analysis.update(back.state, {});
        const ExchangeTime now = kept.state.as_of();
        const Confluence before = kept.analysis.evaluate(kept.state, now);
        const Confluence after = back.analysis.evaluate(back.state, now);
        ASSERT_EQ(before.score.has_value(), after.score.has_value());
        for (std::size_t i = 0; i < component_count; ++i) {
            const auto& was = before.components[i];
            const auto& is = after.components[i];
            EXPECT_NEAR(was.score.value_or(-1), is.score.value_or(-1), 0.05) << name << spec_of(was.id).name;
            EXPECT_EQ(was.coverage, is.coverage) << name << spec_of(was.id).name;
        }
        EXPECT_EQ(kept.side.side(), back.side.side());
    }
}

/// Of one that knows nothing: every member that is added shows, members of what rings hold do not.
TEST(Resume, WhoeverChangesWhatIsSavedRaisesItsVersion) {
    const std::string form = saved_form(TrackedSymbol("bybit", "XUSDT", {}, Weights::standard()));
    EXPECT_EQ(fmt::format("version {}, {} bytes", saved_version, form.size()), "version 1, 2336 bytes");
}

TEST(Resume, BytesThatWereNeverSavedLeaveNothing) {
    const test::TemporaryDirectory folder;
    Place<Bybit> place(folder.path());
    place.run(100'000);
    const std::string name = place.names().front();
    const std::string form = saved_form(place.symbol(name));
    Pipeline pipeline;
    for (std::size_t size = 0; size < form.size(); size += 1 + form.size() / 97) {
        EXPECT_FALSE(pipeline.resume("bybit", name, std::string_view(form).substr(0, size)));
        EXPECT_EQ(pipeline.find("bybit", name), nullptr);
    }
    EXPECT_FALSE(pipeline.resume("bybit", name, form + "x"));
    for (std::size_t at = 0; at < form.size(); at += 1 + form.size() / 199) {
        std::string damaged = form;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
        const bool resumed = pipeline.resume("bybit", name, damaged);
        EXPECT_EQ(pipeline.find("bybit", name) != nullptr, resumed);
        pipeline.forget("bybit", name);
    }
}

}  // namespace
}  // namespace virtuoso
