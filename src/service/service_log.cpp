#include "service/service_log.hpp"

#include "engine/system_clock.hpp"
#include "service/log_target.hpp"
#include "service/recent_log.hpp"

#include <fmt/format.h>
#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/base_sink.h>

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <thread>

namespace virtuoso {

namespace {

constexpr std::size_t queue_lines = 8'192;
constexpr std::int64_t ms_of_window = 60'000;

class TargetSink final : public spdlog::sinks::base_sink<std::mutex> {
  public:
    explicit TargetSink(LogTarget& target) : target_(target) {}

  protected:
    void sink_it_(const spdlog::details::log_msg& message) override {
        std::string line(message.payload.data(), message.payload.size());
        line += '\n';
        target_.write(line);
    }
    void flush_() override {}

  private:
    LogTarget& target_;
};

/// How many lines of one kind this minute has seen.
struct KindCount {
    std::size_t lines = 0;
    std::size_t held_back = 0;
};

/// For whoever asks, whatever the level of what is written.
bool is_kept(LogLevel level) noexcept {
    return level >= LogLevel::warning;
}

std::int64_t now_ms() {
    return time_of_day().ns / 1'000'000;
}

}  // namespace

struct ServiceLog::Parts {
    Parts(LogSettings log_settings, int descriptor)
        : settings(std::move(log_settings)),
          level(settings.level),
          lines_max(settings.lines_a_minute_max),
          target(std::make_shared<LogTarget>(settings.file, descriptor)),
          pool(std::make_shared<spdlog::details::thread_pool>(queue_lines, 1)),
          logger(std::make_shared<spdlog::async_logger>("virtuoso", std::make_shared<TargetSink>(*target),
                                                        pool,
                                                        spdlog::async_overflow_policy::overrun_oldest)) {
        logger->set_level(spdlog::level::trace);
    }

    [[nodiscard]] bool writes(LogLevel of) const noexcept {
        return of >= level.load(std::memory_order_relaxed);
    }
    void put(const LogRecord& record, std::int64_t time_ms) {
        if (is_kept(record.level)) {
            recent.add(record, time_ms);
        }
        if (!writes(record.level)) {
            return;
        }
        ++handed_over;
        logger->log(spdlog::level::info, spdlog::string_view_t(log_text(record, time_ms, settings.format)));
    }
    /// Not written yet, nor lost.
    [[nodiscard]] bool on_its_way() const {
        return target->written() + target->failed() + pool->overrun_counter() < handed_over;
    }
    [[nodiscard]] bool admit(const LogRecord& record, std::int64_t time_ms);
    void end_window();

    LogSettings settings;
    std::atomic<LogLevel> level;
    std::atomic<std::size_t> lines_max;
    RecentLog recent;
    std::shared_ptr<LogTarget> target;
    std::shared_ptr<spdlog::details::thread_pool> pool;
    std::shared_ptr<spdlog::async_logger> logger;
    std::mutex mutex;
    std::map<std::pair<std::string, std::string>, KindCount> kinds;  ///< a fixed set of names
    std::int64_t window_ms = 0;
    std::atomic<std::uint64_t> held_back{0};
    std::atomic<std::uint64_t> handed_over{0};
};

bool ServiceLog::Parts::admit(const LogRecord& record, std::int64_t time_ms) {
    const std::lock_guard lock(mutex);
    if (time_ms - window_ms >= ms_of_window || time_ms < window_ms) {
        end_window();
        window_ms = time_ms;
    }
    KindCount& kind = kinds[{std::string(record.part), std::string(record.kind)}];
    const std::size_t most = lines_max;
    if (record.level == LogLevel::debug || most == 0 || kind.lines < most) {
        ++kind.lines;
        return true;
    }
    ++kind.held_back;
    ++held_back;
    return false;
}

void ServiceLog::Parts::end_window() {
    for (auto& [name, kind] : kinds) {
        if (kind.held_back > 0) {
            put({.level = LogLevel::warning,
                 .part = "log",
                 .kind = "held_back",
                 .text = fmt::format("{} lines of {}.{} were held back in the last minute", kind.held_back,
                                     name.first, name.second)},
                now_ms());
        }
        kind = {};
    }
}

Result<std::unique_ptr<ServiceLog>> ServiceLog::open(LogSettings settings) {
    const auto descriptor = LogTarget::open(settings.file);
    if (!descriptor) {
        return std::unexpected(descriptor.error());
    }
    return std::unique_ptr<ServiceLog>(
        new ServiceLog(std::make_unique<Parts>(std::move(settings), *descriptor)));
}

ServiceLog::ServiceLog(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

// The pool's destructor waits until its queue is written, each line of which may take its 200 ms. A line that
// has left the queue is not written yet.
ServiceLog::~ServiceLog() {
    constexpr auto patience = std::chrono::seconds(1);
    constexpr auto pause = std::chrono::milliseconds(5);
    const auto end = std::chrono::steady_clock::now() + patience;
    while (parts_->on_its_way() && std::chrono::steady_clock::now() < end) {
        std::this_thread::sleep_for(pause);
    }
    parts_->target->give_up();
}

bool ServiceLog::enabled(LogLevel level) const noexcept {
    return parts_->writes(level);
}

void ServiceLog::write(const LogRecord& record) {
    const std::int64_t time = now_ms();
    if ((enabled(record.level) || is_kept(record.level)) && parts_->admit(record, time)) {
        parts_->put(record, time);
    }
}

void ServiceLog::set(const LogSettings& settings) {
    parts_->level = settings.level;
    parts_->lines_max = settings.lines_a_minute_max;
}

Result<void> ServiceLog::reopen() {
    return parts_->target->reopen();
}

LogCounts ServiceLog::counts() const noexcept {
    return {.written = parts_->target->written(),
            .held_back = parts_->held_back,
            .overrun = parts_->pool->overrun_counter(),
            .failed = parts_->target->failed()};
}

const RecentLog& ServiceLog::recent() const noexcept {
    return parts_->recent;
}

}  // namespace virtuoso
