#include "service/config_text.hpp"

#include "base/error.hpp"
#include "base/nearest_name.hpp"
#include "base/unicode.hpp"
#include "service/config_text_form.hpp"

#include <fmt/format.h>

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0  // nothing is written
#include <toml++/toml.h>

#include <algorithm>
#include <map>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::size_t faults_max = 20;

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = text.substr(0, end);
        lines.emplace_back(line.substr(0, line.size() - (line.ends_with('\r') ? 1 : 0)));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::string_view trimmed(std::string_view text) {
    const auto begin = std::min(text.find_first_not_of(" \t"), text.size());
    return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

/// The text while broken lines are taken out of it.
class BrokenText {
  public:
    explicit BrokenText(const AsciiText& ascii) : ascii_(ascii), lines_(lines_of(ascii.text())) {}

    /// The table of what can be read; absent when too much is broken.
    std::optional<toml::table> read(std::vector<ConfigTextFault>& faults) {
        for (std::size_t round = 0; round <= faults_max; ++round) {
            auto parsed = toml::parse(fmt::format("{}\n", fmt::join(lines_, "\n")));
            if (parsed) {
                return std::move(parsed).table();
            }
            const auto line = parsed.error().source().begin.line;
            const std::string_view description = parsed.error().description();
            if (lines_.empty() || !take_out(line, description, faults)) {
                return std::nullopt;
            }
        }
        return std::nullopt;
    }

    /// The section that was meant by one whose head was broken.
    [[nodiscard]] std::string meant(std::string_view section) const {
        const auto found = stand_ins_.find(section);
        return found == stand_ins_.end() ? std::string(section) : found->second;
    }

  private:
    /// False when the fault is but the consequence of one before.
    bool take_out(std::size_t number, std::string_view description, std::vector<ConfigTextFault>& faults) {
        std::string& line = lines_[std::clamp<std::size_t>(number, 1, lines_.size()) - 1];
        const bool is_repetition = description.find("redefine") != std::string_view::npos;
        if (!faults.empty() && !is_repetition && (line.empty() || toml::parse(line))) {
            return false;
        }
        faults.push_back({static_cast<std::uint32_t>(number), said(description, line)});
        const std::string_view head = trimmed(line);
        if (!head.starts_with('[')) {
            line.clear();
            return true;
        }
        std::string name(head.substr(0, head.find('#')));
        std::erase_if(name, [](char letter) { return letter == '[' || letter == ']' || letter == ' '; });
        const std::string stand_in = fmt::format("broken-head-{}", stand_ins_.size());
        stand_ins_[stand_in] = name;
        line = fmt::format("[{}]", stand_in);
        return true;
    }

    [[nodiscard]] std::string said(std::string_view description, const std::string& line) const {
        std::string text = ascii_.original(description);
        // Of what stands for a character, the reader names the first letter.
        const std::string mark = fmt::format("saw '{}'", AsciiText::mark);
        const auto at = text.find(mark);
        const std::string original = ascii_.original(line);
        const auto foreign = std::ranges::find_if(
            original, [](char byte) { return static_cast<unsigned char>(byte) >= 0x80; });
        if (at != std::string::npos && foreign != original.end()) {
            const std::string_view rest(foreign, original.end());
            text.replace(at, mark.size(),
                         fmt::format("saw '{}'", rest.substr(0, first_code_point(rest).bytes)));
        }
        // The name alone: what stands behind it may be a secret.
        const auto equals = original.find('=');
        const auto name = std::string_view(original).substr(0, equals);
        return equals == std::string::npos
                   ? printable(text)
                   : fmt::format("{} (at {})", printable(text), in_quotes(trimmed(name)));
    }

    const AsciiText& ascii_;
    std::vector<std::string> lines_;
    std::map<std::string, std::string, std::less<>> stand_ins_;
};

std::string_view type_said(const toml::node& node) {
    switch (node.type()) {
        case toml::node_type::table:
            return "a table";
        case toml::node_type::array:
            return "a list with other things than texts";
        case toml::node_type::date:
        case toml::node_type::time:
        case toml::node_type::date_time:
            return "a date or a time";
        default:
            return "something else";
    }
}

std::optional<ConfigValue> value_in(const toml::node& node, const AsciiText& ascii) {
    if (const auto* text = node.as_string()) {
        return ascii.original(text->get());
    }
    if (const auto* truth = node.as_boolean()) {
        return truth->get();
    }
    if (const auto* whole = node.as_integer()) {
        return whole->get();
    }
    if (const auto* number = node.as_floating_point()) {
        return number->get();
    }
    const auto* list = node.as_array();
    if (list == nullptr) {
        return std::nullopt;
    }
    std::vector<std::string> texts;
    for (const auto& element : *list) {
        const auto* text = element.as_string();
        if (text == nullptr) {
            return std::nullopt;
        }
        texts.push_back(ascii.original(text->get()));
    }
    return texts;
}

/// Of one parsed text: its tables become sections, what stands in them entries.
class Walk {
  public:
    Walk(const AsciiText& ascii, const BrokenText& broken, ConfigText& into)
        : ascii_(ascii), broken_(broken), into_(into) {
        for (const auto& section : config_sections()) {
            names_.push_back(section.name);
        }
    }

    void visit(const toml::table& table, const std::string& section) {
        for (const auto& [key, node] : table) {
            const std::string name =
                section.empty() ? broken_.meant(ascii_.original(key.str())) : ascii_.original(key.str());
            const std::string path = section.empty() ? name : fmt::format("{}.{}", section, name);
            const std::uint32_t line = key.source().begin.line;
            const toml::table* const inner = node.as_table();
            const bool is_section = std::ranges::find(names_, path) != names_.end();
            if (inner != nullptr && is_section) {
                visit(*inner, path);
            } else if (is_section) {
                fault(line,
                      fmt::format("{} is a section: write [{}] on a line of its own, once", path, path));
            } else if (inner != nullptr && config_key(section, name) == nullptr) {
                unknown_section(line, path);
            } else {
                into_.entries.push_back(
                    {line, section, name, value_in(node, ascii_), std::string(type_said(node))});
            }
        }
    }

  private:
    void fault(std::uint32_t line, std::string text) { into_.faults.push_back({line, std::move(text)}); }
    void unknown_section(std::uint32_t line, const std::string& path) {
        if (path.empty()) {
            return;  // of a broken head that says nothing
        }
        fault(line, fmt::format("there is no section [{}]; is it [{}]? There are: {}", shown(path),
                                nearest_name(path, names_), fmt::join(names_, ", ")));
    }
    static std::string shown(const std::string& path) {
        const std::string quoted = in_quotes(path);
        return quoted.substr(1, quoted.size() - 2);
    }

    const AsciiText& ascii_;
    const BrokenText& broken_;
    ConfigText& into_;
    std::vector<std::string_view> names_;
};

template <typename Item>
void sort_by_line(std::vector<Item>& items) {
    std::ranges::stable_sort(items, {}, &Item::line);
}

}  // namespace

ConfigText parse_config_text(std::string_view text) {
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    ConfigText result;
    if (text.size() > config_bytes_max) {
        result.faults.push_back(
            {0, fmt::format("is larger than {} kB: is this a configuration file?", config_bytes_max / 1024)});
        return result;
    }
    if (text.starts_with(byte_order_mark)) {
        text.remove_prefix(byte_order_mark.size());
    }
    if (auto refusal = text_refusal(text)) {
        result.faults.push_back({refusal->line, std::move(refusal->reason)});
        return result;
    }
    const auto ascii = AsciiText::of(text);
    if (!ascii) {
        result.faults.push_back({0, "holds what no configuration file does: \"?u0:\" to \"?u31:\""});
        return result;
    }
    BrokenText broken(*ascii);
    if (const auto table = broken.read(result.faults)) {
        Walk(*ascii, broken, result).visit(*table, "");
    }
    sort_by_line(result.entries);
    sort_by_line(result.faults);
    return result;
}

}  // namespace virtuoso
