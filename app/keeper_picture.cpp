#include "keeper_picture.hpp"

#include "base/time.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <initializer_list>

namespace virtuoso::app {

namespace {

using simdjson::dom::element;

/// Of the field that a path of names leads to; nothing where there is none.
template <typename Value>
Value value_at(const element& root, std::initializer_list<std::string_view> path) {
    simdjson::simdjson_result<element> at(element{root});
    for (const auto name : path) {
        at = at[name];
    }
    Value value{};
    return at.get(value) == simdjson::SUCCESS ? value : Value{};
}

using Path = std::initializer_list<std::string_view>;

std::int64_t whole_at(const element& root, Path path) {
    return value_at<std::int64_t>(root, path);
}
double number_at(const element& root, Path path) {
    return value_at<double>(root, path);
}
std::string text_at(const element& root, Path path) {
    return std::string(value_at<std::string_view>(root, path));
}

/// False: it is another document.
bool read(simdjson::dom::parser& parser, std::string_view document, std::string_view schema, element& root) {
    return parser.parse(document.data(), document.size()).get(root) == simdjson::SUCCESS &&
           text_at(root, {"schema"}) == schema;
}

std::unexpected<Error> other_document() {
    return fail(ErrorCode::file_format,
                "the answer is nothing of a memory keeper: is it another program, or another version, that "
                "listens there?");
}

std::string head(const element& root) {
    constexpr double bytes_a_mb = 1e6;
    const double limit = number_at(root, {"memory", "limit_bytes"});
    std::string text = fmt::format(
        "{} runs, {} of them with nothing to do, {} failed, {} late, {} slow; every {} s now ({} s, under "
        "pressure down to {} s), the next in {} s\n",
        whole_at(root, {"counts", "runs"}), whole_at(root, {"counts", "idle"}),
        whole_at(root, {"counts", "failed"}), whole_at(root, {"counts", "late"}),
        whole_at(root, {"counts", "slow"}), whole_at(root, {"schedule", "interval_now_ms"}) / ms_per_second,
        whole_at(root, {"schedule", "interval_ms"}) / ms_per_second,
        whole_at(root, {"schedule", "interval_min_ms"}) / ms_per_second,
        std::max<std::int64_t>(0, whole_at(root, {"schedule", "next_in_ms"}) / ms_per_second));
    text += fmt::format("memory {:.1f} MB", number_at(root, {"memory", "resident_bytes"}) / bytes_a_mb);
    if (limit > 0) {
        text += fmt::format(", {:.0f} % of {:.1f} MB ({})", number_at(root, {"memory", "share"}) * 100,
                            limit / bytes_a_mb, text_at(root, {"memory", "limit_source"}));
    }
    return text + fmt::format("; pressure {} (soft from {:.0f} %, hard from {:.0f} %)\n",
                              text_at(root, {"pressure", "stage"}),
                              number_at(root, {"pressure", "soft"}) * 100,
                              number_at(root, {"pressure", "hard"}) * 100);
}

}  // namespace

Result<KeeperRunNews> keeper_run_news(std::string_view document) {
    simdjson::dom::parser parser;
    element root;
    KeeperRunNews news;
    if (!read(parser, document, "virtuoso.keeper_run/1", root) ||
        root["number"].get(news.number) != simdjson::SUCCESS ||
        root["over"].get(news.over) != simdjson::SUCCESS) {
        return other_document();
    }
    news.line = text_at(root, {"run", "line"});
    news.failed = !text_at(root, {"run", "error"}).empty();
    return news;
}

Result<std::string> keeper_picture(std::string_view document) {
    simdjson::dom::parser parser;
    element root;
    simdjson::dom::array runs;
    if (!read(parser, document, "virtuoso.keeper/1", root) || root["runs"].get(runs) != simdjson::SUCCESS) {
        return other_document();
    }
    std::string text = head(root);
    if (const auto without = whole_at(root, {"without_history"}); without > 0) {
        text += fmt::format("{} symbols gave up what they held\n", without);
    }
    for (const element run : runs) {
        text += fmt::format("{}  {}\n", iso_text(ExchangeTime{whole_at(run, {"started_ms"})}),
                            text_at(run, {"line"}));
    }
    return text;
}

}  // namespace virtuoso::app
