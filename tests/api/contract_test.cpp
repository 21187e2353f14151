// The contract and the program are the same in both directions.
#include "alert/occurrence.hpp"
#include "api/embedded_files.hpp"
#include "api/resource.hpp"
#include "service/notable_event.hpp"
#include "support/places.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

namespace virtuoso {

namespace {

using nlohmann::json;

/// "GET /path" and the names of its query's parameters; what stands in braces begins with one.
using Operations = std::map<std::string, std::set<std::string>>;

std::string_view file(std::string_view name) {
    const auto found = std::ranges::find(api_files(), name, &EmbeddedFile::name);
    return found == api_files().end() ? std::string_view{} : found->bytes;
}

std::string text_of(const std::string& name) {
    std::ifstream source(test::source_path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(source), {}};
}

const json& contract() {
    static const json parsed = json::parse(file("openapi.json"));
    return parsed;
}

const json& resolved(const json& part) {
    return part.contains("$ref")
               ? contract().at(json::json_pointer(part["$ref"].get<std::string>().substr(1)))
               : part;
}

Operations told_by_the_contract() {
    Operations operations;
    for (const auto& [path, methods] : contract()["paths"].items()) {
        for (const auto& [method, operation] : methods.items()) {
            auto& names = operations[(method == "get" ? "GET " : "POST ") + path];
            for (const auto& given : operation.value("parameters", json::array())) {
                const json& parameter = resolved(given);
                const auto name = parameter["name"].get<std::string>();
                names.insert(parameter["in"] == "path" ? "{" + name : name);
            }
        }
    }
    return operations;
}

Operations known_by_the_program() {
    Operations operations;
    for (const Resource& resource : all_resources()) {
        std::set<std::string> names;
        for (const auto name : resource.parameters) {
            names.emplace(name);
        }
        if (const auto open = resource.path.find('{'); open != std::string_view::npos) {
            names.emplace(resource.path.substr(open, resource.path.find('}') - open));
        }
        const std::string path(resource.path);
        if (resource.get != nullptr || resource.ask != nullptr) {
            operations["GET " + path] = names;
        }
        if (resource.post != nullptr) {
            operations["POST " + path] = names;
        }
    }
    return operations;
}

TEST(Contract, HasAnOperationForEveryPathOfTheProgramAndNoOther) {
    EXPECT_EQ(told_by_the_contract(), known_by_the_program());
}

TEST(Contract, NamesEveryKindOfEvent) {
    std::vector<std::string> kinds;
    for (const EventKind kind : all_event_kinds()) {
        kinds.emplace_back(name_of(kind));
    }
    EXPECT_EQ(contract()["components"]["schemas"]["EventKind"]["enum"].get<std::vector<std::string>>(),
              kinds);
}

TEST(Contract, NamesEveryKindOfAlert) {
    const auto kinds =
        contract()["components"]["schemas"]["AlertKind"]["enum"].get<std::vector<std::string>>();
    EXPECT_TRUE(std::ranges::equal(kinds, occurrence_kinds()));
}

TEST(Contract, EveryReferenceLeadsSomewhereAndEverySchemaIsUsed) {
    std::set<std::string> used;
    const auto walk = [&](const auto& self, const json& part) -> void {
        if (part.is_object() && part.contains("$ref")) {
            const auto reference = part["$ref"].get<std::string>();
            used.insert(reference);
            EXPECT_TRUE(contract().contains(json::json_pointer(reference.substr(1)))) << reference;
        }
        for (const auto& inner : part) {
            if (inner.is_structured()) {
                self(self, inner);
            }
        }
    };
    walk(walk, contract());
    for (const std::string kind : {"schemas", "responses", "parameters"}) {
        for (const auto& [name, part] : contract()["components"][kind].items()) {
            EXPECT_TRUE(used.contains(fmt::format("#/components/{}/{}", kind, name))) << kind << " " << name;
        }
    }
}

// Else an answer could lose a field, or get one that nobody described, unseen.
TEST(Contract, EveryObjectTellsAllOfItsFields) {
    const auto walk = [](const auto& self, const std::string& place, const json& schema) -> void {
        if (schema.is_object() && schema.contains("properties")) {
            EXPECT_EQ(schema.value("additionalProperties", true), false) << place;
            std::set<std::string> fields;
            for (const auto& [name, field] : schema["properties"].items()) {
                fields.insert(name);
            }
            EXPECT_EQ(schema.value("required", std::set<std::string>{}), fields) << place;
        }
        for (const auto& [name, inner] : schema.items()) {
            if (inner.is_structured()) {
                self(self, place + "/" + name, inner);
            }
        }
    };
    walk(walk, "schemas", contract()["components"]["schemas"]);
}

TEST(Contract, FilesAreInTheProgramAsTheyAre) {
    ASSERT_EQ(api_files().size(), 4U);
    for (const auto& [name, bytes] : api_files()) {
        const std::string read = text_of("src/api/" + std::string(name));
        EXPECT_GT(read.size(), 100U) << name;
        EXPECT_EQ(read, bytes) << name;
    }
}

TEST(Contract, EveryPathAndEveryDocumentIsDescribed) {
    const std::string paths = text_of("docs/api.md");
    for (const auto& [path, methods] : contract()["paths"].items()) {
        EXPECT_NE(paths.find(fmt::format("`{}`", path)), std::string::npos) << path;
        for (const auto& given : methods.begin()->value("parameters", json::array())) {
            const json& parameter = resolved(given);
            if (parameter["in"] == "query") {
                EXPECT_NE(paths.find(fmt::format("`{}`", parameter["name"].get<std::string>())),
                          std::string::npos)
                    << path;
            }
        }
    }
    const std::string documents = text_of("docs/schema.md");
    for (const auto& [name, schema] : contract()["components"]["schemas"].items()) {
        if (schema.contains("properties") && schema["properties"].contains("schema")) {
            const auto document = schema["properties"]["schema"]["const"].get<std::string>();
            EXPECT_NE(documents.find(fmt::format("`{}`", document)), std::string::npos) << document;
        }
    }
}

// What the page is made of comes from this service alone, and nothing in it would be refused by its own
// policy.
TEST(Contract, ThePageAsksNoOtherAddress) {
    for (const std::string_view name : {"docs/page.html", "docs/page.css", "docs/page.js"}) {
        for (const std::string_view banned :
             {"http:", "https:", "//cdn", "<style", "style=", "onclick", "innerHTML", "eval("}) {
            EXPECT_EQ(file(name).find(banned), std::string_view::npos) << name << " has " << banned;
        }
    }
}

}  // namespace

}  // namespace virtuoso
