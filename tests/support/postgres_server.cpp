#include "support/postgres_server.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>

namespace virtuoso::test {

namespace {

std::string find_programs() {
    std::error_code none;
    std::string found;
    for (const auto& version : std::filesystem::directory_iterator("/usr/lib/postgresql", none)) {
        const auto folder = version.path() / "bin";
        if (std::filesystem::exists(folder / "initdb", none) && folder.string() > found) {
            found = folder.string();
        }
    }
    return found;
}

/// The server refuses to run as root.
const passwd* unprivileged_user() {
    const passwd* const user = ::getpwnam("postgres");
    return user != nullptr ? user : ::getpwnam("nobody");
}

/// In a child process: gives up root, if it is, and becomes the program.
[[noreturn]] void become(const std::vector<std::string>& words) {
    std::vector<char*> arguments;
    for (const auto& word : words) {
        arguments.push_back(const_cast<char*>(word.c_str()));
    }
    arguments.push_back(nullptr);
    if (::getuid() == 0) {
        const passwd* const user = unprivileged_user();
        if (user == nullptr || ::setgroups(0, nullptr) != 0 || ::setgid(user->pw_gid) != 0 ||
            ::setuid(user->pw_uid) != 0) {
            ::_exit(126);
        }
    }
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int nowhere = ::open("/dev/null", O_RDWR);
    ::dup2(nowhere, STDIN_FILENO);
    ::dup2(nowhere, STDOUT_FILENO);
    ::dup2(nowhere, STDERR_FILENO);
    ::setenv("LC_ALL", "C", 1);
    ::execv(arguments.front(), arguments.data());
    ::_exit(127);
}

int end_of(pid_t child) {
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

PostgresServer::PostgresServer(std::string programs, std::string folder)
    : programs_(std::move(programs)), folder_(std::move(folder)) {}

std::unique_ptr<PostgresServer> PostgresServer::start() {
    const std::string programs = find_programs();
    if (programs.empty() || (::getuid() == 0 && unprivileged_user() == nullptr)) {
        return nullptr;
    }
    // Short: the name of a socket has at most a hundred letters.
    std::array<char, 32> folder{"/tmp/virtuoso-pg-XXXXXX"};
    if (::mkdtemp(folder.data()) == nullptr) {
        return nullptr;
    }
    if (::getuid() == 0 &&
        ::chown(folder.data(), unprivileged_user()->pw_uid, unprivileged_user()->pw_gid) != 0) {
        return nullptr;
    }
    std::unique_ptr<PostgresServer> server(new PostgresServer(programs, folder.data()));
    const pid_t child = ::fork();
    if (child == 0) {
        become({programs + "/initdb", "-D", server->folder_ + "/data", "-U", "virtuoso", "-A", "trust", "-N",
                "--encoding=UTF8", "--locale=C"});
    }
    if (end_of(child) != 0) {
        ADD_FAILURE() << "initdb failed";
        return nullptr;
    }
    server->run();
    return server;
}

void PostgresServer::run() {
    process_ = ::fork();
    if (process_ == 0) {
        become({programs_ + "/postgres", "-D", folder_ + "/data", "-k", folder_, "-c", "listen_addresses=",
                "-c", "fsync=off", "-c", "shared_buffers=16MB", "-c", "max_connections=20"});
    }
    constexpr int tries = 1'500;
    const std::string ready = fmt::format("'{}/pg_isready' -q -h '{}'", programs_, folder_);
    for (int i = 0; i < tries; ++i) {
        // NOLINTNEXTLINE(concurrency-mt-unsafe,cert-env33-c): nobody else is there, and the words are ours
        if (std::system(ready.c_str()) == 0) {
            return;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    ADD_FAILURE() << "the server does not answer";
}

void PostgresServer::stop() {
    if (process_ > 0) {
        ::kill(process_, SIGINT);
        end_of(process_);
        process_ = -1;
    }
}

void PostgresServer::kill_and_restart() {
    ::kill(process_, SIGQUIT);
    end_of(process_);
    run();
}

PostgresServer::~PostgresServer() {
    if (process_ > 0) {
        ::kill(process_, SIGQUIT);
        end_of(process_);
    }
    std::error_code none;
    std::filesystem::remove_all(folder_, none);
}

std::string PostgresServer::ask(const std::string& database, const std::string& sql) const {
    const std::string command = fmt::format("'{}/psql' -h '{}' -U virtuoso -d {} -XAtqc \"{}\" 2>&1",
                                            programs_, folder_, database, sql);
    FILE* const pipe = ::popen(command.c_str(), "r");
    std::string text;
    std::array<char, 512> chunk{};
    while (pipe != nullptr && std::fgets(chunk.data(), static_cast<int>(chunk.size()), pipe) != nullptr) {
        text += chunk.data();
    }
    EXPECT_EQ(pipe == nullptr ? -1 : ::pclose(pipe), 0) << sql << ": " << text;
    return text;
}

std::string PostgresServer::new_database() {
    const std::string name = fmt::format("d{}", ++databases_);
    ask("postgres", fmt::format("CREATE DATABASE {}", name));
    return fmt::format("postgresql://virtuoso@/{}?host={}", name, folder_);
}

}  // namespace virtuoso::test
