#include "sim/faults.hpp"

#include "base/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace virtuoso::sim {

namespace {

struct NamedFault {
    FaultKind kind;
    std::string_view name;
};
constexpr std::array names{NamedFault{FaultKind::disconnect, "disconnect"},
                           NamedFault{FaultKind::silence, "silence"},
                           NamedFault{FaultKind::delay, "delay"},
                           NamedFault{FaultKind::duplicate, "duplicate"},
                           NamedFault{FaultKind::drop, "drop"},
                           NamedFault{FaultKind::reorder, "reorder"},
                           NamedFault{FaultKind::malformed, "malformed"},
                           NamedFault{FaultKind::truncated, "truncated"},
                           NamedFault{FaultKind::stale_snapshot, "stale-snapshot"},
                           NamedFault{FaultKind::gap, "gap"},
                           NamedFault{FaultKind::restart, "restart"},
                           NamedFault{FaultKind::refuse, "refuse"},
                           NamedFault{FaultKind::http_429, "429"},
                           NamedFault{FaultKind::http_403, "403"},
                           NamedFault{FaultKind::http_500, "500"},
                           NamedFault{FaultKind::rate_code, "10006"},
                           NamedFault{FaultKind::slow_body, "slow-body"},
                           NamedFault{FaultKind::broken_body, "broken-body"},
                           NamedFault{FaultKind::tls, "tls"},
                           NamedFault{FaultKind::clock_skew, "clock-skew"}};

constexpr auto kinds_in_order = [] {
    std::array<FaultKind, names.size()> kinds{};
    for (std::size_t i = 0; i < names.size(); ++i) {
        kinds[i] = names[i].kind;
    }
    return kinds;
}();

std::string known_names() {
    std::string text;
    for (const auto& entry : names) {
        text += (text.empty() ? "" : ", ") + std::string(entry.name);
    }
    return text;
}

template <typename T>
bool number(std::string_view text, T& out) {
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), out);
    return code == std::errc{} && end == text.data() + text.size();
}

constexpr std::int64_t value_max_ms = ms_per_hour;
constexpr std::int64_t count_max = 1'000'000'000;
constexpr std::int64_t seconds_max = 7 * ms_per_day / ms_per_second;
constexpr std::size_t match_length_max = 100;

std::string out_of_range(std::string_view name, std::string_view value, std::string_view expected) {
    return fmt::format("fault setting {} = {} is not allowed: expected {}", name, in_quotes(value), expected);
}

/// What is wrong with it; empty when nothing is.
std::string set(Fault& fault, std::string_view name, std::string_view value, std::int64_t now_ms) {
    if (name == "p") {
        const bool good =
            number(value, fault.probability) && fault.probability >= 0 && fault.probability <= 1;
        return good ? std::string{} : out_of_range(name, value, "a probability from 0 to 1");
    }
    if (name == "match") {
        fault.match = value;
        const bool printable = std::all_of(
            value.begin(), value.end(), [](unsigned char letter) { return letter >= ' ' && letter != 0x7f; });
        return printable && value.size() <= match_length_max
                   ? std::string{}
                   : out_of_range(name, value,
                                  fmt::format("at most {} printable characters", match_length_max));
    }
    const auto integer = [&](std::int64_t& out, std::int64_t low, std::int64_t high, std::string_view unit) {
        return number(value, out) && out >= low && out <= high
                   ? std::string{}
                   : out_of_range(name, value, fmt::format("an integer from {} to {}{}", low, high, unit));
    };
    if (name == "value") {
        const std::int64_t low = fault.kind == FaultKind::clock_skew ? -value_max_ms : 0;
        return integer(fault.value, low, value_max_ms, " ms");
    }
    if (name == "count") {
        return integer(fault.left, 1, count_max, "");
    }
    if (name == "for") {
        std::int64_t seconds = 0;
        std::string wrong = integer(seconds, 1, seconds_max, " s");
        fault.until_ms = now_ms + (wrong.empty() ? seconds * ms_per_second : 0);
        return wrong;
    }
    return fmt::format(
        "fault setting {} is not known: expected p=0…1, match=TEXT, value=MS, count=N or "
        "for=SECONDS",
        in_quotes(name));
}

/// What stands before the first separator and what behind it; all before it when there is none.
std::pair<std::string_view, std::string_view> cut(std::string_view text, char separator) {
    const auto* const at = std::find(text.begin(), text.end(), separator);
    return {{text.begin(), at}, {at == text.end() ? at : at + 1, text.end()}};
}

}  // namespace

std::string_view name_of(FaultKind kind) noexcept {
    const auto* const found =
        std::find_if(names.begin(), names.end(), [&](const NamedFault& entry) { return entry.kind == kind; });
    return found->name;
}

std::span<const FaultKind> all_fault_kinds() noexcept {
    return kinds_in_order;
}

Result<Fault> Fault::parse(std::string_view text, std::int64_t now_ms) {
    auto [name, rest] = cut(text, ':');
    const auto* const found =
        std::find_if(names.begin(), names.end(),
                     [&, wanted = name](const NamedFault& entry) { return entry.name == wanted; });
    if (found == names.end()) {
        return fail(ErrorCode::argument,
                    fmt::format("fault {} is not known: expected one of {}", in_quotes(name), known_names()));
    }
    Fault fault{.kind = found->kind};
    while (!rest.empty()) {
        const auto [item, others] = cut(rest, ',');
        const auto [setting, value] = cut(item, '=');
        if (std::string wrong = set(fault, setting, value, now_ms); !wrong.empty()) {
            return fail(ErrorCode::argument, std::move(wrong));
        }
        rest = others;
    }
    return fault;
}

std::string Fault::text() const {
    return fmt::format("{}:p={},value={}{}{}{}", name_of(kind), probability, value,
                       match.empty() ? "" : ",match=" + match,
                       left < 0 ? "" : ",count=" + std::to_string(left),
                       until_ms == 0 ? "" : ",until_ms=" + std::to_string(until_ms));
}

std::optional<Fault> FaultPlan::strike(std::span<const FaultKind> kinds, std::string_view subject,
                                       std::int64_t now_ms) {
    if (faults_.empty()) {
        return std::nullopt;
    }
    drop_spent(now_ms);
    for (Fault& fault : faults_) {
        if (std::find(kinds.begin(), kinds.end(), fault.kind) == kinds.end() ||
            subject.find(fault.match) == std::string_view::npos || random_.uniform() >= fault.probability) {
            continue;
        }
        fault.left -= fault.left > 0 ? 1 : 0;
        ++struck_;
        return fault;
    }
    return std::nullopt;
}

std::optional<std::size_t> FaultPlan::strike_one(FaultKind kind, std::span<const std::string> subjects,
                                                 std::int64_t now_ms) {
    drop_spent(now_ms);
    for (Fault& fault : faults_) {
        const auto found = std::find_if(subjects.begin(), subjects.end(), [&](const std::string& subject) {
            return subject.find(fault.match) != std::string::npos;
        });
        if (fault.kind != kind || found == subjects.end() || random_.uniform() >= fault.probability) {
            continue;
        }
        fault.left -= fault.left > 0 ? 1 : 0;
        ++struck_;
        return static_cast<std::size_t>(found - subjects.begin());
    }
    return std::nullopt;
}

void FaultPlan::drop_spent(std::int64_t now_ms) {
    std::erase_if(faults_, [&](const Fault& fault) {
        return fault.left == 0 || (fault.until_ms > 0 && now_ms >= fault.until_ms);
    });
}

std::int64_t FaultPlan::clock_skew_ms(std::int64_t now_ms) const {
    std::int64_t skew = 0;
    for (const Fault& fault : faults_) {
        if (fault.kind == FaultKind::clock_skew && (fault.until_ms == 0 || now_ms < fault.until_ms)) {
            skew += fault.value;
        }
    }
    return skew;
}

}  // namespace virtuoso::sim
