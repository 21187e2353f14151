// The thread that reads from the store for others.
#pragma once

#include "service/store_writer.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace virtuoso {

/// Asked from any thread, answers on its own, one question after the other, over a connection apart from the
/// writer's. It is opened with the first question, and again after an error.
class StoreReader {
  public:
    static constexpr std::size_t waiting_max = 64;
    /// Gets the store, or why there is none.
    using Question = std::function<void(Result<std::reference_wrapper<Store>>)>;

    explicit StoreReader(StoreWriter::Open open) : open_(std::move(open)) {}
    /// What is under way is interrupted; what waits goes away unanswered.
    ~StoreReader();
    StoreReader(const StoreReader&) = delete;
    StoreReader& operator=(const StoreReader&) = delete;

    void start();
    /// False when too many wait already: the question goes away unanswered.
    bool ask(Question question);

  private:
    void run();
    void answer(const Question& question);

    StoreWriter::Open open_;
    std::mutex store_mutex_;  ///< of which store there is, for `interrupt`
    std::unique_ptr<Store> store_;
    std::mutex mutex_;  ///< of all that follows
    std::condition_variable wake_;
    std::deque<Question> waiting_;
    bool stop_ = false;
    std::thread thread_;
};

}  // namespace virtuoso
