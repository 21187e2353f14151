#include "exchange/field_drift.hpp"

#include "exchange/json_reader.hpp"

#include <algorithm>

namespace virtuoso {

namespace {

constexpr std::size_t name_bytes_max = 40;
constexpr std::size_t names_max = 32;
constexpr int depth_max = 8;

bool is_known(std::string_view path, std::string_view known) {
    while (!known.empty()) {
        const auto end = std::min(known.find(' '), known.size());
        auto name = known.substr(0, end);
        known.remove_prefix(std::min(known.size(), end + 1));
        if (name == path) {
            return true;
        }
        if (name.ends_with(".*") && path.starts_with(name.substr(0, name.size() - 1))) {
            return true;
        }
    }
    return false;
}

class Walker {
  public:
    explicit Walker(std::string_view known) : known_(known) {}

    [[nodiscard]] bool walk(JsonReader& reader, JsonObject& object, const std::string& prefix, int depth) {
        return for_each_field(reader, object, [&](JsonKey key, JsonValue value) {
            std::string path = prefix;
            // Up to the quote that ends it; names with escapes end at their first quote, which is unknown.
            const std::string_view raw(key.raw(), name_bytes_max);
            path += raw.substr(0, raw.find('"'));
            if (!is_known(path, known_) && names_.size() < names_max &&
                std::ranges::find(names_, path) == names_.end()) {
                names_.push_back(path);
            }
            return inside(reader, value, path, depth + 1);
        });
    }
    [[nodiscard]] std::vector<std::string> take() { return std::move(names_); }

  private:
    [[nodiscard]] bool inside(JsonReader& reader, JsonValue value, const std::string& path, int depth) {
        simdjson::ondemand::json_type type{};
        if (const auto code = value.type().get(type)) {
            return reader.refuse_json(code);
        }
        if (depth > depth_max) {
            return true;
        }
        if (type == simdjson::ondemand::json_type::object) {
            JsonObject object;
            return reader.object(value, path, object) && walk(reader, object, path + ".", depth);
        }
        if (type == simdjson::ondemand::json_type::array) {
            JsonArray array;
            return reader.array(value, path, array) &&
                   for_each_element(reader, array, [&](JsonValue element) {
                       return inside(reader, element, path + "[]", depth + 1);
                   });
        }
        return true;
    }

    std::string_view known_;
    std::vector<std::string> names_;
};

}  // namespace

Result<std::vector<std::string>> unknown_fields(PaddedFrame frame, std::string_view known) {
    JsonReader reader;
    JsonDocument document;
    JsonObject root;
    Walker walker(known);
    if (!reader.open(frame, document, root) || !walker.walk(reader, root, {}, 0) ||
        !reader.at_end(document)) {
        return std::unexpected(reader.take_error());
    }
    return walker.take();
}

}  // namespace virtuoso
