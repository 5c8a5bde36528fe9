#include <set>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "common/path_text.h"
#include "service/config/config_keys.h"
#include "service/config/config_values.h"
#include "service/config/read_config.h"
#include "tests/service/config/example_config.h"
#include "tests/support/database.h"
#include "tests/support/schema_check.h"

namespace holdfast {
namespace {

using nlohmann::json;
using Kind = ValueKind;

const json& schema() {
  static const json schema =
      json::parse(file_content(text_path(HOLDFAST_SOURCE) / "config/holdfast.schema.json"));
  return schema;
}

// The part of the schema that is about a key; the alternatives of a trigger are one step further.
const json& schema_of(std::string_view path) {
  const json* at = &schema();
  while (!path.empty()) {
    if (path.starts_with("[]")) {
      at = &at->at("items");
      path.remove_prefix(2);
    } else if (path.starts_with("{}")) {
      at = &at->at("additionalProperties");
      path.remove_prefix(2);
    } else {
      if (path.starts_with('.')) path.remove_prefix(1);
      const std::string name(path.substr(0, path.find_first_of(".[{")));
      if (at->contains("anyOf")) at = &at->at("anyOf")[1];
      at = &at->at("properties").at(name);
      path.remove_prefix(name.size());
    }
  }
  return *at;
}

std::string json_type(Kind kind) {
  switch (kind) {
    case Kind::Object:
    case Kind::OneOf:
    case Kind::Map: return "object";
    case Kind::List: return "array";
    case Kind::Integer: return "integer";
    case Kind::Boolean: return "boolean";
    default: return "string";
  }
}

// The keywords with which the schema says the bounds of a kind.
std::pair<const char*, const char*> bounds_of(Kind kind) {
  switch (kind) {
    case Kind::Integer: return {"minimum", "maximum"};
    case Kind::List: return {"", "maxItems"};
    case Kind::Map: return {"", "maxProperties"};
    case Kind::Text:
    case Kind::DatasetId:
    case Kind::FilePath:
    case Kind::FolderPath:
    case Kind::OneDriveFolder:
    case Kind::IncludePattern:
    case Kind::Program:
    case Kind::Query: return {"minLength", "maxLength"};
    default: return {"", ""};
  }
}

TEST_CASE("The schema explains every key, with its default, an example and its bounds") {
  for (const ConfigKey& key : config_keys()) {
    CAPTURE(key.path);
    const json& about = schema_of(key.path);
    CHECK(about.at("description").get<std::string>().size() > 15);
    CHECK(about.value("default", json()) ==
          (key.default_value.empty() ? json() : json::parse(key.default_value)));
    CHECK(about.at("examples") == json::array({json::parse(key.example)}));
    if (key.kind != Kind::Trigger && key.kind != Kind::True) {
      CHECK(about.at("type") == json_type(key.kind));
    }
    if (key.kind == Kind::Choice) CHECK(about.at("enum") == json(key.words));
    const auto [least, most] = bounds_of(key.kind);
    if (*least != '\0') CHECK(about.at(least) == key.least);
    if (*most != '\0') CHECK(about.at(most) == key.most);
    const bool is_duration = key.kind == Kind::Duration || key.kind == Kind::DurationOrNever;
    if (is_duration && about.contains("default")) {
      const std::string bounds = duration_word(std::chrono::seconds(key.least)) + " to " +
                                 duration_word(std::chrono::seconds(key.most));
      CHECK(about.at("description").get<std::string>().find(bounds) != std::string::npos);
    }
  }
}

TEST_CASE("The schema has the keys of the table and no other, and asks for the same") {
  for (const ConfigKey& parent : config_keys()) {
    if (parent.kind != Kind::Object && parent.kind != Kind::OneOf) continue;
    CAPTURE(parent.path);
    std::set<std::string> keys;
    std::set<std::string> required;
    for (const ConfigKey& key : config_keys()) {
      if (!is_child(key, parent.path)) continue;
      keys.emplace(key.name());
      if (key.required) required.emplace(key.name());
    }
    std::set<std::string> told;
    const json& about = schema_of(parent.path);
    for (const auto& [key, value] : about.at("properties").items()) told.insert(key);
    CHECK(told == keys);
    CHECK(about.value("required", json::array()).get<std::set<std::string>>() == required);
    CHECK(about.at("additionalProperties") == json(false));
    if (parent.kind != Kind::OneOf) continue;
    json alternatives = json::array();
    for (const std::string_view word : parent.words) {
      alternatives.push_back({{"required", {word}}});
    }
    CHECK(about.at("oneOf") == alternatives);
  }
  CHECK(schema().at("required") == json{"version", "datasets"});
  CHECK(schema_of("datasets[].triggers[]").at("anyOf")[0].at("enum") == json(trigger_words()));
}

TEST_CASE("The examples and defaults of the table are good") {
  for (const ConfigKey& key : config_keys()) {
    CAPTURE(key.path);
    CHECK_FALSE(schema_fault(schema_of(key.path), json::parse(key.example)));
    CHECK_FALSE(value_fault(key, parse_json_tree(key.example).root));
    if (key.default_value.empty()) continue;
    CHECK_FALSE(schema_fault(schema_of(key.path), json::parse(key.default_value)));
    CHECK_FALSE(value_fault(key, parse_json_tree(key.default_value).root));
  }
}

// What JSON Schema has no words for: how long a duration is, what Windows takes for a device, and
// how values go together.
bool is_beyond_schema(const std::string& sentence) {
  for (const char* part :
       {"is too short", "is too long", "is a device on Windows", "has a token inside",
        "Another dataset", "own folder", "is inside what", "is shorter than"}) {
    if (sentence.find(part) != std::string::npos) return true;
  }
  return false;
}

void check_agreement(const json& config) {
  const std::string text = config.dump(-1, ' ', false, json::error_handler_t::replace);
  CAPTURE(text);
  std::vector<std::string> sentences;
  for (const ConfigFault& fault : read_config(text).faults) {
    if (!is_beyond_schema(fault.sentence)) sentences.push_back(fault.sentence);
  }
  const std::string by_reader = sentences.empty() ? "" : sentences.front();
  const std::string by_schema = schema_fault(schema(), json::parse(text)).value_or("");
  CAPTURE(by_reader, by_schema);
  CHECK(by_reader.empty() == by_schema.empty());
}

// The example with something else in the place of a key.
json with_value(const ConfigKey& key, const json& value) {
  json config = json::parse(kExampleConfig, nullptr, true, true);
  json& dataset = config["datasets"][0];
  const std::string name(key.name());
  constexpr std::string_view kDataset = "datasets[].";
  if (!key.path.starts_with(kDataset)) {
    (key.path == "datasets[]" ? dataset : config[name]) = value;
  } else if (key.path == "datasets[].include[]") {
    dataset["include"][0] = value;
  } else if (key.path == "datasets[].triggers[]") {
    dataset["triggers"][0] = value;
  } else if (key.path == "datasets[].counts{}") {
    dataset["counts"]["patients"] = value;
  } else if (key.path.starts_with("datasets[].triggers[].")) {
    dataset["triggers"][0] = {{name, value}};
  } else if (key.path.starts_with("datasets[].schedule.") || name == "folder") {
    dataset[name == "folder" ? "destination" : "schedule"] = {{name, value}};
  } else if (key.path.starts_with("datasets[].keep.")) {
    dataset["keep"][name] = value;
  } else if (key.path.starts_with("datasets[].destination.")) {
    dataset["destination"][name] = value;
  } else {
    dataset[name] = value;
  }
  return config;
}

TEST_CASE("The reader and the schema agree on every value in the place of every key") {
  std::vector<json> values{nullptr, true, false, 0, 1, 2, -1, 10, 11, 1000, 1001, 1.0, 1.5, 1e30};
  for (const char* text : {"",
                           " ",
                           "x",
                           "a-b",
                           "A",
                           "a_b",
                           "\t",
                           "x\ny",
                           "\xC3\xA4",
                           "startup",
                           "sign-out",
                           "Startup",
                           "personal",
                           "business9",
                           "business10",
                           "failures",
                           "never",
                           "off",
                           "4h",
                           "90s",
                           "07d",
                           "0d",
                           "4 h",
                           "4H",
                           "100000s",
                           "99999s",
                           "18:30",
                           "00:00",
                           "24:00",
                           "8:30",
                           "0%",
                           "20%",
                           "100%",
                           "101%",
                           "05%",
                           "20",
                           "C:\\x\\y.db",
                           "C:/x/y.db",
                           "C:x",
                           "C:",
                           "C:\\",
                           "C:\\x\\",
                           "x\\y",
                           "\\x",
                           "\\\\s\\h",
                           "\\\\s\\h\\x.db",
                           "\\\\s",
                           "\\\\?\\C:\\x",
                           "{documents}",
                           "{other}\\x",
                           "{profile}\\x.db",
                           "{profile}x.db",
                           "C:\\x.\\y",
                           "C:\\..\\y",
                           "C:\\x\\\\y",
                           "a/b",
                           "a//b",
                           "a/",
                           "/a",
                           "../a",
                           "a/./b",
                           "**",
                           "a/**",
                           "**/**/**",
                           "*.json",
                           "a:b",
                           "a|b",
                           "a.exe",
                           ".exe",
                           "A.EXE",
                           "x\\a.exe",
                           "a .exe",
                           "SELECT 1",
                           "select(1)",
                           " \n with x as (y)",
                           "SELECTED",
                           "UPDATE x",
                           "WITH",
                           "SELECT\xC3\xA4"}) {
    values.emplace_back(text);
  }
  for (const std::size_t length : {64U, 65U, 100U, 101U, 260U, 261U, 400U, 401U, 1000U, 1001U}) {
    values.emplace_back(std::string(length, 'x'));
    std::string umlauts;
    for (std::size_t i = 0; i < length; ++i) umlauts += "\xC3\xBC";
    values.emplace_back(umlauts);
  }
  for (const char* text :
       {R"([])", R"(["x"])", R"([1])", R"({})", R"({"x": 1})", R"({"": "SELECT 1"})",
        R"({"a b": "SELECT 1"})", R"({"every": "4h"})", R"({"every": "4h", "manual": true})",
        R"({"folder": "E:\\b"})", R"({"folder": "E:\\b", "account": "personal"})",
        R"({"account": "personal"})", R"({"onedrive": "b", "account": "personal"})",
        R"({"app_closes": "a.exe"})", R"({"app_closes": "a.exe", "app_starts": "a.exe"})",
        R"({"last": 5})", R"({"last": 5, "yearly": 1})"}) {
    values.push_back(json::parse(text));
  }
  values.push_back(std::vector<std::string>(20, "startup"));
  values.push_back(std::vector<std::string>(21, "startup"));
  values.push_back(std::vector<std::string>(101, "a/**"));
  for (const ConfigKey& key : config_keys()) {
    for (const json& value : values) check_agreement(with_value(key, value));
  }
}

// Every object in the value, the value itself included.
std::vector<json::json_pointer> objects_in(const json& value) {
  std::vector<json::json_pointer> objects;
  if (value.is_object()) objects.emplace_back();
  if (!value.is_structured()) return objects;
  for (const auto& [key, inner] : value.items()) {
    for (const auto& object : objects_in(inner)) {
      objects.push_back(value.is_array() ? json::json_pointer() / std::stoul(key) / object
                                         : json::json_pointer() / key / object);
    }
  }
  return objects;
}

TEST_CASE("The reader and the schema agree on what is missing and what is too much") {
  const json example = json::parse(kExampleConfig, nullptr, true, true);
  check_agreement(example);
  CHECK_FALSE(schema_fault(schema(), example));
  for (const auto& place : objects_in(example)) {
    json more = example;
    more[place]["surplus"] = "SELECT 1";
    check_agreement(more);
    for (const auto& [key, value] : example[place].items()) {
      json less = example;
      less[place].erase(key);
      check_agreement(less);
    }
  }
}

}  // namespace
}  // namespace holdfast
