#include "alert/alert_message.hpp"
#include "base/unicode.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <type_traits>

namespace virtuoso {

namespace {

using Json = nlohmann::ordered_json;
constexpr std::string_view schema = "virtuoso.alert/1";
constexpr std::size_t occurrences_max = 1'000;
constexpr std::size_t lines_max = 100;  // of one

Json json_of(const Occurrence& occurrence) {
    Json words = Json::object();
    for (const auto& word : occurrence.words) {
        words[word.name] = word.value;
    }
    Json numbers = Json::object();
    for (const auto& number : occurrence.numbers) {
        numbers[number.name] = number.value;
    }
    return {{"kind", occurrence.kind},
            {"symbol", occurrence.symbol},
            {"severity", name_of(occurrence.severity)},
            {"time", occurrence.time.ms},
            {"words", std::move(words)},
            {"numbers", std::move(numbers)},
            {"sentence", occurrence.sentence},
            {"lines", occurrence.lines},
            {"link", occurrence.link}};
}

/// Reads members of one object; remembers the first that is missing or of another type.
class Reader {
  public:
    explicit Reader(const Json& json) : json_(json) {}

    template <typename T>
    T read(const char* name) {
        const auto found = json_.is_object() ? json_.find(name) : json_.end();
        if (found == json_.end()) {
            note(ErrorCode::field_missing, name, "is missing");
            return {};
        }
        if (!is_of_type<T>(*found)) {
            note(ErrorCode::field_value, name, "is of another type");
            return {};
        }
        return found->template get<T>();
    }
    const Json& part(const char* name) {
        static const Json none;
        const auto found = json_.is_object() ? json_.find(name) : json_.end();
        if (found == json_.end()) {
            note(ErrorCode::field_missing, name, "is missing");
            return none;
        }
        return *found;
    }
    void note(ErrorCode code, std::string_view name, std::string_view what) {
        if (!error_) {
            error_ = Error{code, fmt::format("alert: {} {}", name, what)};
        }
    }
    [[nodiscard]] const std::optional<Error>& error() const { return error_; }

  private:
    template <typename T>
    static bool is_of_type(const Json& value) {
        if constexpr (std::is_same_v<T, std::string>) {
            return value.is_string();
        } else if constexpr (std::is_unsigned_v<T>) {
            return value.is_number_unsigned();
        } else {
            return value.is_number_integer();
        }
    }

    const Json& json_;
    std::optional<Error> error_;
};

/// Those that were kept before there were lines have none.
void read_lines(const Json& json, Reader& reader, Occurrence& occurrence) {
    if (!json.is_object() || !json.contains("lines")) {
        return;
    }
    const Json& lines = json["lines"];
    if (!lines.is_array() || lines.size() > lines_max ||
        !std::ranges::all_of(lines, [](const Json& line) { return line.is_string(); })) {
        reader.note(ErrorCode::field_value, "lines", "is no list of at most 100 texts");
        return;
    }
    for (const auto& line : lines) {
        occurrence.lines.push_back(line.get<std::string>());
    }
}

Result<Occurrence> occurrence_from(const Json& json) {
    Reader reader(json);
    Occurrence occurrence;
    occurrence.kind = reader.read<std::string>("kind");
    occurrence.symbol = reader.read<std::string>("symbol");
    occurrence.time.ms = reader.read<std::int64_t>("time");
    occurrence.sentence = reader.read<std::string>("sentence");
    occurrence.link = reader.read<std::string>("link");
    const auto severity = alert_severity_from(reader.read<std::string>("severity"));
    if (!severity) {
        reader.note(ErrorCode::field_value, "severity", "is none that there is");
    }
    occurrence.severity = severity.value_or(AlertSeverity::info);
    for (const auto& [name, value] : reader.part("words").items()) {
        if (!value.is_string()) {
            reader.note(ErrorCode::field_value, "words", "has one that is no text");
            break;
        }
        occurrence.words.push_back({name, value.get<std::string>()});
    }
    for (const auto& [name, value] : reader.part("numbers").items()) {
        if (!value.is_number()) {
            reader.note(ErrorCode::field_value, "numbers", "has one that is no number");
            break;
        }
        occurrence.numbers.push_back({name, value.get<double>()});
    }
    read_lines(json, reader, occurrence);
    if (reader.error()) {
        return std::unexpected(*reader.error());
    }
    return occurrence;
}

/// It becomes a header.
bool is_key(std::string_view key) {
    constexpr std::size_t length_max = 64;
    return !key.empty() && key.size() <= length_max && std::ranges::all_of(key, [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
               (letter >= '0' && letter <= '9');
    });
}

DigestCause cause_from(const std::string& name, Reader& reader) {
    for (const auto cause :
         {DigestCause::none, DigestCause::window, DigestCause::quiet_hours, DigestCause::flood}) {
        if (name_of(cause) == name) {
            return cause;
        }
    }
    reader.note(ErrorCode::field_value, "digest", "is none that there is");
    return DigestCause::none;
}

}  // namespace

std::string alert_json(const AlertMessage& message) {
    Json occurrences = Json::array();
    for (const auto& occurrence : message.occurrences) {
        occurrences.push_back(json_of(occurrence));
    }
    constexpr std::int64_t ns_per_ms = 1'000'000;
    const Json json{{"schema", schema},
                    {"key", message.key},
                    {"sink", message.sink},
                    {"rule", message.rule},
                    {"severity", name_of(message.severity())},
                    {"made", message.made.ns / ns_per_ms},
                    {"digest", name_of(message.cause)},
                    {"title", title_of(message)},
                    {"total", message.total},
                    {"held_back", message.held_back},
                    {"occurrences", std::move(occurrences)}};
    return printable_json(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

Result<AlertMessage> alert_from_json(std::string_view text) {
    const Json json = Json::parse(text, nullptr, false);
    if (json.is_discarded()) {
        return fail(ErrorCode::json_syntax, "alert: it is no JSON");
    }
    Reader reader(json);
    AlertMessage message;
    constexpr std::int64_t ms_max = plausible_ms_max;
    constexpr std::int64_t ns_per_ms = 1'000'000;
    message.key = reader.read<std::string>("key");
    message.sink = reader.read<std::string>("sink");
    message.rule = reader.read<std::string>("rule");
    if (!is_key(message.key)) {
        reader.note(ErrorCode::field_value, "key", "is not 1 to 64 letters and digits");
    }
    const auto made = reader.read<std::int64_t>("made");
    if (made < 0 || made > ms_max) {
        reader.note(ErrorCode::field_value, "made", "is no time that can be");
    } else {
        message.made.ns = made * ns_per_ms;
    }
    message.cause = cause_from(reader.read<std::string>("digest"), reader);
    message.total = reader.read<std::uint64_t>("total");
    message.held_back = reader.read<std::uint64_t>("held_back");
    const Json& occurrences = reader.part("occurrences");
    if (!occurrences.is_array() || occurrences.empty() || occurrences.size() > occurrences_max) {
        reader.note(ErrorCode::field_value, "occurrences", "is no list of one to 1000");
    }
    if (reader.error()) {
        return std::unexpected(*reader.error());
    }
    for (const auto& part : occurrences) {
        auto occurrence = occurrence_from(part);
        if (!occurrence) {
            return std::unexpected(std::move(occurrence.error()));
        }
        message.occurrences.push_back(*std::move(occurrence));
    }
    return message;
}

}  // namespace virtuoso
