#include "account_key.hpp"

#include "sim/account_service.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cstdlib>
#include <utility>

namespace virtuoso::app {

namespace {

std::string variable(const char* name) {
    const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): no other thread runs yet
    return value == nullptr ? std::string{} : value;
}

}  // namespace

Result<std::optional<bybit::ApiKey>> account_key(const std::string& key_file, const std::string& exchange) {
    if (!key_file.empty()) {
        return bybit::load_api_key(key_file);
    }
    bybit::ApiKey key{variable(account_key_variable), variable(account_secret_variable)};
    if (!key.key.empty() && !key.secret.empty()) {
        const auto checked = bybit::check_api_key(
            key, fmt::format("{} and {}", account_key_variable, account_secret_variable));
        if (!checked) {
            return std::unexpected(checked.error());
        }
        return key;
    }
    if (!key.key.empty() || !key.secret.empty()) {
        return fail(ErrorCode::argument,
                    fmt::format("{} is set, {} is not: both are needed",
                                key.key.empty() ? account_secret_variable : account_key_variable,
                                key.key.empty() ? account_key_variable : account_secret_variable));
    }
    if (exchange == "sim") {
        return sim::AccountService::key();
    }
    return std::nullopt;
}

void keep_memory_private() {
    const rlimit none{};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);  // NOLINT(cppcoreguidelines-pro-type-vararg)
}

}  // namespace virtuoso::app
