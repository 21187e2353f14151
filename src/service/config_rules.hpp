// What values of the configuration have to be beside each other.
#pragma once

#include "service/config_key.hpp"

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

struct ConfigRule {
    struct Name {
        std::string_view section;
        std::string_view key;
    };
    std::array<Name, 4> names;  ///< of the keys it is about; those without a name are none
    bool (*holds)(const ServiceConfig& config);
    std::string_view sentence;  ///< what is wrong and how to mend it
    /// Where more can be said of it. Precondition: it does not hold.
    std::string (*why)(const ServiceConfig& config) = nullptr;

    [[nodiscard]] std::vector<const ConfigKey*> keys() const;
};

[[nodiscard]] std::span<const ConfigRule> config_rules() noexcept;

}  // namespace virtuoso
