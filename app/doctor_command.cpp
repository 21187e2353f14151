#include "command.hpp"
#include "exchange/bybit/api_key.hpp"
#include "live_connection.hpp"
#include "output.hpp"
#include "stream_examination.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <set>

namespace virtuoso::app {

namespace {

constexpr double data_wait_seconds = 20;
constexpr int book_depth = 50;
constexpr std::int64_t offset_limit_ms = 1'000;
constexpr std::uint64_t free_bytes_min = std::uint64_t{2} << 30;
constexpr rlim_t open_files_min = 1'024;

struct Arguments {
    LiveArguments live;
    std::string folder;
    std::string key_file;
    double wait_seconds = data_wait_seconds;  ///< for data of every topic
};

/// Prints each finding as it comes; remembers whether all were good.
class Findings {
  public:
    void good(const std::string& text) {
        print("ok    {}\n", text);
        flush_output();
    }
    void bad(const std::string& text, std::string_view remedy) {
        print("FAIL  {}\n      {}\n", text, remedy);
        flush_output();
        all_good_ = false;
    }
    /// Worth a look, but nothing is missing for it.
    void odd(const std::string& text, std::string_view remedy) {
        print("warn  {}\n      {}\n", text, remedy);
        flush_output();
    }
    [[nodiscard]] bool all_good() const noexcept { return all_good_; }

  private:
    bool all_good_ = true;
};

class Doctor {
  public:
    Doctor(AsioTransport& transport, const Clock& clock, const ExchangeDialect& dialect, double wait_seconds,
           Findings& findings)
        : transport_(transport),
          clock_(clock),
          dialect_(dialect),
          codec_(dialect.rest_codec()),
          wait_seconds_(wait_seconds),
          findings_(findings) {}

    /// `literal`: path of the stream address as it was given, when it names a route; else empty.
    void examine(const TransportOptions& addresses, const std::string& literal) {
        if (!examine_rest(addresses.rest) || !examine_instruments()) {
            return;
        }
        const auto questions = literal.empty() ? questions_about(dialect_, busiest_, book_depth)
                                               : questions_at(dialect_, busiest_, book_depth, literal);
        for (const auto& route : examine_routes(transport_, clock_, dialect_, questions,
                                                static_cast<std::int64_t>(wait_seconds_ * 1'000))) {
            judge(route, addresses.stream);
        }
    }

  private:
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

    template <typename Reply>
    std::optional<RestReply> read(const std::string& target) {
        const auto answer = ask(target);
        if (!answer) {
            return std::nullopt;
        }
        auto reply = codec_->decode(target, buffer_.assign(answer->body));
        const bool right = reply && std::holds_alternative<Reply>(*reply);
        return right ? std::optional<RestReply>(std::move(*reply)) : std::nullopt;
    }

    bool examine_instruments() {
        std::set<std::string, std::less<>> wanted;
        const auto page = read<InstrumentPage>(dialect_.instruments_target({}));
        if (page) {
            for (const auto& instrument : std::get<InstrumentPage>(*page).instruments) {
                if (dialect_.wants(instrument)) {
                    wanted.emplace(instrument.symbol);
                }
            }
        }
        if (wanted.empty()) {
            findings_.bad(page ? "instruments: none of the first page is a perpetual that is trading"
                               : "instruments: the list cannot be read",
                          "try again; if it stays, the exchange changed its answer");
            return false;
        }
        find_busiest(wanted);
        findings_.good(fmt::format("instruments: {} to be followed on the first page, {} is the busiest",
                                   wanted.size(), busiest_));
        return true;
    }

    void find_busiest(const std::set<std::string, std::less<>>& wanted) {
        busiest_ = *wanted.begin();
        const auto tickers = read<MarketReply>(dialect_.tickers_target());
        if (!tickers) {
            return;
        }
        double most = 0;
        for (const auto& event : std::get<MarketReply>(*tickers).events) {
            const auto* const ticker = std::get_if<TickerUpdate>(&event.payload);
            const double turnover = ticker == nullptr ? 0 : ticker->turnover_24h.value_or(0);
            if (turnover > most && wanted.contains(event.symbol)) {
                most = turnover;
                busiest_ = event.symbol;
            }
        }
    }

    void judge(const RouteFinding& route, const Url& url) {
        const auto where = fmt::format("WebSocket {}://{}:{}{}{}", url.tls ? "wss" : "ws", url.host, url.port,
                                       url.path, route.path);
        if (!route.opened) {
            findings_.bad(fmt::format("{}: {}", where, route.trouble.empty() ? "no answer" : route.trouble),
                          "a proxy that does not let WebSockets through is the usual reason when REST works");
            return;
        }
        std::vector<std::string> heard;
        for (const auto& topic : route.topics) {
            if (topic.frames > 0) {
                heard.push_back(fmt::format("{} after {:.1f} s", topic.kind, topic.first_ms / 1'000));
            }
        }
        const auto missing = std::ranges::count_if(route.topics, &TopicFinding::is_missing);
        if (missing == 0) {
            findings_.good(fmt::format("{} in {:.0f} ms, {}: {}", where, route.opened_ms, busiest_,
                                       fmt::join(heard, ", ")));
        }
        for (const auto& topic : route.topics) {
            judge(topic, route, url.path + route.path);
        }
    }

    void judge(const TopicFinding& topic, const RouteFinding& route, const std::string& path) {
        if (topic.is_missing() || !topic.refusal.empty()) {
            const std::string what =
                topic.is_missing() ? fmt::format("no {} in {:g} s on {}", topic.kind, wait_seconds_, path)
                                   : fmt::format("{} on {}", topic.kind, path);
            findings_.bad(fmt::format("{}: {}", what, reason_of(topic, route)), remedy_for(topic, route));
        }
        if (!topic.unknown_fields.empty()) {
            std::vector<std::string> quoted;
            quoted.reserve(topic.unknown_fields.size());
            for (const auto& name : topic.unknown_fields) {
                quoted.push_back(in_quotes(name));
            }
            findings_.odd(
                fmt::format("{} on {}: fields that are not known: {}", topic.kind, path,
                            fmt::join(quoted, ", ")),
                "the exchange changed its protocol: what is read of it still is, but a newer version "
                "may read more");
        }
    }

    static std::string reason_of(const TopicFinding& topic, const RouteFinding& route) {
        if (!topic.refusal.empty()) {
            return fmt::format("{} is refused: {}", topic.topic, in_quotes(topic.refusal));
        }
        if (!route.trouble.empty()) {
            return fmt::format("the connection ended: {}", route.trouble);
        }
        return topic.acknowledged ? fmt::format("{} is acknowledged and silent", topic.topic)
                                  : fmt::format("the subscription to {} is not answered", topic.topic);
    }

    std::string remedy_for(const TopicFinding& topic, const RouteFinding& route) const {
        const auto right = dialect_.stream_routes()[dialect_.route_of(topic.topic)].path;
        if (topic.acknowledged && !right.empty() && right != route.path) {
            return fmt::format(
                "the exchange delivers {} at {}: give --stream-url without a path, routes are "
                "appended",
                topic.kind, right);
        }
        return fmt::format(
            "try again; if it stays, {} delivers it elsewhere now, or is the address not one of "
            "its own?",
            dialect_.exchange());
    }

    AsioTransport& transport_;
    const Clock& clock_;
    const ExchangeDialect& dialect_;
    std::unique_ptr<RestCodec> codec_;
    FrameBuffer buffer_;
    double wait_seconds_;
    std::string busiest_;
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

/// What the stream address names of a route; empty when it is the base of the routes, as it should be.
std::string route_given(const LiveArguments& live, const ExchangeDialect& dialect) {
    const auto url =
        live.stream_url.empty() ? Result<Url>(Url{}) : Url::parse(live.stream_url, "--stream-url");
    return url ? url->path.substr(dialect.base_path(url->path).size()) : std::string{};
}

int run_doctor(const Arguments& arguments) {
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
    Doctor(**transport, clock, *dialect, arguments.wait_seconds, findings)
        .examine(*addresses, route_given(arguments.live, *dialect));
    return findings.all_good() ? exit_ok : exit_network;
}

}  // namespace

void add_doctor(CommandLine& line) {
    auto arguments = std::make_shared<Arguments>();
    auto command = line.subcommand(
        "doctor",
        "Check network, TLS, clock, exchange, every kind of its data, limits and disk, and say what to do");
    arguments->live.add_addresses_to(command);
    command.option("--wait", arguments->wait_seconds, "Seconds to wait for data of every kind of topic")
        .default_shown()
        .positive();
    command.option("--out", arguments->folder, "A folder for recordings, to be checked too");
    command.option("--key-file", arguments->key_file, "A key file of `account`, to be checked too");
    command.runs([arguments] { return run_doctor(*arguments); });
}

}  // namespace virtuoso::app
