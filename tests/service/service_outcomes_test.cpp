// What the real program knows of signals after it was killed.
#include "engine/embedded_exchange.hpp"
#include "service/followed_signal.hpp"
#include "service/state_folder.hpp"
#include "sim/served_exchange.hpp"
#include "sim/simulated_exchange.hpp"
#include "store/store.hpp"
#include "support/service_process.hpp"
#include "support/store_rows.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

namespace virtuoso {

namespace {

using test::ProgramEnd;
using test::ServicePlace;
using test::ServiceProcess;

constexpr std::int64_t within_minute_ms = 17'250;
constexpr std::int64_t rest_of_minute_ms = ms_per_minute - within_minute_ms;

/// An exchange whose time is behind the machine's, and stays so.
class BehindTime final : public sim::ServedExchange {
  public:
    BehindTime(std::unique_ptr<sim::ServedExchange> exchange, std::int64_t behind_ms)
        : exchange_(std::move(exchange)), behind_ms_(behind_ms) {}
    void advance(std::int64_t now_ms) override { exchange_->advance(now_ms - behind_ms_); }
    [[nodiscard]] std::int64_t now_ms() const noexcept override { return exchange_->now_ms() + behind_ms_; }
    ServerAnswer answer(const ServerRequest& request) override { return exchange_->answer(request); }
    [[nodiscard]] bool streams_at(std::string_view path) const noexcept override {
        return exchange_->streams_at(path);
    }
    void join(ServerPeer& peer, std::string_view target) override { exchange_->join(peer, target); }
    void leave(ServerPeer& peer) override { exchange_->leave(peer); }
    void receive(ServerPeer& peer, std::string_view text) override { exchange_->receive(peer, text); }

  private:
    std::unique_ptr<sim::ServedExchange> exchange_;
    std::int64_t behind_ms_;
};

/// Two processes, one after the other, and between them two hours of the exchange in which nobody was there.
class KilledOutcomes : public testing::Test {
  protected:
    static constexpr std::int64_t away_ms = 2 * ms_per_hour;

    KilledOutcomes() {
        const SystemClock clock;
        now_ms_ = clock.now().ns / 1'000'000;
        begin_exchange(away_ms);
        std::filesystem::create_directory(place_.state());
    }

    void begin_exchange(std::int64_t behind_ms) {
        auto exchange = std::make_unique<sim::SimulatedExchange>(
            sim::SimExchangeOptions{.symbols = 4, .seed = 4, .start = {now_ms_ - behind_ms}});
        exchange_ = *EmbeddedExchange::start(std::make_unique<BehindTime>(std::move(exchange), behind_ms), {},
                                             "/v5/public/linear");
    }
    [[nodiscard]] std::vector<std::string> arguments() const {
        auto words = place_.arguments_beside(exchange_->server().port());
        words.insert(words.end(), {"--thresholds", "99.9/0.1"});  // no signal but those that were left
        return words;
    }
    [[nodiscard]] Result<std::unique_ptr<Store>> store(StoreUse use) const {
        return open_store(*StoreAddress::parse(place_.state() + "/virtuoso.db"), use);
    }
    [[nodiscard]] static std::int64_t minute_of(std::int64_t ms) { return ms - ms % ms_per_minute; }

    /// With barriers that no price reaches.
    [[nodiscard]] StoreRow signal_row(const std::string& symbol, std::int64_t time_ms) const {
        const auto ticker =
            test::ask(exchange_->server().port(), "/v5/market/tickers?category=linear&symbol=" + symbol);
        constexpr std::string_view before = "\"lastPrice\":\"";
        const auto at = ticker.body.find(before);
        EXPECT_NE(at, std::string::npos) << ticker.body;
        const double price = at == std::string::npos ? 1 : std::stod(ticker.body.substr(at + before.size()));
        StoreRow row = test::sample_row(StoreTable::signals, 1);
        const auto set = [&](std::string_view column, StoreValue value) {
            row.at(spec_of(StoreTable::signals).column(column).value_or(99)) = std::move(value);
        };
        set("exchange", std::string("bybit"));
        set("symbol", symbol);
        set("time_ms", time_ms);
        set("direction", std::string("LONG"));
        set("score", 80.0);
        set("entry", price);
        set("stop", price * 0.1);
        set("target_1", price * 3);
        set("target_2", price * 4);
        set("target_3", price * 5);
        return row;
    }
    /// As a process would have followed it, minute by minute, and left it.
    static void follow(std::vector<StoreRecord>& records, const StoreRow& row, std::int64_t until_ms) {
        auto signal = FollowedSignal::of(row);
        ASSERT_TRUE(signal);
        signal->set({"deep", "ranging"});
        const auto entry = spec_of(StoreTable::signals).column("entry");
        const double price = std::get<double>(row.at(entry.value_or(99)));
        while (signal->until().ms < until_ms) {
            const ExchangeTime begin = signal->until();
            signal->see({.begin = begin,
                         .end = {minute_of(begin.ms) + ms_per_minute},
                         .high = price,
                         .low = price,
                         .close = price});
        }
        for (auto& outcome : signal->take_rows(true)) {
            records.push_back({StoreTable::outcomes, std::move(outcome)});
        }
    }

    /// Of the first signal of a symbol, by horizon.
    [[nodiscard]] std::vector<StoreRow> rows_of(const std::string& symbol) const {
        const auto kept = store(StoreUse::read);
        return kept ? test::all_rows(**kept, {.table = StoreTable::outcomes,
                                              .where = {{"symbol", symbol}, {"sequence", std::int64_t{1}}}})
                    : std::vector<StoreRow>();
    }
    [[nodiscard]] static StoreValue value(const std::vector<StoreRow>& rows, const std::string& horizon,
                                          std::string_view column) {
        const StoreTableSpec& spec = spec_of(StoreTable::outcomes);
        for (const auto& row : rows) {
            if (row.at(spec.column("horizon").value_or(99)) == StoreValue(horizon)) {
                return row.at(spec.column(column).value_or(99));
            }
        }
        return std::string("no row");
    }
    [[nodiscard]] bool becomes(const std::string& symbol, const std::string& horizon,
                               std::string_view state) const {
        return test::within_half_a_minute(
            [&] { return value(rows_of(symbol), horizon, "state") == StoreValue(std::string(state)); });
    }
    static void expect_hole(const std::vector<StoreRow>& rows, const std::string& horizon) {
        EXPECT_EQ(value(rows, horizon, "state"), StoreValue(std::string("hole"))) << horizon;
        EXPECT_EQ(value(rows, horizon, "hole_ms"), StoreValue(rest_of_minute_ms)) << horizon;
    }
    /// What will not change any more.
    [[nodiscard]] std::vector<StoreRow> rows_over(const std::string& symbol) const {
        auto rows = rows_of(symbol);
        std::erase_if(rows, [](const StoreRow& row) { return !FollowedSignal::is_over(row); });
        return rows;
    }
    static void kill(ServiceProcess& service) {
        service.program().signal(SIGKILL);
        EXPECT_EQ(service.program().end(), (ProgramEnd{.code = -1, .signal = SIGKILL}));
    }
    static void expect_metric(ServiceProcess& service, const std::string& line) {
        EXPECT_TRUE(test::within_half_a_minute([&] {
            return service.get("/metrics").body.find("\n" + line + "\n") != std::string::npos;
        })) << line;
    }

    ServicePlace place_;
    std::int64_t now_ms_ = 0;
    std::unique_ptr<EmbeddedExchange> exchange_;
};

// BTCUSDT: was followed until half an hour before the first process, and is due during the two hours.
// ETHUSDT: its process ended within the signal's own minute, of which nobody knows the rest.
TEST_F(KilledOutcomes, AreFollowedOnAndAHoleIsMarkedAndNothingIsCountedTwice) {
    const std::int64_t began_ms = now_ms_ - away_ms;
    const StoreRow old =
        signal_row("BTCUSDT", minute_of(now_ms_ - ms_per_day - 10 * ms_per_minute) + within_minute_ms);
    const StoreRow young = signal_row("ETHUSDT", minute_of(began_ms - 3 * ms_per_hour) + within_minute_ms);
    std::vector<StoreRecord> left{{StoreTable::signals, old}, {StoreTable::signals, young}};
    follow(left, old, minute_of(began_ms - 30 * ms_per_minute));
    ASSERT_TRUE((*store(StoreUse::write))->put(left));
    ASSERT_EQ(rows_over("BTCUSDT").size(), 4U) << "5 m to 4 h";

    {
        ServiceProcess first(place_, arguments());
        EXPECT_TRUE(first.says("2 signals of before are followed on")) << first.log();
        EXPECT_TRUE(becomes("ETHUSDT", "1h", "hole")) << first.log();
        EXPECT_TRUE(test::within_half_a_minute([&] {
            const StoreValue until = value(rows_of("BTCUSDT"), "24h", "time_ms");
            const auto* const ms = std::get_if<std::int64_t>(&until);
            return ms != nullptr && *ms >= began_ms - 10 * ms_per_minute;
        })) << first.log();
        expect_metric(first, "virtuoso_outcomes_total{state=\"hole\"} 3");
        expect_metric(first, "virtuoso_outcomes_total{state=\"whole\"} 0");
        kill(first);
    }
    EXPECT_EQ(value(rows_of("BTCUSDT"), "24h", "state"), StoreValue(std::string("open")));
    EXPECT_EQ(value(rows_of("ETHUSDT"), "4h", "state"), StoreValue(std::string("no row")));
    const auto old_before = rows_over("BTCUSDT");
    const auto young_before = rows_over("ETHUSDT");

    begin_exchange(0);
    {
        ServiceProcess second(place_, arguments());
        EXPECT_TRUE(becomes("BTCUSDT", "24h", "whole")) << second.log();
        EXPECT_TRUE(becomes("BTCUSDT", "plan", "whole")) << second.log();
        EXPECT_TRUE(becomes("ETHUSDT", "4h", "hole")) << second.log();
        expect_metric(second, "virtuoso_outcomes_signals_total{fate=\"over\"} 1");
        expect_metric(second, "virtuoso_outcomes_total{state=\"whole\"} 2");
        expect_metric(second, "virtuoso_outcomes_total{state=\"hole\"} 1");
        kill(second);
    }
    const auto old_rows = rows_of("BTCUSDT");
    EXPECT_EQ(old_rows.size(), outcome_horizons_ms.size() + 1) << "one a horizon and the plan's";
    EXPECT_EQ(value(old_rows, "24h", "hole_ms"), StoreValue(std::int64_t{0}))
        << "the exchange told what was missed";
    EXPECT_TRUE(std::holds_alternative<double>(value(old_rows, "24h", "return_share")));
    EXPECT_EQ(value(old_rows, "plan", "first_barrier"), StoreValue(std::string(name_of(FirstBarrier::time))));
    EXPECT_TRUE(std::holds_alternative<double>(value(old_rows, "plan", "net_r")));
    EXPECT_EQ(value(old_rows, "plan", "symbol_group"), StoreValue(std::string("deep"))) << "as it began";
    const auto young_rows = rows_of("ETHUSDT");
    for (const std::string horizon : {"5m", "15m", "1h", "4h"}) {
        expect_hole(young_rows, horizon);
    }
    EXPECT_EQ(value(young_rows, "24h", "state"), StoreValue(std::string("open")));
    for (const auto& [before, after] :
         {std::pair(old_before, old_rows), std::pair(young_before, young_rows)}) {
        for (const auto& row : before) {
            EXPECT_EQ(std::ranges::count(after, row), 1) << "what was over is as it was";
        }
    }

    ServiceProcess third(place_, arguments());
    EXPECT_TRUE(third.says("of before are followed on")) << third.log();
    ASSERT_TRUE(third.becomes_ready()) << third.log();
    expect_metric(third, "virtuoso_outcomes_signals_total{fate=\"over\"} 0");
    expect_metric(third, "virtuoso_outcomes_total{state=\"whole\"} 0");
    EXPECT_EQ(rows_of("BTCUSDT"), old_rows) << "what is all over is not followed again";
    third.program().signal(SIGTERM);
    EXPECT_EQ(third.program().end(), (ProgramEnd{.code = 0, .signal = 0}));
}

}  // namespace

}  // namespace virtuoso
