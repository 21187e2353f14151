// A text of Prometheus' format while it is being made. Behind it is prometheus-cpp, which exposition.cpp
// alone includes.
#pragma once

#include "service/latency_histogram.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace virtuoso {

enum class MetricType : std::uint8_t { gauge, counter, histogram };

/// Families in the order in which they are begun.
class Exposition {
  public:
    using Labels = std::vector<std::pair<std::string, std::string>>;

    Exposition();
    ~Exposition();
    Exposition(const Exposition&) = delete;
    Exposition& operator=(const Exposition&) = delete;

    Exposition& begin(std::string name, std::string help, MetricType type);
    /// To the family that was begun last.
    Exposition& add(const Labels& labels, double value);
    /// Seconds.
    Exposition& add(const Labels& labels, const LatencyHistogram& times);
    [[nodiscard]] std::string text() const;

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

[[nodiscard]] inline double real(std::uint64_t count) {
    return static_cast<double>(count);
}

}  // namespace virtuoso
