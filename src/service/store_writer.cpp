#include "service/store_writer.hpp"

#include "base/thread_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>

namespace virtuoso {

namespace {

constexpr std::size_t batch_max = 5'000;
constexpr std::size_t removed_at_once = 2'000;
constexpr std::chrono::milliseconds wait_max{10'000};
constexpr std::int64_t retain_every_ms = ms_per_hour;
constexpr std::int64_t ns_per_ms = 1'000'000;

// Of `signals`.
constexpr std::size_t exchange_column = 0;
constexpr std::size_t symbol_column = 1;
constexpr std::size_t sequence_column = 2;

bool is_unnumbered_signal(const StoreRecord& record) {
    return record.table == StoreTable::signals && record.row.size() > sequence_column &&
           record.row[sequence_column] == StoreValue(std::int64_t{0});
}

}  // namespace

StoreWriter::StoreWriter(Open open, std::unique_ptr<Store> store, const Settings& settings, ServiceLog& log,
                         const Clock& clock)
    : open_(std::move(open)),
      log_(log),
      clock_(clock),
      pause_(settings.pause),
      wait_(settings.pause),
      store_(std::move(store)),
      queue_(settings.limits),
      retention_(settings.retention) {}

StoreWriter::~StoreWriter() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void StoreWriter::start() {
    retained_ms_ = clock_.now().ns / ns_per_ms;
    retained_table_ = 0;
    if (store_ != nullptr) {
        if (const auto read = read_with(read_first_); !read) {
            note_failure(read.error());  // the thread tries again
        }
    }
    thread_ = std::thread([this] {
        name_thread("store");
        run();
    });
}

bool StoreWriter::stop(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    stop_ = true;
    wake_.notify_all();
    if (!thread_.joinable()) {
        return true;
    }
    bool over = ended_.wait_for(lock, patience, [this] { return over_; });
    if (!over) {
        lock.unlock();
        {
            const std::lock_guard store_lock(store_mutex_);
            if (store_ != nullptr) {
                store_->interrupt();
            }
        }
        lock.lock();
        over = ended_.wait_for(lock, patience, [this] { return over_; });
    }
    lock.unlock();
    if (over) {
        thread_.join();
    }
    return over;
}

void StoreWriter::put(StoreRecord record) {
    const std::lock_guard lock(mutex_);
    queue_.push(std::move(record));
}

void StoreWriter::set(const Retention& retention) {
    const std::lock_guard lock(mutex_);
    retention_ = retention;
}

StoreStatus StoreWriter::status() const {
    const std::lock_guard lock(mutex_);
    StoreStatus status = status_;
    status.dropped = queue_.dropped();
    status.waiting = queue_.size() + under_way_;
    status.waiting_bytes = queue_.bytes();
    return status;
}

void StoreWriter::run() {
    try {
        while (turn()) {
        }
    } catch (const std::exception& fault) {
        note_failure({ErrorCode::store_busy, fmt::format("the store's thread ended: {}", fault.what())});
    }
    const std::lock_guard lock(mutex_);
    over_ = true;
    ended_.notify_all();
}

bool StoreWriter::turn() {
    bool stopping = false;
    {
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, wait_, [this] { return stop_; });
        stopping = stop_;
    }
    // All that waits, so that a burst is not written over many seconds.
    do {
        if (batch_.empty()) {
            const std::lock_guard lock(mutex_);
            batch_ = queue_.take(batch_max);
            under_way_ = batch_.size();
        }
        if (const auto written = write(); !written) {
            note_failure(written.error());
            return !stopping;
        }
        const std::lock_guard lock(mutex_);
        under_way_ = 0;
        if (queue_.size() == 0) {
            break;
        }
    } while (true);
    note_success();
    if (!stopping) {
        retain();
    }
    return !stopping;
}

void StoreWriter::take_store(std::unique_ptr<Store> store) {
    const std::lock_guard lock(store_mutex_);
    store_ = std::move(store);
}

Result<void> StoreWriter::open_store_again() {
    auto opened = open_();
    if (!opened) {
        return std::unexpected(opened.error());
    }
    take_store(std::move(*opened));
    return {};
}

Result<void> StoreWriter::read_with(Read& read) {
    if (!read) {
        return {};
    }
    auto done = read(*store_);
    const bool may_pass =
        !done && (done.error().code == ErrorCode::store_busy || done.error().code == ErrorCode::store_open);
    if (may_pass) {
        return done;
    }
    read = nullptr;
    if (!done) {  // what cannot be read must not keep out what is to be written
        log_.write({.level = LogLevel::error,
                    .part = "store",
                    .kind = "read",
                    .text = fmt::format("What was kept before is left aside: {}", done.error().text())});
    }
    return {};
}

Result<void> StoreWriter::write() {
    if (store_ == nullptr) {
        if (auto opened = open_store_again(); !opened) {
            return opened;
        }
    }
    Result<void> done = read_with(read_first_);
    if (done) {
        done = read_with(read_then_);
    }
    if (batch_.empty() && done) {
        return {};
    }
    if (done) {
        done = number_signals();
    }
    if (done) {
        done = store_->put(batch_);
        if (done) {
            note_written(batch_);
            batch_.clear();
        } else if (done.error().code == ErrorCode::store_refused) {
            done = write_one_by_one();
        }
    }
    if (!done && done.error().code != ErrorCode::store_busy) {
        take_store(nullptr);
    }
    return done;
}

// One row that is never accepted must not keep the others out.
Result<void> StoreWriter::write_one_by_one() {
    std::size_t passed = 0;
    Result<void> outcome;
    for (const auto& record : batch_) {
        const auto done = store_->put({&record, 1});
        if (done) {
            note_written({&record, 1});
        } else if (done.error().code == ErrorCode::store_refused) {
            note_refused(record, done.error());
        } else {
            outcome = done;
            break;
        }
        ++passed;
    }
    batch_.erase(batch_.begin(), batch_.begin() + static_cast<std::ptrdiff_t>(passed));
    return outcome;
}

Result<void> StoreWriter::number_signals() {
    for (auto& record : batch_) {
        if (!is_unnumbered_signal(record)) {
            continue;
        }
        const auto* const exchange = std::get_if<std::string>(&record.row[exchange_column]);
        const auto* const symbol = std::get_if<std::string>(&record.row[symbol_column]);
        if (exchange == nullptr || symbol == nullptr) {
            continue;  // the store refuses it
        }
        auto known = sequences_.find({*exchange, *symbol});
        if (known == sequences_.end()) {
            const auto last = store_->last_sequence(*exchange, *symbol);
            if (!last) {
                return std::unexpected(last.error());
            }
            known = sequences_.emplace(std::pair(*exchange, *symbol), *last).first;
        }
        record.row[sequence_column] = ++known->second;
    }
    return {};
}

void StoreWriter::note_written(std::span<const StoreRecord> records) {
    {
        const std::lock_guard lock(mutex_);
        for (const auto& record : records) {
            ++status_.written[static_cast<std::size_t>(record.table)];
        }
    }
    if (written_) {
        written_(records);
    }
}

void StoreWriter::note_refused(const StoreRecord& record, const Error& error) {
    {
        const std::lock_guard lock(mutex_);
        ++status_.refused[static_cast<std::size_t>(record.table)];
    }
    log_.write({.level = LogLevel::error, .part = "store", .kind = "refused", .text = error.text()});
}

void StoreWriter::note_failure(const Error& error) {
    bool is_new = false;
    {
        const std::lock_guard lock(mutex_);
        ++status_.failures;
        is_new = status_.trouble.empty();
        status_.trouble = error.text();
    }
    wait_ = std::min(wait_ * 2, wait_max);
    if (is_new) {
        log_.write({.level = LogLevel::error,
                    .part = "store",
                    .kind = "trouble",
                    .text = fmt::format("Nothing is written for now, what comes waits: {}", error.text())});
    }
}

void StoreWriter::note_success() {
    wait_ = pause_;
    bool was_trouble = false;
    std::uint64_t dropped = 0;
    {
        const std::lock_guard lock(mutex_);
        was_trouble = !status_.trouble.empty();
        status_.trouble.clear();
        for (const std::uint64_t rows : queue_.dropped()) {
            dropped += rows;
        }
    }
    if (was_trouble) {
        log_.info("store", "trouble",
                  fmt::format("The store takes rows again; {} were dropped since the start", dropped));
    }
}

void StoreWriter::retain() {
    const std::int64_t now_ms = clock_.now().ns / ns_per_ms;
    if (retained_table_ == store_tables && now_ms - retained_ms_ >= retain_every_ms) {
        retained_table_ = 0;
        retained_ms_ = now_ms;
    }
    if (retained_table_ == store_tables) {
        return;
    }
    std::int64_t days = 0;
    {
        const std::lock_guard lock(mutex_);
        days = retention_.days[retained_table_];
    }
    std::size_t removed = 0;
    if (days > 0) {
        const auto table = all_store_tables()[retained_table_].table;
        const auto done = store_->remove_before(table, now_ms - days * ms_per_day, removed_at_once);
        if (!done) {
            note_failure(done.error());
            if (done.error().code != ErrorCode::store_busy) {
                take_store(nullptr);
            }
            return;
        }
        removed = *done;
        const std::lock_guard lock(mutex_);
        status_.removed[retained_table_] += removed;
    }
    if (removed < removed_at_once) {
        ++retained_table_;
    }
}

}  // namespace virtuoso
