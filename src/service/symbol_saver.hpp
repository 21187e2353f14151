// Writes what is known of all symbols to the state folder, on a thread of its own.
#pragma once

#include "base/clock.hpp"
#include "service/saved_file.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace virtuoso {

/// How saving goes.
struct SavingStatus {
    std::uint64_t files = 0;     ///< finished so far
    std::uint64_t failures = 0;  ///< files that could not be written; the one before stayed
    std::size_t symbols = 0;     ///< in the newest file of every shard, together
    std::uint64_t bytes = 0;     ///< likewise
    LocalTime last;              ///< when one was finished last; 0: never
    std::string trouble;         ///< why the last one failed; empty once one is finished again
};

/// Every shard gives its symbols one by one and says when these were all: then they take the place of those
/// that it gave before. Whoever gives never waits. Thread-safe.
class SymbolSaver {
  public:
    /// Symbols that wait to be written, at most.
    static constexpr std::size_t waiting_max = 8;

    struct Settings {
        std::filesystem::path folder;
        std::string source;  ///< whose symbols these are: only a service of the same reads them
    };

    /// `on_trouble`: called on its thread when a file cannot be written, once until one can again.
    SymbolSaver(Settings settings, const Clock& clock, std::function<void(const std::string&)> on_trouble);
    /// Writes what waits.
    ~SymbolSaver();
    SymbolSaver(const SymbolSaver&) = delete;
    SymbolSaver& operator=(const SymbolSaver&) = delete;

    /// Whether `give` may be called.
    [[nodiscard]] bool has_room() const;
    void give(std::uint32_t shard, SavedSymbol symbol);
    /// Those given since the last call are all of this shard.
    void finish(std::uint32_t shard);
    /// Those given since the last call are not.
    void abandon(std::uint32_t shard);

    [[nodiscard]] SavingStatus status() const;

  private:
    enum class Step : std::uint8_t { add, finish, abandon };
    struct Job {
        std::uint32_t shard = 0;
        Step step = Step::add;
        SavedSymbol symbol = {};
    };
    struct ShardFile {
        std::optional<SavedFileWriter> writer = {};
        bool failed = false;  ///< what else is given of this round is of no use
        std::size_t symbols = 0;
        std::uint64_t bytes = 0;
    };

    void put(Job job);
    void run();
    void work(const Job& job);
    void add(ShardFile& file, const Job& job);
    void finish(ShardFile& file, std::uint32_t shard);
    void note_failure(ShardFile& file, const Error& error);

    Settings settings_;
    const Clock& clock_;
    std::function<void(const std::string&)> on_trouble_;
    std::map<std::uint32_t, ShardFile> files_;  ///< of its thread
    mutable std::mutex mutex_;                  ///< of what follows
    std::condition_variable more_;
    std::deque<Job> jobs_;
    bool ends_ = false;
    SavingStatus status_;
    std::thread thread_;
};

}  // namespace virtuoso
