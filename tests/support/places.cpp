#include "support/places.hpp"

namespace virtuoso::test {

std::string source_path(const std::string& name) {
    return std::string(VIRTUOSO_SOURCE_DIR) + "/" + name;
}

std::string shared_path(const std::string& name) {
    return std::string(VIRTUOSO_SHARED_DIR) + "/" + name;
}

std::string virtuoso_binary() {
    return VIRTUOSO_BINARY;
}

std::string preloaded_faults() {
    return VIRTUOSO_PRELOADED_FAULTS;
}

}  // namespace virtuoso::test
