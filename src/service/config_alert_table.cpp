#include "service/config_alert_table.hpp"

#include "alert/alert_rule.hpp"
#include "alert/sink_spec.hpp"
#include "service/config_field.hpp"
#include "service/report_time.hpp"

#include <array>

namespace virtuoso {

namespace {

template <typename T>
bool is_readable(const std::string& text) {
    return T::parse(text).has_value();
}

template <typename T>
std::string fault_in(const std::string& text) {
    const auto read = T::parse(text);
    return read ? std::string() : read.error().message;
}

constexpr std::array sections{
    ConfigSection{"alerts", "What operators are told, where and how often (docs/alerts.md)."}};

constexpr std::array keys{
    ConfigKey{.section = "alerts",
              .name = "sinks",
              .field = field<&ServiceConfig::alerts, &AlertsConfig::sinks>,
              .sentence = "Where alerts go. Secrets stand in the environment or in files of mode 0600.",
              .check = is_readable<SinkSpec>,
              .why = fault_in<SinkSpec>,
              .allowed = R"(sinks such as "team: discord url=env:DISCORD_URL")",
              .example = "console: console severity=critical",
              .separator = ';',
              .guarded = true},
    ConfigKey{
        .section = "alerts",
        .name = "rules",
        .field = field<&ServiceConfig::alerts, &AlertsConfig::rules>,
        .sentence = "What is told. Empty: nothing.",
        .check = is_readable<AlertRule>,
        .why = fault_in<AlertRule>,
        .allowed = R"(rules such as "long-btc: kind=signal symbols=BTCUSDT side=long to=team cooldown=5m")",
        .example = "long-btc: kind=signal symbols=BTCUSDT side=long to=console cooldown=5m",
        .separator = ';'},
    ConfigKey{.section = "alerts",
              .name = "reports",
              .field = field<&ServiceConfig::alerts, &AlertsConfig::reports>,
              .sentence = "When a report of the day or the week is told, as an alert of kind report. A rule "
                          "says where it goes.",
              .check = is_readable<ReportTime>,
              .why = fault_in<ReportTime>,
              .allowed = R"(times such as "day 07:00@Europe/Berlin" and "week mon 07:00")",
              .example = "day 07:00@Europe/Berlin",
              .separator = ';'}};

}  // namespace

std::span<const ConfigKey> config_alert_keys() {
    return keys;
}

std::span<const ConfigSection> config_alert_sections() {
    return sections;
}

}  // namespace virtuoso
