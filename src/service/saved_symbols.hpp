// What an earlier service left of its symbols.
#pragma once

#include "service/saved_file.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

/// The file of a shard within the state folder.
[[nodiscard]] std::string saved_file_name(std::uint32_t shard);

/// The same while a service goes on from it, until it saves for the first time.
[[nodiscard]] std::string resumed_file_name(std::uint32_t shard);

/// The newest of every symbol, whichever shard saved it. Forms are read when they are asked for. A file
/// serves two starts at most: what ends a service before it saves for the first time may be what was saved.
/// Thread-safe.
class SavedSymbols {
  public:
    /// `notice`: hears of every file that cannot be used, and why.
    SavedSymbols(const std::filesystem::path& folder, std::string_view source,
                 const std::function<void(std::string)>& notice);

    /// Once for each symbol; nullopt when there is none, or it is damaged.
    [[nodiscard]] std::optional<SavedSymbol> take(std::string_view symbol);
    [[nodiscard]] std::size_t size() const;

  private:
    struct Place {
        std::size_t file = 0;
        SavedEntry entry;
    };

    mutable std::mutex mutex_;
    std::vector<SavedFileReader> files_;
    std::map<std::string, Place, std::less<>> places_;
};

}  // namespace virtuoso
