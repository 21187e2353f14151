// Where a service keeps what it has to know at its next start.
#pragma once

#include "base/error.hpp"
#include "service/environment.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace virtuoso {

/// `$STATE_DIRECTORY` (systemd's; the first where it names several), else `$XDG_STATE_HOME/virtuoso`, else
/// `~/.local/state/virtuoso`. Error: state_folder when none of them is set to an absolute path.
[[nodiscard]] Result<std::filesystem::path> default_state_folder(const EnvironmentLookup& environment);

/// Held by one service at a time, from construction to destruction, also across `kill -9`: the lock is the
/// kernel's. Made with its parents where it is missing, readable by its owner alone.
class StateFolder {
  public:
    /// Error: state_folder when it cannot be made or written, or when another process holds it.
    [[nodiscard]] static Result<std::unique_ptr<StateFolder>> open(const std::filesystem::path& path);
    ~StateFolder();
    StateFolder(const StateFolder&) = delete;
    StateFolder& operator=(const StateFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    [[nodiscard]] std::filesystem::path file(std::string_view name) const { return path_ / name; }

  private:
    StateFolder(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}
    std::filesystem::path path_;
    int lock_;  ///< descriptor of the locked file
};

}  // namespace virtuoso
