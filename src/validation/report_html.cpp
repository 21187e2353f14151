#include "base/time.hpp"
#include "base/unicode.hpp"
#include "validation/report_text.hpp"

#include <fmt/format.h>

namespace virtuoso::validation {

namespace {

constexpr std::string_view head = R"page(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="generator" content="virtuoso.validation/1"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Virtuoso validation</title>
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
td.PASS,td.FAIL,td.OPEN{white-space:nowrap}
</style></head><body><main>
)page";

std::string plain(std::string_view text) {
    std::string escaped;
    for (const char letter : printable(text)) {
        switch (letter) {
            case '<':
                escaped += "&lt;";
                break;
            case '>':
                escaped += "&gt;";
                break;
            case '&':
                escaped += "&amp;";
                break;
            case '"':
                escaped += "&quot;";
                break;
            default:
                escaped += letter;
        }
    }
    return escaped;
}

std::string_view class_of(std::string_view cell) noexcept {
    if (cell == name_of(Judgement::pass)) {
        return " class=\"PASS\"";
    }
    if (cell == name_of(Judgement::fail)) {
        return " class=\"FAIL\"";
    }
    return cell == name_of(Judgement::not_seen) ? " class=\"OPEN\"" : "";
}

struct Writer {
    std::string& out;

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
    void operator()(const Table& table) const {
        out += "<div class=\"wide\"><table><tr>";
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

std::string report_html(const Report& report) {
    std::string out(head);
    out += fmt::format("<h1>Validation of {}, {}</h1>\n", plain(report.seen->url),
                       iso_text(ExchangeTime{report.seen->begun_ms}));
    for (const Section& section : sections_of(report)) {
        out += fmt::format("<h2>{}</h2>\n", plain(section.title));
        for (const Block& block : section.blocks) {
            std::visit(Writer{out}, block);
        }
    }
    out += "</main></body></html>\n";
    return out;
}

}  // namespace virtuoso::validation
