#include "service/start_up.hpp"

#include <fmt/format.h>

#include <utility>

namespace virtuoso {

void StartUp::made(std::string name) {
    const std::lock_guard lock(mutex_);
    const LocalTime now = clock_.now();
    parts_.push_back({.name = std::move(name), .ms = static_cast<double>(now - last_) / 1e6});
    last_ = now;
}

std::vector<MadePart> StartUp::parts() const {
    const std::lock_guard lock(mutex_);
    return parts_;
}

std::string StartUp::text() const {
    std::string list;
    double sum = 0;
    for (const auto& [name, ms] : parts()) {
        list += fmt::format("{}{} {:.1f} ms", list.empty() ? "" : ", ", name, ms);
        sum += ms;
    }
    return fmt::format("all components initialised in {:.1f} ms: {}", sum, list);
}

}  // namespace virtuoso
