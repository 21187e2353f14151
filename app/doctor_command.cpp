#include "command.hpp"
#include "exchange/bybit/api_key.hpp"
#include "live_connection.hpp"
#include "output.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>

namespace virtuoso::app {

namespace {

constexpr std::int64_t answer_limit_ms = 10'000;
constexpr std::int64_t offset_limit_ms = 1'000;
constexpr std::uint64_t free_bytes_min = std::uint64_t{2} << 30;
constexpr rlim_t open_files_min = 1'024;

struct Arguments {
    LiveArguments live;
    std::string folder;
    std::string key_file;
};

/// Prints each finding as it comes; remembers whether all were good.
class Findings {
  public:
    void good(const std::string& text) { print("ok    {}\n", text); }
    void bad(const std::string& text, std::string_view remedy) {
        print("FAIL  {}\n      {}\n", text, remedy);
        all_good_ = false;
    }
    [[nodiscard]] bool all_good() const noexcept { return all_good_; }

  private:
    bool all_good_ = true;
};

class Doctor {
  public:
    Doctor(AsioTransport& transport, const Clock& clock, const ExchangeDialect& dialect, Findings& findings)
        : transport_(transport),
          clock_(clock),
          dialect_(dialect),
          codec_(dialect.rest_codec()),
          findings_(findings) {}

    void examine(const TransportOptions& addresses) {
        if (examine_rest(addresses.rest)) {
            examine_instruments();
            examine_stream(addresses.stream);
        }
    }

  private:
    struct Listener final : StreamListener {
        explicit Listener(std::unique_ptr<StreamCodec> stream_codec) : codec(std::move(stream_codec)) {}
        void on_open() override { opened = true; }
        void on_frame(PaddedFrame frame, LocalTime) override {
            // Whatever answers a request before anything was subscribed.
            answered = answered || codec->decode(frame).has_value();
        }
        void on_close(const Error& error) override { reason = error.message; }
        std::unique_ptr<StreamCodec> codec;
        bool opened = false;
        bool answered = false;
        std::string reason;
    };

    template <typename Done>
    bool wait(Done&& done) {
        const LocalTime begun = clock_.now();
        while (!done() && clock_.now() - begun < answer_limit_ms * 1'000'000 && !interrupted()) {
            transport_.run_for(10);
        }
        return done();
    }

    Result<HttpAnswer> ask(const std::string& target) {
        std::optional<Result<HttpAnswer>> answer;
        transport_.get({.target = target}, [&](Result<HttpAnswer> given) { answer = std::move(given); });
        // The transport's own limits are below: an answer or an error always comes.
        while (!answer) {
            transport_.run_for(10);
        }
        return *answer;
    }

    bool examine_rest(const Url& url) {
        const LocalTime asked = clock_.now();
        const auto answer = ask(dialect_.clock_target());
        const double took_ms = static_cast<double>(clock_.now() - asked) / 1e6;
        const auto where = fmt::format("REST {}://{}:{}", url.tls ? "https" : "http", url.host, url.port);
        if (!answer) {
            findings_.bad(fmt::format("{}: {}", where, answer.error().message),
                          "DNS, network, proxy or firewall: what the exchange's page shows in a browser on "
                          "this machine "
                          "has to be reachable here, too");
            return false;
        }
        if (answer->status == 403) {
            findings_.bad(
                fmt::format("{}: HTTP 403", where),
                "this address is refused: too many requests in the last ten minutes, or a country that "
                "the exchange does not serve");
            return false;
        }
        FrameBuffer buffer;
        const auto reply = codec_->decode(dialect_.clock_target(), buffer.assign(answer->body));
        if (!reply) {
            findings_.bad(fmt::format("{}: {}", where, reply.error().text()),
                          fmt::format("is the address one of {}'s API?", dialect_.exchange()));
            return false;
        }
        findings_.good(
            fmt::format("{}{} in {:.0f} ms", where, url.tls ? ", certificate verified," : "", took_ms));
        const std::int64_t middle = asked.ns + static_cast<std::int64_t>(took_ms * 5e5);
        examine_clock((std::get<ServerTime>(*reply).time.ns - middle) / 1'000'000);
        if (const auto left = answer->header("X-Bapi-Limit-Status"); !left.empty()) {
            findings_.good(fmt::format("request limit: {} of {} left", left, answer->header("X-Bapi-Limit")));
        }
        if (const auto used = answer->header("X-MBX-USED-WEIGHT-1M"); !used.empty()) {
            findings_.good(fmt::format("request limit: {} of 2400 used this minute", used));
        }
        return true;
    }

    void examine_clock(std::int64_t offset_ms) {
        const auto text = fmt::format("clock: the exchange is {} ms ahead of this machine", offset_ms);
        if (std::abs(offset_ms) > offset_limit_ms) {
            findings_.bad(text, "set the clock: timedatectl set-ntp true, or install chrony");
        } else {
            findings_.good(text);
        }
    }

    void examine_instruments() {
        const std::string target = dialect_.instruments_target({});
        const auto answer = ask(target);
        FrameBuffer buffer;
        if (answer) {
            const auto reply = codec_->decode(target, buffer.assign(answer->body));
            if (reply) {
                findings_.good(fmt::format("instruments: {} on the first page",
                                           std::get<InstrumentPage>(*reply).instruments.size()));
                return;
            }
        }
        findings_.bad("instruments: the list cannot be read",
                      "try again; if it stays, the exchange changed its answer");
    }

    void examine_stream(const Url& url) {
        Listener listener(dialect_.stream_codec());
        const LocalTime asked = clock_.now();
        const auto connection = transport_.connect(dialect_.stream_routes().front().path, listener);
        const auto where =
            fmt::format("WebSocket {}://{}:{}{}", url.tls ? "wss" : "ws", url.host, url.port, url.path);
        if (!wait([&] { return listener.opened || !listener.reason.empty(); }) || !listener.opened) {
            findings_.bad(
                fmt::format("{}: {}", where, listener.reason.empty() ? "no answer" : listener.reason),
                "a proxy that does not let WebSockets through is the usual reason when REST works");
            return;
        }
        connection->send(dialect_.ping_text("1"));
        if (!wait([&] { return listener.answered || !listener.reason.empty(); }) || !listener.answered) {
            findings_.bad(fmt::format("{}: a ping was not answered", where),
                          fmt::format("try again; is the address one of {}'s?", dialect_.exchange()));
            return;
        }
        findings_.good(fmt::format("{}, ping answered, {:.0f} ms", where,
                                   static_cast<double>(clock_.now() - asked) / 1e6));
    }

    AsioTransport& transport_;
    const Clock& clock_;
    const ExchangeDialect& dialect_;
    std::unique_ptr<RestCodec> codec_;
    Findings& findings_;
};

void examine_machine(const Arguments& arguments, Findings& findings) {
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        const auto text = fmt::format("open files: {} allowed", files.rlim_cur);
        files.rlim_cur < open_files_min ? findings.bad(text, "raise it: ulimit -n 4096")
                                        : findings.good(text);
    }
    if (!arguments.key_file.empty()) {
        const auto key = bybit::load_api_key(arguments.key_file);
        key ? findings.good(
                  fmt::format("key file {}: readable by its owner only", in_quotes(arguments.key_file)))
            : findings.bad(key.error().message, "the file holds key = … and secret = …, mode 0600");
    }
    if (arguments.folder.empty()) {
        return;
    }
    std::error_code error;
    const auto space = std::filesystem::space(arguments.folder, error);
    if (error || access(arguments.folder.c_str(), W_OK) != 0) {
        findings.bad(fmt::format("--out {}: {}", in_quotes(arguments.folder),
                                 error ? error.message() : "not writable for this user"),
                     "make the folder, or give one that this user may write to");
        return;
    }
    const auto text = fmt::format("--out {}: {:.1f} GiB free", in_quotes(arguments.folder),
                                  static_cast<double>(space.available) / (1 << 30));
    space.available < free_bytes_min ? findings.bad(text, "all symbols fill some GiB a day: make room")
                                     : findings.good(text);
}

int run_doctor(const Arguments& arguments) {
    watch_for_interrupts();
    const SystemClock clock;
    Findings findings;
    examine_machine(arguments, findings);
    std::unique_ptr<EmbeddedExchange> embedded;
    const auto addresses = transport_options(arguments.live, embedded);
    if (!addresses) {
        return report(addresses.error());
    }
    const auto transport = AsioTransport::create(*addresses, clock);
    if (!transport) {
        return report(transport.error());
    }
    const auto dialect = dialect_of(arguments.live.exchange);
    Doctor(**transport, clock, *dialect, findings).examine(*addresses);
    return findings.all_good() ? exit_ok : exit_network;
}

}  // namespace

void add_doctor(CommandLine& line) {
    auto arguments = std::make_shared<Arguments>();
    auto command =
        line.subcommand("doctor", "Check network, TLS, clock, exchange, limits and disk, and say what to do");
    arguments->live.add_addresses_to(command);
    command.option("--out", arguments->folder, "A folder for recordings, to be checked too");
    command.option("--key-file", arguments->key_file, "A key file of `account`, to be checked too");
    command.runs([arguments] { return run_doctor(*arguments); });
}

}  // namespace virtuoso::app
