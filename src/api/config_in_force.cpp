#include "api/config_in_force.hpp"

#include "service/config_value.hpp"

namespace virtuoso {

namespace {

Json value_json(const ConfigKey& key, const ConfigValue& value) {
    if (key.secret) {
        return Json(shown_secret(value));
    }
    return std::visit([](const auto& plain) { return Json(plain); }, value);
}

Json origin_json(const ConfigOrigin& origin) {
    Json json = Json::object();
    switch (origin.kind) {
        case ConfigOrigin::Kind::built_in:
            json.set("kind", "default");
            return json;
        case ConfigOrigin::Kind::file:
            json.set("kind", "file");
            json.set("name", origin.name);
            json.set("line", origin.line);
            return json;
        case ConfigOrigin::Kind::environment:
            json.set("kind", "environment");
            break;
        case ConfigOrigin::Kind::flag:
            json.set("kind", "flag");
            break;
    }
    json.set("name", origin.name);
    return json;
}

}  // namespace

Json config_json(const LoadedConfig& loaded) {
    Json keys = Json::array();
    for (const auto& key : config_keys()) {
        Json json = Json::object();
        json.set("section", key.section);
        json.set("key", key.name);
        json.set("value", value_json(key, value_of(key, loaded.config)));
        json.set("origin", origin_json(loaded.origin_of(key)));
        keys.push_back(std::move(json));
    }
    Json json = Json::object();
    json.set("schema", "virtuoso.config/1");
    json.set("file", loaded.file.empty() ? Json() : Json(loaded.file));
    json.set("keys", std::move(keys));
    return json;
}

void ConfigInForce::set(const LoadedConfig& loaded) {
    std::string document = config_json(loaded).text() + "\n";
    const std::lock_guard lock(mutex_);
    document_ = std::move(document);
}

std::string ConfigInForce::document() const {
    const std::lock_guard lock(mutex_);
    return document_;
}

}  // namespace virtuoso
