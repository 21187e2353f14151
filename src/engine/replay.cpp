#include "engine/replay.hpp"

#include "engine/system_clock.hpp"

#include <fmt/format.h>

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

/// Finds out when exchange time passes a multiple of a step.
class Stepper {
  public:
    Stepper(std::int64_t every_ms, const ReplayObserver& observer)
        : every_ms_(every_ms), observer_(observer) {}

    void advance(ExchangeTime now) {
        if (every_ms_ <= 0 || !observer_.on_step || now.ms < next_.ms) {
            return;
        }
        const ExchangeTime step{now.ms - now.ms % every_ms_};
        if (next_.ms > 0) {
            observer_.on_step(step);
        }
        next_ = step + every_ms_;
    }

  private:
    std::int64_t every_ms_;
    const ReplayObserver& observer_;
    ExchangeTime next_;
};

}  // namespace

Result<std::vector<std::string>> replay(const std::vector<std::string>& paths, Pipeline& pipeline,
                                        const ReplayOptions& options, const ReplayObserver& observer) {
    std::vector<std::string> notices;
    VirtualClock clock;
    Pacer pacer(options.speed);
    Stepper stepper(options.every_ms, observer);
    for (const auto& path : paths) {
        auto recording = open_recording(path, options.recording);
        if (!recording) {
            return std::unexpected(recording.error());
        }
        std::uint64_t count = 0;
        const auto fed = read_records(**recording, path, [&](const RawRecord& record) -> Result<void> {
            clock.advance_to(record.received);
            pacer.wait_for(clock.now());
            pipeline.feed(record);
            stepper.advance(pipeline.newest());
            if (++count % progress_records == 0 && observer.on_progress) {
                observer.on_progress((*recording)->progress());
            }
            return {};
        });
        if (!fed) {
            return std::unexpected(fed.error());
        }
        for (const auto& notice : (*recording)->notices()) {
            notices.push_back(fmt::format("{}: {}", path, notice));
        }
    }
    return notices;
}

}  // namespace virtuoso
