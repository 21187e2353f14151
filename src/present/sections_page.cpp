#include "base/html_entity.hpp"
#include "base/unicode.hpp"
#include "present/chart_script.hpp"
#include "present/json.hpp"
#include "present/sections.hpp"

#include <fmt/format.h>

namespace virtuoso {

namespace {

constexpr std::string_view style = R"page(
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root{color-scheme:light dark;--line:#d5dbe2;--muted:#5a6876;--pass:#1a7f37;--fail:#b3261e;--open:#8a5a00}
@media(prefers-color-scheme:dark){:root{--line:#2b3642;--muted:#93a1b0;--pass:#6cc788;--fail:#f0877a;--open:#e0b258}}
body{margin:0;font:15px/1.5 system-ui,sans-serif}
main{max-width:1200px;margin:0 auto;padding:24px}
h1{font-size:22px} h2{font-size:18px;margin:32px 0 8px;border-top:1px solid var(--line);padding-top:20px}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:13px;margin:8px 0 16px;font-variant-numeric:tabular-nums}
td,th{padding:5px 10px 5px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line);overflow-wrap:break-word}
th{color:var(--muted);font-weight:600}
pre{font-size:12px;overflow-x:auto;border:1px solid var(--line);border-radius:6px;padding:10px}
.PASS{color:var(--pass);font-weight:600}.FAIL{color:var(--fail);font-weight:600}.OPEN{color:var(--open);font-weight:600}
td.PASS,td.FAIL,td.OPEN,.named td:first-child{white-space:nowrap}
.chart{max-width:900px}
h3{font-size:14px;margin:20px 0 4px;color:var(--muted)}
</style>
)page";

std::string plain(std::string_view text) {
    return html_escaped(printable(text));
}

/// Of words that are a verdict.
std::string_view class_of(std::string_view cell) noexcept {
    return cell == "PASS"       ? " class=\"PASS\""
           : cell == "FAIL"     ? " class=\"FAIL\""
           : cell == "NOT SEEN" ? " class=\"OPEN\""
                                : "";
}

Json chart_json(const Chart& chart) {
    Json series = Json::array();
    for (const ChartSeries& one : chart.series) {
        Json values = Json::array();
        for (const auto& value : one.values) {
            values.push_back(value ? Json(*value) : Json(nullptr));
        }
        series.push_back({{"name", one.name}, {"values", std::move(values)}});
    }
    return {{"kind", chart.kind == Chart::Kind::bar ? "bar" : "line"},
            {"labels", chart.labels},
            {"series", std::move(series)}};
}

constexpr std::string_view draw = R"page(
const dark=matchMedia('(prefers-color-scheme:dark)').matches;
Chart.defaults.color=dark?'#93a1b0':'#5a6876';Chart.defaults.borderColor=dark?'#2b3642':'#d5dbe2';Chart.defaults.animation=false;
const palette=['#3a87c8','#d98a2b','#3fa45c','#9b63b5','#c8574a','#2a9d94','#8a8f98'];
charts.forEach((chart,i)=>new Chart(document.getElementById('chart'+i),{type:chart.kind,data:{labels:chart.labels,
datasets:chart.series.map((one,n)=>({label:one.name,data:one.values,borderColor:palette[n%7],backgroundColor:palette[n%7],borderWidth:1.5,pointRadius:0,spanGaps:true}))},
options:{plugins:{legend:{display:chart.series.length>1,labels:{boxWidth:12}}},scales:{x:{ticks:{maxTicksLimit:10,maxRotation:0}}}}}));
)page";

struct Writer {
    std::string& out;
    Json& charts;
    std::size_t& drawn;

    void operator()(const Paragraph& paragraph) const {
        out += fmt::format("<p>{}</p>\n", plain(paragraph.text));
    }
    void operator()(const LogLines& log) const {
        out += "<pre>";
        for (const auto& line : log.lines) {
            out += fmt::format("{}\n", plain(line));
        }
        out += "</pre>\n";
    }
    void operator()(const Chart& chart) const {
        out += fmt::format("<h3>{}</h3><div class=\"chart\"><canvas id=\"chart{}\"></canvas></div>\n",
                           plain(chart.title), drawn++);
        charts.push_back(chart_json(chart));
    }
    void operator()(const Table& table) const {
        const bool named = !table.head.empty() && table.head.front().empty();  // rows begin with a short name
        out += fmt::format("<div class=\"wide\"><table{}><tr>", named ? " class=\"named\"" : "");
        for (const auto& cell : table.head) {
            out += fmt::format("<th>{}</th>", plain(cell));
        }
        out += "</tr>\n";
        for (const auto& cells : table.rows) {
            out += "<tr>";
            for (const auto& cell : cells) {
                out += fmt::format("<td{}>{}</td>", class_of(cell), plain(cell));
            }
            out += "</tr>\n";
        }
        out += "</table></div>\n";
    }
};

}  // namespace

std::string page_of(const SectionedReport& report) {
    std::string out = fmt::format(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"generator\" "
        "content=\"{}\">\n<title>{}</title>",
        plain(report.schema), plain(report.title));
    out += style;
    out += fmt::format("</head><body><main>\n<h1>{}</h1>\n", plain(report.title));
    Json charts = Json::array();
    std::size_t drawn = 0;
    for (const Section& section : report.sections) {
        out += fmt::format("<h2>{}</h2>\n", plain(section.title));
        for (const Block& block : section.blocks) {
            std::visit(Writer{out, charts, drawn}, block);
        }
    }
    out += "</main>";
    if (drawn > 0) {
        out += "<script>";
        out += chart_script();
        out += "</script>\n<script>\nconst charts=";
        out += in_script(charts.text());
        out += ";";
        out += draw;
        out += "</script>";
    }
    out += "</body></html>\n";
    return out;
}

}  // namespace virtuoso
