// The configuration that a running service goes by, as a document, schema "virtuoso.config/1".
#pragma once

#include "present/json.hpp"
#include "service/config_loader.hpp"

#include <mutex>
#include <string>

namespace virtuoso {

/// Secrets are masked.
[[nodiscard]] Json config_json(const LoadedConfig& loaded);

/// Changed when it is loaded again, read by any thread.
class ConfigInForce {
  public:
    explicit ConfigInForce(const LoadedConfig& loaded) { set(loaded); }
    void set(const LoadedConfig& loaded);
    [[nodiscard]] std::string document() const;

  private:
    mutable std::mutex mutex_;
    std::string document_;
};

}  // namespace virtuoso
