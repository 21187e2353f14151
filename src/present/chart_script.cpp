#include "present/chart_script.hpp"

// Chart.js as Debian packages it, put into the program so that the page needs nothing from elsewhere.
__asm__(
    ".section .rodata\n"
    ".global virtuoso_chart_script\n"
    "virtuoso_chart_script:\n"
    ".incbin \"" VIRTUOSO_CHART_SCRIPT
    "\"\n"
    ".global virtuoso_chart_script_end\n"
    "virtuoso_chart_script_end:\n"
    ".byte 0\n"
    ".previous\n");
extern "C" const char virtuoso_chart_script[];
extern "C" const char virtuoso_chart_script_end[];

namespace virtuoso {

std::string_view chart_script() noexcept {
    return {virtuoso_chart_script,
            static_cast<std::size_t>(virtuoso_chart_script_end - virtuoso_chart_script)};
}

std::string in_script(std::string json) {
    constexpr std::string_view escaped = "\\u003c";
    for (std::size_t at = 0; (at = json.find('<', at)) != std::string::npos; at += escaped.size()) {
        json.replace(at, 1, escaped);
    }
    return json;
}

}  // namespace virtuoso
