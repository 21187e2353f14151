#include "service/store_reader.hpp"

#include "base/thread_name.hpp"

#include <utility>

namespace virtuoso {

StoreReader::~StoreReader() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    wake_.notify_all();
    {
        const std::lock_guard lock(store_mutex_);
        if (store_ != nullptr) {
            store_->interrupt();
        }
    }
    if (thread_.joinable()) {
        thread_.join();
    }
}

void StoreReader::start() {
    thread_ = std::thread([this] {
        name_thread("store reader");
        run();
    });
}

bool StoreReader::ask(Question question) {
    {
        const std::lock_guard lock(mutex_);
        if (stop_ || waiting_.size() >= waiting_max) {
            return false;
        }
        waiting_.push_back(std::move(question));
    }
    wake_.notify_one();
    return true;
}

void StoreReader::run() {
    for (;;) {
        Question question;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return stop_ || !waiting_.empty(); });
            if (stop_) {
                return;
            }
            question = std::move(waiting_.front());
            waiting_.pop_front();
        }
        answer(question);
    }
}

void StoreReader::answer(const Question& question) {
    if (store_ == nullptr) {
        auto opened = open_();
        if (!opened) {
            question(std::unexpected(opened.error()));
            return;
        }
        const std::lock_guard lock(store_mutex_);
        store_ = std::move(*opened);
    }
    // A connection that was lost shows it here, and a new one is made with the next question.
    if (const auto there = store_->schema_version(); !there) {
        question(std::unexpected(there.error()));
        const std::lock_guard lock(store_mutex_);
        store_.reset();
        return;
    }
    question(std::ref(*store_));
}

}  // namespace virtuoso
