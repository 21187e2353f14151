#include "service/symbol_saver.hpp"

#include "base/thread_name.hpp"
#include "service/saved_symbols.hpp"

#include <fmt/format.h>

#include <utility>

namespace virtuoso {

SymbolSaver::SymbolSaver(Settings settings, const Clock& clock,
                         std::function<void(const std::string&)> on_trouble)
    : settings_(std::move(settings)), clock_(clock), on_trouble_(std::move(on_trouble)), thread_([this] {
          name_thread("saving");
          run();
      }) {}

SymbolSaver::~SymbolSaver() {
    {
        const std::lock_guard lock(mutex_);
        ends_ = true;
    }
    more_.notify_all();
    thread_.join();
}

bool SymbolSaver::has_room() const {
    const std::lock_guard lock(mutex_);
    return jobs_.size() < waiting_max;
}

void SymbolSaver::put(Job job) {
    {
        const std::lock_guard lock(mutex_);
        jobs_.push_back(std::move(job));
    }
    more_.notify_all();
}

void SymbolSaver::give(std::uint32_t shard, SavedSymbol symbol) {
    put({.shard = shard, .step = Step::add, .symbol = std::move(symbol)});
}

void SymbolSaver::finish(std::uint32_t shard) {
    put({.shard = shard, .step = Step::finish});
}

void SymbolSaver::abandon(std::uint32_t shard) {
    put({.shard = shard, .step = Step::abandon});
}

SavingStatus SymbolSaver::status() const {
    const std::lock_guard lock(mutex_);
    return status_;
}

void SymbolSaver::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        more_.wait(lock, [this] { return ends_ || !jobs_.empty(); });
        if (jobs_.empty()) {
            return;
        }
        const Job job = std::move(jobs_.front());
        jobs_.pop_front();
        lock.unlock();
        work(job);
        lock.lock();
    }
}

void SymbolSaver::work(const Job& job) {
    ShardFile& file = files_[job.shard];
    if (job.step == Step::add) {
        add(file, job);
        return;
    }
    if (job.step == Step::finish && !file.failed && file.writer) {
        finish(file, job.shard);
    }
    file.writer.reset();
    file.failed = false;
}

void SymbolSaver::add(ShardFile& file, const Job& job) {
    if (file.failed) {
        return;
    }
    if (!file.writer) {
        auto made = SavedFileWriter::create(settings_.folder / saved_file_name(job.shard), settings_.source);
        if (!made) {
            note_failure(file, made.error());
            return;
        }
        file.writer.emplace(std::move(*made));
    }
    if (const auto added = file.writer->add(job.symbol); !added) {
        note_failure(file, added.error());
    }
}

void SymbolSaver::finish(ShardFile& file, std::uint32_t shard) {
    if (const auto finished = file.writer->finish(); !finished) {
        note_failure(file, finished.error());
        return;
    }
    std::error_code none_there;
    std::filesystem::remove(settings_.folder / resumed_file_name(shard), none_there);
    file.symbols = file.writer->symbols();
    file.bytes = file.writer->bytes();
    const std::lock_guard lock(mutex_);
    ++status_.files;
    status_.last = clock_.now();
    status_.trouble.clear();
    status_.symbols = 0;
    status_.bytes = 0;
    for (const auto& [number, written] : files_) {
        status_.symbols += written.symbols;
        status_.bytes += written.bytes;
    }
}

void SymbolSaver::note_failure(ShardFile& file, const Error& error) {
    file.writer.reset();
    file.failed = true;
    bool first = false;
    {
        const std::lock_guard lock(mutex_);
        ++status_.failures;
        first = status_.trouble.empty();
        status_.trouble = error.message;
    }
    if (first) {
        on_trouble_(error.text());
    }
}

}  // namespace virtuoso
