#include "validation/metrics_page.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

namespace virtuoso::validation {

namespace {

std::optional<double> number_of(std::string_view text) {
    double value = 0;
    const char* const end = text.data() + text.size();
    text.remove_prefix(text.starts_with('+') ? 1 : 0);
    const auto read = std::from_chars(text.data(), end, value);
    const bool is_one = read.ec == std::errc{} && read.ptr == end && !text.empty() && !std::isnan(value);
    return is_one ? std::optional(value) : std::nullopt;
}

}  // namespace

MetricsPage MetricsPage::read(std::string_view text) {
    MetricsPage page;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const std::size_t space = line.rfind(' ');
        if (line.empty() || line.front() == '#' || space == std::string_view::npos) {
            continue;
        }
        const auto value = number_of(line.substr(space + 1));
        if (!value || !std::isfinite(*value)) {
            continue;
        }
        const std::string_view key = line.substr(0, space);
        const std::size_t brace = key.find('{');
        Series series{.name = std::string(key.substr(0, brace)), .labels = {}, .value = *value};
        if (brace != std::string_view::npos && key.ends_with('}')) {
            series.labels = key.substr(brace + 1, key.size() - brace - 2);
        }
        page.series_.push_back(std::move(series));
    }
    return page;
}

void MetricsPage::keep(std::span<const std::string_view> names) {
    std::erase_if(series_, [&](const Series& series) {
        return std::ranges::none_of(names,
                                    [&](std::string_view name) { return series.name.starts_with(name); });
    });
    series_.shrink_to_fit();
}

std::optional<double> MetricsPage::sum(std::string_view name, std::string_view label) const {
    std::optional<double> sum;
    for (const auto& series : series_) {
        if (series.name == name && series.labels.contains(label)) {
            sum = sum.value_or(0) + series.value;
        }
    }
    return sum;
}

std::vector<std::pair<double, double>> MetricsPage::buckets(std::string_view name) const {
    constexpr std::string_view le = "le=\"";
    std::map<double, double> counts;
    for (const auto& series : series_) {
        if (!series.name.starts_with(name) || series.name.substr(name.size()) != "_bucket") {
            continue;
        }
        const std::size_t at = series.labels.find(le);
        if (at == std::string::npos) {
            continue;
        }
        const std::string_view rest = std::string_view(series.labels).substr(at + le.size());
        if (const auto bound = number_of(rest.substr(0, rest.find('"')))) {
            counts[*bound] += series.value;
        }
    }
    return {counts.begin(), counts.end()};
}

std::optional<double> quantile(const std::vector<std::pair<double, double>>& before,
                               const std::vector<std::pair<double, double>>& after, double share) {
    const auto come = [&](std::size_t i) {
        return after[i].second - (before.size() == after.size() ? before[i].second : 0);
    };
    if (after.empty() || come(after.size() - 1) <= 0) {
        return std::nullopt;
    }
    const double wanted = share * come(after.size() - 1);
    for (std::size_t i = 0; i < after.size(); ++i) {
        if (come(i) >= wanted) {
            return after[i].first;
        }
    }
    return after.back().first;
}

}  // namespace virtuoso::validation
