// Whole recordings through the whole pipeline.
#include "engine/replay.hpp"
#include "frame_set.hpp"
#include "journal/journal_writer.hpp"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <filesystem>

namespace virtuoso::bench {
namespace {

/// The recording as a journal beside the temporary files; removed with the object.
class TemporaryJournal {
  public:
    explicit TemporaryJournal(const std::string& recording_file)
        : path_(std::filesystem::temp_directory_path() / "virtuoso_bench.vjournal") {
        auto recording = open_recording(recording_file);
        auto writer = JournalWriter::create(path_);
        RawRecord record;
        while (recording && writer && (*recording)->next(record).value_or(false)) {
            whole_ = writer->append(record).has_value();
        }
        whole_ = whole_ && writer->close().has_value();
    }
    TemporaryJournal(const TemporaryJournal&) = delete;
    TemporaryJournal& operator=(const TemporaryJournal&) = delete;
    ~TemporaryJournal() { std::remove(path_.c_str()); }
    [[nodiscard]] bool whole() const noexcept { return whole_; }
    [[nodiscard]] const std::string& path() const noexcept { return path_; }

  private:
    std::string path_;
    bool whole_ = false;
};

void replay_all(benchmark::State& state, const std::string& path) {
    double records = 0;
    for (auto _ : state) {
        Pipeline pipeline;
        if (!replay({path}, pipeline, {})) {
            state.SkipWithError("the recording cannot be replayed");
            return;
        }
        records += static_cast<double>(pipeline.records());
    }
    state.counters["messages/s"] = benchmark::Counter(records, benchmark::Counter::kIsRate);
}

const char* const largest = "binance-usdm/btcusdt_20240808.jsonl.gz";
const char* const absent = "the recording is not on this machine";

void replay_journal(benchmark::State& state) {
    const auto path = recording_path(largest);
    if (!path) {
        state.SkipWithError(absent);
        return;
    }
    const TemporaryJournal journal(*path);
    if (!journal.whole()) {
        state.SkipWithError("the journal could not be written");
        return;
    }
    replay_all(state, journal.path());
}
BENCHMARK(replay_journal)->Unit(benchmark::kMillisecond);

void replay_gzipped_capture(benchmark::State& state) {
    const auto path = recording_path(largest);
    if (!path) {
        state.SkipWithError(absent);
        return;
    }
    replay_all(state, *path);
}
BENCHMARK(replay_gzipped_capture)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace virtuoso::bench
