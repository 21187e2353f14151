#include "base/time.hpp"
#include "base/unicode.hpp"
#include "service/service_log.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace virtuoso {

namespace {

bool is_plain(std::string_view value) {
    return !value.empty() && value.find_first_of(" =\"\\") == std::string_view::npos;
}

std::string field_text(std::string_view value) {
    const std::string shown = printable(value);
    return is_plain(shown) ? shown : nlohmann::json(shown).dump();
}

std::string plain_text(const LogRecord& record, std::int64_t time_ms) {
    std::string line =
        fmt::format("{} {:<7} {:<8} ", iso_text({time_ms}), name_of(record.level), record.part);
    line += printable(record.text);
    if (!record.symbol.empty()) {
        line += fmt::format(" symbol={}", field_text(record.symbol));
    }
    for (const auto& [name, value] : record.fields) {
        line += fmt::format(" {}={}", name, field_text(value));
    }
    return line;
}

std::string json_text(const LogRecord& record, std::int64_t time_ms) {
    nlohmann::ordered_json line{{"time", iso_text({time_ms})},
                                {"level", name_of(record.level)},
                                {"part", record.part},
                                {"kind", record.kind},
                                {"message", printable(record.text)}};
    if (!record.symbol.empty()) {
        line["symbol"] = printable(record.symbol);
    }
    for (const auto& [name, value] : record.fields) {
        line[std::string(name)] = printable(value);
    }
    return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

std::string_view name_of(LogLevel level) noexcept {
    switch (level) {
        case LogLevel::debug:
            return "debug";
        case LogLevel::info:
            return "info";
        case LogLevel::warning:
            return "warning";
        case LogLevel::error:
            return "error";
    }
    return "";
}

std::string log_text(const LogRecord& record, std::int64_t time_ms, LogFormat format) {
    return format == LogFormat::json ? json_text(record, time_ms) : plain_text(record, time_ms);
}

}  // namespace virtuoso
