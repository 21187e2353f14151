// Documents and metrics of a service, of any bytes, make a report that is whole: JSON that can be read again,
// and pages in which nothing acts.
#include "fuzz_bytes.hpp"
#include "present/json.hpp"
#include "validation/report.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace virtuoso;
    using namespace virtuoso::validation;
    const auto text = fuzz::text_of(data, size);
    Observations seen{.url = std::string(text.substr(0, 40)), .begun_ms = 1, .ended_ms = 600'001};
    for (std::int64_t at = 1; at < seen.ended_ms; at += 60'000) {
        seen.looks.push_back({.at_ms = at,
                              .health = read_health(text),
                              .metrics = MetricsPage::read(text),
                              .overview = read_overview(text)});
    }
    if (auto keeper = read_keeper(text)) {
        seen.keeper.push_back(*std::move(keeper));
    }
    seen.process_first = seen.process_last = read_process(text);
    if (auto breakdown = read_breakdown(text, 1)) {
        seen.breakdowns.push_back(*std::move(breakdown));
    }
    seen.log = read_log(text);
    seen.signals = read_signals(text).value_or(std::vector<SignalSeen>());
    seen.config = read_config(text).value_or(std::map<std::string, std::string>());
    const Report report = make_report(seen);
    const std::string json = report_json(report);
    const std::string page = report_html(report);
    if (!Json::parsed(json) || !compare(report, json) || page.contains("<script") || page.contains("<img") ||
        report_markdown(report).contains('\x1b')) {
        std::abort();
    }
    static_cast<void>(compare(report, text));
    return 0;
}
