// Where a store is.
#pragma once

#include "base/error.hpp"
#include "store/store_engine.hpp"

#include <string>
#include <string_view>

namespace virtuoso {

/// A file of SQLite, or a PostgreSQL server by its address. The address may hold a password, which nothing
/// but the server's client is told.
class StoreAddress {
  public:
    /// "postgresql://USER:PASSWORD@HOST:PORT/NAME?…" or "postgres://…", else a file. Error: argument, which
    /// never quotes an address of a server.
    [[nodiscard]] static Result<StoreAddress> parse(std::string_view text);

    [[nodiscard]] StoreEngine engine() const noexcept { return engine_; }
    /// The file, or the whole address with its password: for the engine alone.
    [[nodiscard]] const std::string& whole() const noexcept { return whole_; }
    /// Without password and parameters.
    [[nodiscard]] std::string shown() const;
    /// A message of the engine without the password in any of its forms. O(length).
    [[nodiscard]] std::string cleaned(std::string message) const;

  private:
    StoreAddress(StoreEngine engine, std::string whole) : engine_(engine), whole_(std::move(whole)) {}
    StoreEngine engine_;
    std::string whole_;
};

}  // namespace virtuoso
