#include "tests/support/schema_check.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <regex>
#include <stdexcept>

namespace holdfast {
namespace {

using nlohmann::json;
using Fault = std::optional<std::string>;

bool is_type(const json& value, const std::string& type) {
  if (type == "integer") {
    return value.is_number_integer() ||
           (value.is_number_float() && value.get<double>() == std::trunc(value.get<double>()));
  }
  if (type == "array") return value.is_array();
  if (type == "object") return value.is_object();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_boolean();
  throw std::runtime_error("the checker does not know the type " + type);
}

std::size_t characters(const json& text) {
  const auto& bytes = text.get_ref<const std::string&>();
  return static_cast<std::size_t>(std::count_if(bytes.begin(), bytes.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80;
  }));
}

bool matches(const json& text, const std::string& pattern) {
  static std::map<std::string, std::regex> compiled;
  auto found = compiled.find(pattern);
  if (found == compiled.end()) found = compiled.emplace(pattern, std::regex(pattern)).first;
  return std::regex_search(text.get_ref<const std::string&>(), found->second);
}

Fault object_fault(const json& schema, const json& object, const std::string& place) {
  const json properties = schema.value("properties", json::object());
  for (const auto& [key, value] : object.items()) {
    const std::string inner = place + "/" + key;
    if (schema.contains("propertyNames")) {
      if (auto fault = schema_fault(schema["propertyNames"], key, inner)) return fault;
    }
    if (properties.contains(key)) {
      if (auto fault = schema_fault(properties[key], value, inner)) return fault;
    } else if (schema.contains("additionalProperties")) {
      const json& other = schema["additionalProperties"];
      if (other == json(false)) return inner + ": additionalProperties";
      if (auto fault = schema_fault(other, value, inner)) return fault;
    }
  }
  return std::nullopt;
}

// Whether one keyword holds; those of objects' members are object_fault()'s.
bool holds(const std::string& keyword, const json& rule, const json& value) {
  const bool text = value.is_string();
  const bool object = value.is_object();
  const auto fits = [&value](const json& schema) { return !schema_fault(schema, value); };
  if (keyword == "type") return is_type(value, rule);
  if (keyword == "const") return value == rule;
  if (keyword == "enum") return std::find(rule.begin(), rule.end(), value) != rule.end();
  if (keyword == "minimum") return !value.is_number() || value >= rule;
  if (keyword == "maximum") return !value.is_number() || value <= rule;
  if (keyword == "minLength") return !text || characters(value) >= rule.get<std::size_t>();
  if (keyword == "maxLength") return !text || characters(value) <= rule.get<std::size_t>();
  if (keyword == "pattern") return !text || matches(value, rule);
  if (keyword == "maxItems") return !value.is_array() || value.size() <= rule.get<std::size_t>();
  if (keyword == "minProperties") return !object || value.size() >= rule.get<std::size_t>();
  if (keyword == "maxProperties") return !object || value.size() <= rule.get<std::size_t>();
  if (keyword == "oneOf") return std::count_if(rule.begin(), rule.end(), fits) == 1;
  if (keyword == "anyOf") return std::any_of(rule.begin(), rule.end(), fits);
  const auto has = [&value](const json& key) { return value.contains(key.get<std::string>()); };
  if (keyword == "required") return !object || std::all_of(rule.begin(), rule.end(), has);
  if (keyword == "dependencies") {
    return !object || std::all_of(rule.items().begin(), rule.items().end(), [&](const auto& item) {
      return !value.contains(item.key()) ||
             std::all_of(item.value().begin(), item.value().end(), has);
    });
  }
  throw std::runtime_error("the checker does not know the keyword " + keyword);
}

bool is_elsewhere(const std::string& keyword) {
  static const char* const kWords[] = {"$schema",    "title",         "description",
                                       "default",    "examples",      "items",
                                       "properties", "propertyNames", "additionalProperties"};
  return std::find(std::begin(kWords), std::end(kWords), keyword) != std::end(kWords);
}

}  // namespace

std::optional<std::string> schema_fault(const json& schema, const json& value,
                                        const std::string& place) {
  for (const auto& [keyword, rule] : schema.items()) {
    if (!is_elsewhere(keyword) && !holds(keyword, rule, value)) return place + ": " + keyword;
  }
  if (value.is_array() && schema.contains("items")) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (auto fault = schema_fault(schema["items"], value[i], place + "/" + std::to_string(i))) {
        return fault;
      }
    }
  }
  return value.is_object() ? object_fault(schema, value, place) : std::nullopt;
}

}  // namespace holdfast
