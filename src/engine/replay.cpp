#include "engine/replay.hpp"

#include "engine/system_clock.hpp"
#include "journal/merged_recording.hpp"

namespace virtuoso {

namespace {

constexpr std::uint64_t progress_records = 4'096;

/// Sleeps so that recorded time passes `speed` times as fast as real time.
class Pacer {
  public:
    explicit Pacer(double speed) : speed_(speed) {}

    void wait_for(LocalTime recorded) {
        if (speed_ <= 0) {
            return;
        }
        if (first_recorded_.ns == 0) {
            first_recorded_ = recorded;
            started_ = system_.now();
        }
        const auto elapsed = static_cast<double>(recorded - first_recorded_) / speed_;
        system_.sleep_until({started_.ns + static_cast<std::int64_t>(elapsed)});
    }

  private:
    double speed_;
    SystemClock system_;
    LocalTime first_recorded_;
    LocalTime started_;
};

/// Finds out when the time of receipt passes a multiple of a step.
class Stepper {
  public:
    Stepper(std::int64_t every_ms, const ReplayObserver& observer)
        : every_ns_(observer.on_step ? every_ms * ns_per_ms : 0), observer_(observer) {}

    /// Before a record received then: what was received by a step is known at it, and nothing else.
    [[nodiscard]] Result<void> before(LocalTime received) {
        if (every_ns_ <= 0 || received <= next_) {
            return {};
        }
        step();
        next_.ns = (received.ns + every_ns_ - 1) / every_ns_ * every_ns_;
        return observer_.go_on ? observer_.go_on() : Result<void>();
    }
    /// There is no record after one that was received then.
    void finish(LocalTime received) {
        if (every_ns_ > 0 && received >= next_) {
            step();
        }
    }

  private:
    static constexpr std::int64_t ns_per_ms = 1'000'000;

    void step() {
        if (next_.ns > 0) {
            observer_.on_step({next_.ns / ns_per_ms});
        }
    }

    std::int64_t every_ns_;
    const ReplayObserver& observer_;
    LocalTime next_;
};

}  // namespace

Result<std::vector<std::string>> replay(const std::vector<std::string>& paths, Pipeline& pipeline,
                                        const ReplayOptions& options, const ReplayObserver& observer) {
    auto merged = MergedRecording::open(paths, options.recording, pipeline.until());
    if (!merged) {
        return std::unexpected(merged.error());
    }
    MergedRecording& recording = **merged;
    VirtualClock clock;
    Pacer pacer(options.speed);
    Stepper stepper(options.every_ms, observer);
    std::uint64_t count = 0;
    const auto read = read_records(recording, {}, [&](const RawRecord& record) -> Result<void> {
        clock.advance_to(record.received);
        pacer.wait_for(clock.now());
        if (auto stepped = stepper.before(clock.now()); !stepped) {
            return stepped;
        }
        pipeline.feed(record);
        if (++count % progress_records == 0 && observer.on_progress) {
            observer.on_progress(recording.progress());
        }
        return {};
    });
    if (!read) {
        return std::unexpected(read.error());
    }
    stepper.finish(clock.now());
    return recording.notices();
}

}  // namespace virtuoso
