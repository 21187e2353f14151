#include "api/exposition.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <limits>

namespace virtuoso {

namespace {

prometheus::MetricType type_of(MetricType type) {
    switch (type) {
        case MetricType::gauge:
            return prometheus::MetricType::Gauge;
        case MetricType::counter:
            return prometheus::MetricType::Counter;
        case MetricType::histogram:
            return prometheus::MetricType::Histogram;
    }
    return prometheus::MetricType::Untyped;
}

}  // namespace

struct Exposition::Parts {
    std::vector<prometheus::MetricFamily> families;

    prometheus::ClientMetric& append(const Labels& labels) {
        prometheus::ClientMetric& metric = families.back().metric.emplace_back();
        for (const auto& [name, value] : labels) {
            metric.label.push_back({name, value});
        }
        return metric;
    }
};

Exposition::Exposition() : parts_(std::make_unique<Parts>()) {}
Exposition::~Exposition() = default;

Exposition& Exposition::begin(std::string name, std::string help, MetricType type) {
    parts_->families.push_back({std::move(name), std::move(help), type_of(type), {}});
    return *this;
}

Exposition& Exposition::add(const Labels& labels, double value) {
    prometheus::ClientMetric& metric = parts_->append(labels);
    metric.gauge.value = value;
    metric.counter.value = value;
    return *this;
}

Exposition& Exposition::add(const Labels& labels, const LatencyHistogram& times) {
    prometheus::ClientMetric& metric = parts_->append(labels);
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < LatencyHistogram::bounds_ns.size(); ++i) {
        below += times.counts()[i];
        metric.histogram.bucket.push_back({below, static_cast<double>(LatencyHistogram::bounds_ns[i]) / 1e9});
    }
    metric.histogram.bucket.push_back({times.count(), std::numeric_limits<double>::infinity()});
    metric.histogram.sample_count = times.count();
    metric.histogram.sample_sum = static_cast<double>(times.sum_ns()) / 1e9;
    return *this;
}

std::string Exposition::text() const {
    return prometheus::TextSerializer().Serialize(parts_->families);
}

}  // namespace virtuoso
