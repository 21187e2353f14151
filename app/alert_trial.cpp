#include "alert_trial.hpp"

#include "alert/alert_dispatcher.hpp"
#include "alert/alert_request.hpp"
#include "alert/alert_setup.hpp"
#include "engine/pipeline.hpp"
#include "engine/replay.hpp"
#include "output.hpp"
#include "pipeline_notes.hpp"
#include "progress_bar.hpp"
#include "service/event_cooldown.hpp"
#include "service/event_occurrence.hpp"
#include "service/symbol_events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace virtuoso::app {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;

class Trial {
  public:
    Trial(const ServiceConfig& config, const AlertSetup& setup)
        : events_(config.events),
          cooldown_(events_),
          dispatcher_(setup.rules, setup.sinks),
          tell_([this](const NotableEvent& event) { note(event); }) {}

    void on_change(const TrackedSymbol& symbol, const StateChange& change) {
        watch_of(symbol).on_change(symbol, change, tell_);
    }
    void on_step(Pipeline& pipeline, ExchangeTime step) {
        now_ = {step.ms * ns_per_ms};
        for (const auto& symbol : pipeline.symbols()) {
            const Confluence confluence = pipeline.evaluate(*symbol, pipeline.newest());
            watch_of(*symbol).on_evaluation(*symbol, confluence, tell_);
        }
        show(dispatcher_.due(now_));
    }
    /// What still waits for its time is shown as if the end were it.
    void finish() {
        show(dispatcher_.flush(now_));
        const DispatchCounts counts = dispatcher_.counts();
        print(
            "{} alerts; of {} occurrences {} matched no rule, {} were held back by cooldowns, {} by sinks\n",
            counts.messages, counts.taken, counts.unmatched, counts.by_cooldown, counts.by_sink);
    }

  private:
    SymbolEvents& watch_of(const TrackedSymbol& symbol) {
        return watches_.try_emplace(symbol.number, events_).first->second;
    }
    void note(const NotableEvent& event) {
        if (cooldown_.admits(event)) {
            now_.ns = std::max(now_.ns, event.time.ms * ns_per_ms);
            show(dispatcher_.take(occurrence_of(event), now_));
        }
    }
    static void show(const std::vector<AlertMessage>& messages) {
        for (const auto& message : messages) {
            print("{} -> {}: {}\n", iso_text({message.made.ns / ns_per_ms}), message.sink,
                  console_line(message));
        }
    }

    EventSettings events_;
    EventCooldown cooldown_;
    AlertDispatcher dispatcher_;
    EventSink tell_;
    std::map<std::size_t, SymbolEvents> watches_;
    LocalTime now_;
};

}  // namespace

Result<void> try_alerts(const ServiceConfig& config, const RecordingArguments& recording) {
    const auto setup = AlertSetup::parse(config.alerts.sinks, config.alerts.rules);
    if (!setup) {
        return std::unexpected(setup.error());
    }
    ScoringArguments scoring;
    scoring.weights = config.engine.weights;
    scoring.thresholds = config.engine.thresholds;
    auto options = scoring.options();
    if (!options) {
        return std::unexpected(options.error());
    }
    Trial trial(config, *setup);
    options->on_change = [&](const TrackedSymbol& symbol, const StateChange& change) {
        trial.on_change(symbol, change);
    };
    Pipeline pipeline(*std::move(options));
    ProgressBar bar("trying");
    const ReplayObserver observer{.on_step = [&](ExchangeTime step) { trial.on_step(pipeline, step); },
                                  .on_progress = [&](double share) { bar.show(share); },
                                  .go_on = check_output};
    const auto notices = replay(
        recording.files, pipeline,
        {.recording = recording.options(), .speed = 0, .every_ms = config.engine.interval_ms}, observer);
    bar.clear();
    if (!notices) {
        return std::unexpected(notices.error());
    }
    trial.finish();
    print_notes(pipeline, *notices);
    return {};
}

}  // namespace virtuoso::app
