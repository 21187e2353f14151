// A PostgreSQL server of this machine's package, in a folder of its own, on a socket of its own.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace virtuoso::test {

class PostgresServer {
  public:
    /// Null where the package is not installed, or no user is there that it may run as.
    [[nodiscard]] static std::unique_ptr<PostgresServer> start();
    ~PostgresServer();
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;

    /// A database that nobody used before, as an address.
    [[nodiscard]] std::string new_database();
    /// Runs a statement through the package's client; gives what it prints.
    std::string ask(const std::string& database, const std::string& sql) const;
    /// As a crash of the machine does it; then it is there again.
    void kill_and_restart();
    void stop();
    void run();

  private:
    PostgresServer(std::string programs, std::string folder);

    std::string programs_;
    std::string folder_;
    int process_ = -1;
    std::size_t databases_ = 0;
};

}  // namespace virtuoso::test
