// The environment as it is passed in: only the program itself asks the machine for it.
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace virtuoso {

/// Value of a variable of the environment; nullopt when it is not set.
using EnvironmentLookup = std::function<std::optional<std::string>(const std::string& name)>;

struct EnvironmentVariable {
    std::string name;
    std::string value;
};

}  // namespace virtuoso
