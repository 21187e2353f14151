#include "service/service.hpp"

#include "service/report_desk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <span>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;

std::unique_ptr<StoreWriter> writer_of(ServiceSettings& settings, ServiceLog& log, const Clock& clock) {
    StorePlan& plan = settings.store;
    if (!plan.open) {
        return nullptr;
    }
    return std::make_unique<StoreWriter>(
        std::move(plan.open), std::move(plan.store),
        StoreWriter::Settings{.retention = settings.live.retention, .limits = plan.limits}, log, clock);
}

std::unique_ptr<StoreReader> reader_of(const ServiceSettings& settings) {
    if (!settings.store.open_to_read) {
        return nullptr;
    }
    return std::make_unique<StoreReader>(settings.store.open_to_read);
}

std::unique_ptr<ResultRecorder> recorder_of(const ServiceSettings& settings, StoreWriter* writer,
                                            LocalTime began) {
    if (writer == nullptr) {
        return nullptr;
    }
    return std::make_unique<ResultRecorder>([writer](StoreRecord record) { writer->put(std::move(record)); },
                                            settings.store.exchange, began);
}

void ask_prices(const ShardGroup& shards, const OutcomeDesk::Questions& questions,
                const OutcomeDesk::Answers& answers) {
    constexpr std::size_t minutes_max = 60;
    for (const auto& shard : shards.shards()) {
        shard->post([questions, answers](ShardSession& session) {
            answers(answer_prices(*questions, session, minutes_max));
        });
    }
}

}  // namespace

Service::Service(ServiceSettings settings, ServiceLog& log, const Clock& clock)
    : settings_(std::move(settings)),
      log_(log),
      clock_(clock),
      began_(clock.now()),
      writer_(writer_of(settings_, log, clock)),
      reader_(reader_of(settings_)),
      recorder_(recorder_of(settings_, writer_.get(), began_)),
      desk_(log, settings_.live.events),
      saver_(make_saver()),
      shards_(saving_plans(), clock, settings_.live.stall_ns,
              [this](const ShardTrouble& trouble) { on_shard_trouble(trouble); }),
      hub_(shards_, results_, desk_, log, clock),
      keeper_(shards_, clock, settings_.live.keeper, [this](const KeeperRun& run) { on_keeper_run(run); }),
      account_(settings_.account ? std::make_unique<AccountWatch>(*std::move(settings_.account), log, clock)
                                 : nullptr) {
    hub_.set(settings_.live.ranking);
    hub_.set(settings_.live.events.feed_trouble);
    hub_.record_with(recorder_.get());
    desk_.record_with(recorder_.get());
    if (writer_ != nullptr) {
        follow_outcomes();
    }
    if (reader_ != nullptr && !settings_.reports.empty()) {
        make_reports();
    }
}

void Service::make_reports() {
    report_reader_ = reader_of(settings_);
    reports_ = std::make_unique<ReportDesk>(
        settings_.reports, settings_.store.exchange,
        ReportDesk::Hooks{
            .ask =
                [this](StoreReader::Question question) { return report_reader_->ask(std::move(question)); },
            .tell =
                [this](const Occurrence& occurrence) {
                    if (alerts_ != nullptr) {
                        alerts_->take(occurrence);
                    }
                }},
        log_);
}

void Service::follow_outcomes() {
    outcomes_ = std::make_unique<OutcomeDesk>(OutcomeDesk::Hooks{
        .put = [this](StoreRecord record) { writer_->put(std::move(record)); },
        .describe = [this](std::string_view symbol) { return circumstances_of(symbol); },
        .ask = [this](const OutcomeDesk::Questions& questions,
                      const OutcomeDesk::Answers& answers) { ask_prices(shards_, questions, answers); },
        .over = [this](const StoreRow& row) { calibration_.note(row); }});
    writer_->on_written([this](std::span<const StoreRecord> written) { outcomes_->begin(written); });
    writer_->read_first([this](Store& store) { return read_what_was_kept(store); });
    writer_->read_then([this](Store& store) {
        return calibration_.read(store, settings_.store.exchange, clock_.now().ns / ns_per_ms);
    });
}

Result<void> Service::read_what_was_kept(Store& store) {
    if (alerts_ != nullptr) {
        if (auto restored = alerts_->restore(store, settings_.store.exchange); !restored) {
            return restored;
        }
    }
    told_is_known_ = true;
    if (!settings_.store.goes_on) {
        return {};
    }
    auto recorded = read_recorded_signals(store, settings_.store.exchange, clock_.now().ns / ns_per_ms);
    if (!recorded) {
        return std::unexpected(recorded.error());
    }
    if (!recorded->open.empty()) {
        log_.info("store", "outcomes",
                  fmt::format("{} signals of before are followed on", recorded->open.size()));
    }
    recorder_->resume(std::move(recorded->sides));
    outcomes_->resume(std::move(recorded->open));
    return {};
}

SignalCircumstances Service::circumstances_of(std::string_view symbol) const {
    SignalCircumstances circumstances;
    if (const auto result = results_.look(symbol)) {
        circumstances.group = group_of(result->deep);
    }
    if (const auto overview = desk_.overview(); overview != nullptr && overview->regime) {
        circumstances.regime = std::string(name_of(*overview->regime));
    }
    return circumstances;
}

std::optional<CalibrationAnswer> Service::calibration_of(const SymbolResult& result) const {
    return calibration_.answer(result, desk_.overview().get());
}

std::optional<OutcomeCounts> Service::outcomes() const {
    return outcomes_ == nullptr ? std::nullopt : std::optional(outcomes_->counts());
}

std::unique_ptr<SymbolSaver> Service::make_saver() {
    if (!settings_.saving) {
        return nullptr;
    }
    return std::make_unique<SymbolSaver>(settings_.saving->target, clock_, [this](const std::string& text) {
        log_.warn("state", "save", text);
    });
}

std::vector<ShardPlan> Service::saving_plans() {
    std::vector<ShardPlan> plans = std::move(settings_.shards);
    if (!settings_.saving) {
        return plans;
    }
    const auto& [target, every_ns, age_ms_max] = *settings_.saving;
    const auto saved = std::make_shared<SavedSymbols>(target.folder, target.source, [this](std::string text) {
        log_.warn("state", "read", std::move(text));
    });
    for (ShardPlan& plan : plans) {
        plan.settings.saved = saved;
        plan.settings.saved_age_ms_max = age_ms_max;
        plan.settings.saver = saver_.get();
        plan.settings.save_every_ns = every_ns;
    }
    return plans;
}

std::optional<SavingStatus> Service::saving() const {
    return saver_ ? std::optional(saver_->status()) : std::nullopt;
}

Service::~Service() {
    if (started_) {
        stop();
    }
    if (alerts_ != nullptr) {
        alerts_->keep_with({}, settings_.store.exchange);
    }
    writer_.reset();  // its thread tells the parts that are still here
}

void Service::attach(AlertDesk& alerts) {
    alerts_ = &alerts;
    desk_.listen([&alerts](const NotableEvent& event) { alerts.note(event); });
    if (writer_ != nullptr) {
        alerts.keep_with([this](StoreRecord record) { writer_->put(std::move(record)); },
                         settings_.store.exchange);
    }
}

void Service::start() {
    started_ = true;
    if (writer_ != nullptr) {
        writer_->start();
    }
    if (reader_ != nullptr) {
        reader_->start();
    }
    if (report_reader_ != nullptr) {
        report_reader_->start();
    }
    shards_.start();
    hub_.start();
    keeper_.start();
    if (account_ != nullptr) {
        account_->start();
    }
}

void Service::watch() {
    shards_.watch();
    constexpr std::int64_t look_every_ns = 500'000'000;
    const LocalTime looked = clock_.now();
    if (looked - ready_looked_ >= look_every_ns) {
        ready_looked_ = looked;
        const ServiceHealth found = health(0);
        if (outcomes_ != nullptr) {
            outcomes_->look(exchange_now());
        }
        if (recorder_ != nullptr) {
            recorder_->note(found, looked);
        }
        if (alerts_ != nullptr) {
            alerts_->look(found, desk_.overview().get());
        }
        if (reports_ != nullptr && told_is_known_) {
            // Rows have the exchange's time, and it goes on rightly where the machine's was wrong at the
            // start.
            reports_->look({exchange_now().ms * ns_per_ms});
        }
        if (const auto line = readiness_.look(found, looked)) {
            log_.write({.level = line->level,
                        .part = "service",
                        .kind = "ready",
                        .text = line->text,
                        .fields = {{"uptime_ms", fmt::format("{}", (looked - began_) / 1'000'000)}}});
        }
    }
}

void Service::apply(const LiveSettings& settings) {
    shards_.set_stall(settings.stall_ns);
    hub_.set(settings.ranking);
    hub_.set(settings.events.feed_trouble);
    keeper_.set(settings.keeper);
    desk_.set(settings.events);
    if (writer_ != nullptr) {
        writer_->set(settings.retention);
    }
    shards_.tell_all("events",
                     [events = settings.events](ShardSession& session) { session.set_events(events); });
}

ServiceEnd Service::stop() {
    started_ = false;
    const LocalTime asked = clock_.now();
    reader_.reset();
    report_reader_.reset();
    account_.reset();
    keeper_.stop();
    const std::size_t left = shards_.stop(settings_.stop_ns);
    hub_.stop();
    if (left == 0) {
        saver_.reset();  // writes what waits
    }
    ServiceEnd end{.shards_left = left};
    if (writer_ != nullptr) {
        constexpr std::chrono::milliseconds patience(400);
        end.store_left = !writer_->stop(patience);
        end.rows_unwritten = writer_->status().waiting;
    }
    end.took_ns = clock_.now() - asked;
    return end;
}

std::optional<StoreStatus> Service::store_status() const {
    return writer_ == nullptr ? std::nullopt : std::optional(writer_->status());
}

bool Service::post_to(std::string_view symbol, std::function<void(ShardSession&)> command) {
    const ResultPointer known = results_.look(symbol);
    const auto shards = shards_.shards();
    const auto of_it = std::ranges::find_if(
        shards, [&](const auto& shard) { return known != nullptr && shard->index() == known->shard; });
    if (of_it == shards.end()) {
        return false;
    }
    (*of_it)->post(std::move(command));
    return true;
}

bool Service::look_at(std::string_view symbol, std::function<void(const TrackedSymbol*)> look) {
    return post_to(symbol, [name = std::string(symbol), kept = std::move(look)](ShardSession& session) {
        kept(session.session().find(name));
    });
}

bool Service::look_at_book(std::string_view symbol, std::function<void(const BookHistory*)> look) {
    return post_to(symbol, [name = std::string(symbol), kept = std::move(look)](ShardSession& session) {
        kept(session.book_history(name));
    });
}

ServiceHealth Service::health(std::size_t symbols_max) const {
    return health_of({.shards = shards_,
                      .hub = hub_,
                      .results = results_,
                      .keeper = keeper_,
                      .saving = saving(),
                      .store = store_status(),
                      .began = began_},
                     clock_.now(), symbols_max);
}

// Before any shard has told, clocks are taken to agree.
ExchangeTime Service::exchange_now() const {
    const auto statuses = hub_.statuses();
    return (statuses.empty() ? ShardStatus{} : *statuses.front()).exchange_at(clock_.now());
}

void Service::on_shard_trouble(const ShardTrouble& trouble) {
    log_.write({.level = LogLevel::error,
                .part = "service",
                .kind = "shard",
                .text = trouble.text,
                .fields = {{"shard", fmt::format("{}", trouble.shard)}}});
    hub_.note_shard_trouble(trouble.shard);
    std::size_t symbols = 0;
    for (const auto& status : hub_.statuses()) {
        symbols = status->shard == trouble.shard ? status->symbols : symbols;
    }
    desk_.note(shard_trouble_event(trouble.shard, exchange_now(), trouble.text, symbols));
}

void Service::on_keeper_run(const KeeperRun& run) {
    log_.info("keeper", "run", log_line(run));
    if (recorder_ != nullptr) {
        recorder_->note(run);
    }
    if (const auto trouble = trouble_of(run)) {
        desk_.note(keeper_trouble_event(exchange_now(), *trouble, run.pressure == MemoryPressure::hard));
    }
}

}  // namespace virtuoso
