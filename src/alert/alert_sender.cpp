#include "alert/alert_sender.hpp"

#include "alert/alert_transfer.hpp"
#include "base/thread_name.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;

struct FreeMulti {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

/// One sink, and what is on its way there.
struct Lane {
    AlertSink sink;
    LocalTime not_before = {};
    std::optional<OutboxEntry> entry = {};
    std::unique_ptr<AlertTransfer> transfer = {};
};

void prepare_library() {
    static const CURLcode prepared = curl_global_init(CURL_GLOBAL_DEFAULT);
    static_cast<void>(prepared);
}

}  // namespace

struct AlertSender::Parts {
    Parts(AlertOutbox& box, const Clock& time, Settings with, Hooks calls)
        : outbox(box), clock(time), settings(with), hooks(std::move(calls)) {}

    void run();
    bool begin_due();
    void begin(Lane& lane, OutboxEntry entry);
    void take_finished();
    void finish(Lane& lane, DeliveryJudgement judgement);
    [[nodiscard]] int pause_ms() const;
    [[nodiscard]] bool is_over(bool busy) const;

    AlertOutbox& outbox;
    const Clock& clock;
    Settings settings;
    Hooks hooks;
    std::vector<Lane> lanes;
    std::unique_ptr<CURLM, FreeMulti> multi;
    std::atomic<bool> stop{false};
    std::atomic<std::int64_t> stop_at_ns{0};
    std::thread thread;
};

AlertSender::AlertSender(std::vector<AlertSink> sinks, AlertOutbox& outbox, const Clock& clock,
                         Settings settings, Hooks hooks)
    : parts_(std::make_unique<Parts>(outbox, clock, settings, std::move(hooks))) {
    prepare_library();
    parts_->multi.reset(curl_multi_init());
    for (auto& sink : sinks) {
        parts_->lanes.push_back({.sink = std::move(sink)});
    }
}

AlertSender::~AlertSender() {
    stop(0);
    parts_->lanes.clear();  // transfers go before what they were added to
}

void AlertSender::start() {
    parts_->thread = std::thread([this] {
        name_thread("alerts");
        parts_->run();
    });
}

void AlertSender::wake() {
    curl_multi_wakeup(parts_->multi.get());
}

void AlertSender::stop(std::int64_t patience_ms) {
    parts_->stop_at_ns = parts_->clock.now().ns + patience_ms * ns_per_ms;
    parts_->stop = true;
    wake();
    if (parts_->thread.joinable()) {
        parts_->thread.join();
    }
}

bool AlertSender::Parts::is_over(bool busy) const {
    return stop && (!busy || clock.now().ns >= stop_at_ns);
}

void AlertSender::Parts::run() {
    while (!is_over(begin_due())) {
        int running = 0;
        curl_multi_perform(multi.get(), &running);
        take_finished();
        curl_multi_poll(multi.get(), nullptr, 0, pause_ms(), nullptr);
    }
    for (Lane& lane : lanes) {
        if (lane.transfer) {
            curl_multi_remove_handle(multi.get(), lane.transfer->handle());
            lane.transfer.reset();
        }
    }
}

// True when anything is on its way.
bool AlertSender::Parts::begin_due() {
    bool busy = false;
    for (Lane& lane : lanes) {
        const LocalTime now = clock.now();
        if (!lane.entry && lane.not_before <= now) {
            if (auto entry = outbox.due(lane.sink.spec.name, now)) {
                begin(lane, *std::move(entry));
                busy = true;
            }
        }
        busy = busy || lane.entry.has_value();
    }
    return busy;
}

void AlertSender::Parts::begin(Lane& lane, OutboxEntry entry) {
    lane.entry = std::move(entry);
    if (lane.sink.spec.kind == SinkKind::console) {
        hooks.console(lane.entry->message);
        finish(lane, {.verdict = DeliveryVerdict::delivered, .reason = "written", .wait_ms = {}});
        return;
    }
    lane.transfer = std::make_unique<AlertTransfer>(
        lane.sink, lane.entry->message, clock.now(),
        TransferLimits{settings.connect_ms, settings.answer_ms, settings.answer_bytes_max});
    if (lane.transfer->handle() == nullptr ||
        curl_multi_add_handle(multi.get(), lane.transfer->handle()) != CURLM_OK) {
        lane.transfer.reset();
        finish(lane,
               {.verdict = DeliveryVerdict::later, .reason = "no room for another transfer", .wait_ms = {}});
    }
}

void AlertSender::Parts::take_finished() {
    int left = 0;
    while (const CURLMsg* const message = curl_multi_info_read(multi.get(), &left)) {
        const auto lane = std::ranges::find_if(lanes, [&](const Lane& candidate) {
            return candidate.transfer && candidate.transfer->handle() == message->easy_handle;
        });
        if (message->msg != CURLMSG_DONE || lane == lanes.end()) {
            continue;
        }
        const DeliveryJudgement judgement = lane->transfer->judge(message->data.result);
        curl_multi_remove_handle(multi.get(), lane->transfer->handle());
        lane->transfer.reset();
        finish(*lane, judgement);
    }
}

void AlertSender::Parts::finish(Lane& lane, DeliveryJudgement judgement) {
    const OutboxEntry entry = *std::exchange(lane.entry, std::nullopt);
    const LocalTime now = clock.now();
    const std::string& key = entry.message.key;
    DeliveryReport report{.sink = lane.sink.spec.name,
                          .key = key,
                          .verdict = judgement.verdict,
                          .dead = judgement.verdict == DeliveryVerdict::never,
                          .reason = std::move(judgement.reason),
                          .attempts = entry.attempts + 1};
    if (judgement.wait_ms) {
        lane.not_before = {now.ns + std::min(*judgement.wait_ms, delivery_patience_ms) * ns_per_ms};
    }
    if (judgement.verdict == DeliveryVerdict::delivered) {
        outbox.delivered(key, now);
    } else if (report.dead) {
        outbox.dead(key, now, report.reason);
    } else if (const auto next = next_try(entry.message.made, now, report.attempts, judgement.wait_ms)) {
        outbox.failed(key, *next, report.reason);
    } else {
        report.dead = true;
        report.reason = fmt::format("not delivered within an hour; the last of {} attempts: {}",
                                    report.attempts, report.reason);
        outbox.dead(key, now, report.reason);
    }
    if (hooks.report) {
        hooks.report(report);
    }
}

int AlertSender::Parts::pause_ms() const {
    constexpr std::int64_t longest_ms = 1'000;
    constexpr std::int64_t stopping_ms = 10;
    const LocalTime now = clock.now();
    std::int64_t pause = stop ? stopping_ms : longest_ms;
    for (const Lane& lane : lanes) {
        if (lane.entry) {
            continue;
        }
        if (const auto next = outbox.next_due(lane.sink.spec.name)) {
            pause = std::min(pause, (std::max(*next, lane.not_before) - now) / ns_per_ms + 1);
        }
    }
    return static_cast<int>(std::max<std::int64_t>(0, pause));
}

}  // namespace virtuoso
