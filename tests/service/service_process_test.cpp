// The real program: signals, what it leaves behind, what it refuses, and what it says of it.
#include "support/service_process.hpp"

#include "engine/embedded_exchange.hpp"
#include "service/state_folder.hpp"
#include "sim/simulated_exchange.hpp"
#include "support/stepped_clock.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

namespace virtuoso {

namespace {

using test::ProgramEnd;
using test::RunningProgram;
using test::ServicePlace;
using test::ServiceProcess;

constexpr ProgramEnd well{.code = 0, .signal = 0};

void write(const std::string& path, std::string_view text) {
    std::ofstream(path) << text;
}

/// Processes whose parent this one is.
std::size_t children_of(pid_t parent) {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        if (entry.path().filename().string().find_first_not_of("0123456789") != std::string::npos) {
            continue;
        }
        const std::string stat = test::text_of(entry.path() / "stat");
        const auto state = stat.rfind(") ");
        count += state != std::string::npos && stat.substr(state + 4).starts_with(fmt::format("{} ", parent))
                     ? 1U
                     : 0U;
    }
    return count;
}

/// For the program's environment. A space would end the library's name, and the checkout's path may have one.
std::string preloads_faults(const ServicePlace& place) {
    const std::string link = place.file("faults.so");
    std::filesystem::create_symlink(test::preloaded_faults(), link);
    return "LD_PRELOAD=" + link;
}

// ---- how it ends ----

TEST(ServiceProcess, ASignalEndsItWellAndNothingIsLeft) {
    for (const int signal : {SIGTERM, SIGINT}) {
        const ServicePlace place;
        ServiceProcess service(place, place.arguments());
        ASSERT_TRUE(service.becomes_ready()) << service.log();
        EXPECT_EQ(children_of(service.program().pid()), 0U);
        const std::uint16_t port = service.port();
        service.program().signal(signal);
        EXPECT_EQ(service.program().end(), well);
        EXPECT_NE(service.log().find("Stopped in "), std::string::npos) << service.log();
        EXPECT_EQ(test::ask(port, "/health/live").status, 0) << "nobody listens";
        EXPECT_TRUE(StateFolder::open(place.state())) << "the lock is free";
    }
}

// Both come while it stands still, so that the second is there before it could obey the first.
TEST(ServiceProcess, TheSecondSignalEndsItAtOnce) {
    const ServicePlace place;
    ServiceProcess service(place, place.arguments());
    ASSERT_TRUE(service.becomes_ready()) << service.log();
    service.program().signal(SIGSTOP);
    service.program().signal(SIGTERM);
    service.program().signal(SIGINT);
    service.program().signal(SIGCONT);
    const ProgramEnd end = service.program().end();
    EXPECT_TRUE(end.code == 128 + SIGTERM || end.code == 128 + SIGINT) << end;
    EXPECT_TRUE(StateFolder::open(place.state())) << "the lock is free";
}

/// An exchange on sockets that does not do what it should.
class Start : public ::testing::Test {
  protected:
    void expect_ends_well(const std::string& rest, const std::string& stream,
                          const std::function<bool(ServiceProcess&)>& is_under_way) {
        const ServicePlace place;
        ServiceProcess service(place, {"run", "--rest-url", rest, "--stream-url", stream, "--state-dir",
                                       place.state(), "--listen", "127.0.0.1:0"});
        ASSERT_TRUE(test::within_half_a_minute([&] { return is_under_way(service); })) << service.log();
        service.program().signal(SIGTERM);
        EXPECT_EQ(service.program().end(), well);
        EXPECT_EQ(service.log().find("did not stop in time"), std::string::npos) << service.log();
    }
};

TEST_F(Start, IsEndedWhileNobodyListensAtTheExchange) {
    expect_ends_well("http://127.0.0.1:1", "ws://127.0.0.1:1",
                     [](ServiceProcess& service) { return service.get("/health/live").status == 200; });
}

TEST_F(Start, IsEndedWhileTheExchangeTakesConnectionsAndSaysNothing) {
    boost::asio::io_context io;
    boost::asio::ip::tcp::acceptor silent(io, {boost::asio::ip::address_v4::loopback(), 0});
    const std::string address = fmt::format("127.0.0.1:{}", silent.local_endpoint().port());
    for (const char* const secure : {"", "s"}) {
        std::optional<test::RawClient> taken;
        expect_ends_well(fmt::format("http{}://{}", secure, address),
                         fmt::format("ws{}://{}", secure, address), [&](ServiceProcess& service) {
                             taken.emplace(silent);
                             return service.get("/health/live").status == 200;
                         });
    }
}

TEST_F(Start, IsEndedWhileHistoriesAreFetched) {
    const SystemClock clock;
    auto exchange = std::make_unique<sim::SimulatedExchange>(
        sim::SimExchangeOptions{.symbols = 40, .seed = 4, .start = {clock.now().ns / 1'000'000}});
    exchange->faults().add(*sim::Fault::parse("slow-body:match=kline,value=600000", 0));
    const auto served = *EmbeddedExchange::start(std::move(exchange), {}, "/v5/public/linear");
    expect_ends_well(fmt::format("http://127.0.0.1:{}", served->server().port()),
                     fmt::format("ws://127.0.0.1:{}/v5/public/linear", served->server().port()),
                     [](ServiceProcess& service) {
                         return service.get("/api/v1/health").body.find("history") != std::string::npos;
                     });
}

TEST_F(Start, IsEndedWhileTheNameServiceDoesNotAnswer) {
    if (test::is_sanitized) {
        GTEST_SKIP() << "nothing is loaded before a sanitizer";
    }
    const ServicePlace place;
    ServiceProcess service(
        place,
        {"run", "--rest-url", "https://exchange.invalid", "--stream-url", "wss://exchange.invalid",
         "--state-dir", place.state(), "--listen", "127.0.0.1:0"},
        {preloads_faults(place), "HANGING_NAMES=1"});
    ASSERT_TRUE(service.says("all components initialised"));
    service.program().signal(SIGTERM);
    EXPECT_EQ(service.program().end(), well) << service.log();
    EXPECT_TRUE(StateFolder::open(place.state())) << "the lock is free";
}

TEST(ServiceProcess, IsEndedUnderLoad) {
    const ServicePlace place;
    auto arguments = place.arguments();
    *(std::ranges::find(arguments, "--sim-symbols") + 1) = test::is_sanitized ? "60" : "300";
    ServiceProcess service(place, arguments);
    ASSERT_TRUE(service.says("Confluence analysis complete")) << service.log();
    service.program().signal(SIGTERM);
    EXPECT_EQ(service.program().end(), well);
    EXPECT_EQ(service.log().find("did not stop in time"), std::string::npos) << service.log();
}

// ---- time ----

/// An exchange that goes on while the service stands still.
class Beside : public ::testing::Test {
  protected:
    [[nodiscard]] std::vector<std::string> arguments() const {
        return place_.arguments_beside(exchange_->server().port());
    }
    static int number_in(const std::string& text, const std::string& name) {
        const auto at = text.find("\"" + name + "\":");
        return at == std::string::npos ? -1 : std::stoi(text.substr(at + name.size() + 3));
    }
    /// Every symbol is evaluated several times from now on.
    static bool evaluates_on(ServiceProcess& service) {
        const auto count = [&] {
            return number_in(service.get("/api/v1/symbols/BTCUSDT/confluence").body, "number");
        };
        const int before = count();
        return test::within_half_a_minute([&] { return count() >= before + 3; });
    }

    ServicePlace place_;
    SystemClock clock_;
    std::unique_ptr<EmbeddedExchange> exchange_ =
        *EmbeddedExchange::start(std::make_unique<sim::SimulatedExchange>(sim::SimExchangeOptions{
                                     .symbols = 4, .seed = 4, .start = {clock_.now().ns / 1'000'000}}),
                                 {}, "/v5/public/linear");
};

// A debugger, a snapshot of the machine: longer than a shard may be silent, with and without the watcher
// finding out that it was stopped, too.
TEST_F(Beside, AProcessThatWasStoppedGoesOnAndNothingIsMadeAnew) {
    ServiceProcess service(place_, arguments(), {"VIRTUOSO_WATCHDOG_STALL_S=1"});
    ASSERT_TRUE(service.becomes_ready()) << service.log();
    for (const auto stopped : {std::chrono::milliseconds(1'500), std::chrono::milliseconds(3'500)}) {
        service.program().signal(SIGSTOP);
        std::this_thread::sleep_for(stopped);
        service.program().signal(SIGCONT);
        EXPECT_TRUE(evaluates_on(service));
        EXPECT_TRUE(service.becomes_ready());
    }
    EXPECT_EQ(service.log().find("made no progress"), std::string::npos) << service.log();
    EXPECT_EQ(service.log().find(" lost: "), std::string::npos) << "the streams are as they were";
    EXPECT_EQ(service.get("/api/v1/health?symbols=4").body.find("concerns\":[\""), std::string::npos);
    service.program().signal(SIGTERM);
    EXPECT_EQ(service.program().end(), well);
}

TEST_F(Beside, ItsNextStartGoesOnFromWhatItSavedAndWithNothingFromWhatIsDamaged) {
    const auto ends_well = [](ServiceProcess& service) {
        service.program().signal(SIGTERM);
        EXPECT_EQ(service.program().end(), well);
    };
    const std::string saved = place_.state() + "/symbols-0.saved";
    {
        ServiceProcess service(place_, arguments());
        ASSERT_TRUE(service.becomes_ready()) << service.log();
        ends_well(service);
        EXPECT_TRUE(std::filesystem::exists(saved)) << service.log();
    }
    {
        ServiceProcess service(place_, arguments());
        ASSERT_TRUE(service.becomes_ready()) << service.log();
        EXPECT_TRUE(service.says("4 of 4 symbols go on from what was saved")) << service.log();
        EXPECT_NE(service.get("/api/v1/health").body.find("\"saving\""), std::string::npos);
        EXPECT_NE(service.get("/metrics").body.find("virtuoso_saved_files_total"), std::string::npos);
        ends_well(service);
    }
    write(saved, "not what it was");
    ServiceProcess service(place_, arguments());
    ASSERT_TRUE(service.becomes_ready()) << service.log();
    EXPECT_TRUE(service.says("holds no saved symbols")) << service.log();
    EXPECT_EQ(service.log().find("go on from"), std::string::npos) << service.log();
    ends_well(service);
    EXPECT_TRUE(std::filesystem::exists(saved)) << "and it is saved anew";
}

// Whoever sets the machine's clock changes what the log's lines begin with, and nothing else.
TEST_F(Beside, AMachinesClockThatStepsByAnHourMovesNothing) {
    if (test::is_sanitized) {
        GTEST_SKIP() << "nothing is loaded before a sanitizer";
    }
    const test::SteppedClock stepped(place_.file("clock"));
    ServiceProcess service(place_, arguments(), {preloads_faults(place_), stepped.variable()});
    ASSERT_TRUE(service.becomes_ready()) << service.log();
    for (const std::int64_t hours : {1, -1, 0}) {
        stepped.set(hours * 3'600'000'000'000);
        const std::size_t before = service.log().size();
        EXPECT_TRUE(evaluates_on(service)) << hours;
        ASSERT_TRUE(test::within_half_a_minute([&] {  // the log has a line of this time
            service.program().signal(SIGHUP);
            return service.log().find("Configuration reloaded", before) != std::string::npos;
        })) << service.log();
        const auto health = service.get("/api/v1/health?symbols=4");
        EXPECT_EQ(service.get("/health/ready").status, 200) << hours << health.body;
        EXPECT_LT(number_in(health.body, "uptime_ms"), 60'000) << hours << health.body;
        EXPECT_GE(number_in(health.body, "uptime_ms"), 0) << hours << health.body;
        EXPECT_LT(number_in(health.body, "newest_ago_ms"), 10'000) << hours << health.body;
        EXPECT_EQ(health.body.find("concerns\":[\""), std::string::npos) << hours << health.body;
        const std::string line = service.log().substr(before);
        const ExchangeTime now{time_of_day().ns / 1'000'000 + hours * ms_per_hour};
        EXPECT_TRUE(line.find(iso_text(now).substr(0, 13)) != std::string::npos ||
                    line.find(iso_text({now.ms - 60'000}).substr(0, 13)) != std::string::npos)
            << "it is another hour: " << line;
    }
    EXPECT_EQ(service.log().find(" lost: "), std::string::npos) << service.log();
    EXPECT_EQ(service.log().find("made no progress"), std::string::npos) << service.log();
    service.program().signal(SIGTERM);
    EXPECT_EQ(service.program().end(), well);
}

// ---- one folder, one port ----

TEST(ServiceProcess, ASecondOneOnTheSameFolderIsRefusedAndTheFirstGoesOn) {
    const ServicePlace place;
    ServiceProcess first(place, place.arguments());
    ASSERT_TRUE(first.becomes_ready()) << first.log();
    ServiceProcess second(place, place.arguments({"--log-file", place.file("log")}));
    EXPECT_EQ(second.program().end(), (ProgramEnd{.code = 4, .signal = 0}));
    for (const std::string& text : {second.log(), test::text_of(place.file("log"))}) {
        EXPECT_NE(text.find("E_STATE_FOLDER"), std::string::npos) << text;
        EXPECT_NE(text.find(place.state()), std::string::npos) << text;
        EXPECT_NE(text.find(fmt::format("process {}", first.program().pid())), std::string::npos) << text;
        EXPECT_NE(text.find("--state-dir"), std::string::npos) << text;
    }
    EXPECT_EQ(second.program().out(), "") << "it does not greet";
    EXPECT_EQ(first.get("/health/ready").status, 200);
    first.program().signal(SIGKILL);
    EXPECT_EQ(first.program().end(), (ProgramEnd{.code = -1, .signal = SIGKILL}));
    ServiceProcess third(place, place.arguments());
    EXPECT_TRUE(third.becomes_ready()) << "what was killed holds nothing: " << third.log();
}

TEST(ServiceProcess, APortThatIsTakenIsRefusedAndNothingHasBegun) {
    const ServicePlace place;
    boost::asio::io_context io;
    boost::asio::ip::tcp::acceptor taken(io, {boost::asio::ip::address_v4::loopback(), 0});
    const std::string listen = fmt::format("127.0.0.1:{}", taken.local_endpoint().port());
    auto arguments = place.arguments({"--log-file", place.file("log")});
    *(std::ranges::find(arguments, "--listen") + 1) = listen;
    ServiceProcess service(place, arguments);
    EXPECT_EQ(service.program().end(), (ProgramEnd{.code = 7, .signal = 0}));
    for (const std::string& text : {service.log(), test::text_of(place.file("log"))}) {
        EXPECT_NE(text.find("E_NETWORK"), std::string::npos) << text;
        EXPECT_NE(text.find("cannot listen on " + listen), std::string::npos) << text;
        EXPECT_NE(text.find("[api] listen"), std::string::npos) << text;
        EXPECT_EQ(text.find("all components"), std::string::npos) << text;
    }
    EXPECT_EQ(service.program().out(), "") << "it does not greet";
    EXPECT_TRUE(StateFolder::open(place.state())) << "the lock is free";
}

// ---- a new configuration ----

TEST(ServiceProcess, AConfigurationWithAnErrorIsRefusedAsAWholeAndAGoodOneApplies) {
    const ServicePlace place;
    const std::string config = place.file("virtuoso.toml");
    const std::string good = "[log]\nlevel = \"info\"\n[keeper]\ninterval_s = 600\n";
    write(config, good);
    ServiceProcess service(place, place.arguments({"--config", config}));
    ASSERT_TRUE(service.becomes_ready()) << service.log();

    write(config, "[log]\nlevel = \"debug\"\n[keeper]\ninterval_s = -5\nintervall = 3\n");
    service.program().signal(SIGHUP);
    ASSERT_TRUE(service.says("the one before stays in force"));
    const std::string refused = service.log();
    EXPECT_NE(refused.find(config + ":4: [keeper] interval_s = -5 is too small; allowed: 1"),
              std::string::npos)
        << refused;
    EXPECT_NE(refused.find(config + ":5: [keeper] has no key \"intervall\"; is it interval_s?"),
              std::string::npos)
        << refused;
    EXPECT_EQ(service.get("/health/ready").status, 200);
    const std::string before = service.log();
    EXPECT_EQ(before.find(" debug "), std::string::npos) << "not even what was right of it";

    std::filesystem::remove(config);
    service.program().signal(SIGHUP);
    ASSERT_TRUE(test::within_half_a_minute([&] {
        return service.log().find("the one before stays in force", before.size()) != std::string::npos;
    })) << service.log();

    write(config, "[log]\nlevel = \"debug\"\n[engine]\nshards = 2\n[keeper]\ninterval_s = 500\n");
    service.program().signal(SIGHUP);
    ASSERT_TRUE(service.says("Configuration reloaded")) << service.log();
    EXPECT_NE(service.log().find("[keeper] interval_s: 600 → 500 applies now"), std::string::npos)
        << service.log();
    EXPECT_TRUE(service.says(" debug ")) << "it applies";
    EXPECT_NE(service.log().find("[engine] shards: 1 → 2 waits for the next start"), std::string::npos)
        << service.log();
    service.program().signal(SIGTERM);
    EXPECT_EQ(service.program().end(), well);
}

// ---- where it prints ----

TEST(ServiceProcess, WhoReadsNoneOfWhatItPrintsDoesNotEndIt) {
    const ServicePlace place;
    ServiceProcess closed(RunningProgram::Plan{
        .arguments = place.arguments({"--log-file", place.file("log")}), .out = "", .errors = ""});
    ASSERT_TRUE(test::within_half_a_minute([&] {
        return test::text_of(place.file("log")).find("Ready: ") != std::string::npos;
    })) << test::text_of(place.file("log"));
    EXPECT_EQ(test::text_of(place.state() + "/lock"), fmt::format("{}\n", closed.program().pid()))
        << "what is printed goes into no file of its own";
    closed.program().signal(SIGTERM);
    EXPECT_EQ(closed.program().end(), well);

    ServiceProcess full(RunningProgram::Plan{.arguments = place.arguments({"--log-file", place.file("log2")}),
                                             .out = "/dev/full",
                                             .errors = "/dev/full"});
    ASSERT_TRUE(test::within_half_a_minute([&] {
        return test::text_of(place.file("log2")).find("Ready: ") != std::string::npos;
    })) << test::text_of(place.file("log2"));
    full.program().signal(SIGTERM);
    EXPECT_EQ(full.program().end(), well) << "a greeting that nobody saw is no failure";
}

// The reader of its log goes away.
TEST(ServiceProcess, ALogThatNobodyReadsDoesNotEndIt) {
    const ServicePlace place;
    const std::string pipe = place.file("pipe");
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    const int reader = ::open(pipe.c_str(), O_RDWR | O_CLOEXEC);
    ServiceProcess service(
        RunningProgram::Plan{.arguments = place.arguments(), .out = place.file("out"), .errors = pipe});
    ASSERT_TRUE(service.becomes_ready());
    ::close(reader);
    for (int reloads = 0; reloads < 3; ++reloads) {
        service.program().signal(SIGHUP);
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
    EXPECT_TRUE(test::within_half_a_minute([&] {
        const std::string metrics = service.get("/metrics").body;
        const auto at = metrics.find("fate=\"failed\"} ");
        return at != std::string::npos && metrics.substr(at + 15, 2) != "0\n";
    })) << "what was lost is counted";
    EXPECT_EQ(service.get("/health/ready").status, 200);
    service.program().signal(SIGTERM);
    EXPECT_EQ(service.program().end(), well);
}

}  // namespace

}  // namespace virtuoso
