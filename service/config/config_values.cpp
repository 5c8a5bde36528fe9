#include "service/config/config_values.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "common/text.h"
#include "service/archive/archive_name.h"
#include "service/archive/entry_name.h"
#include "service/config/path_rules.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;
using Kind = ValueKind;
using Fault = std::optional<std::string>;

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kNever = "never";

struct Unit {
  char letter;
  std::chrono::seconds length;
};
constexpr Unit kUnits[] = {{'d', 24h}, {'h', 1h}, {'m', 1min}, {'s', 1s}};

// A whole number without sign, leading zero or anything else.
std::optional<int> number_from(std::string_view text, std::size_t most_digits) {
  if (text.empty() || text.size() > most_digits) return std::nullopt;
  if (text.find_first_not_of(kDigits) != std::string_view::npos) return std::nullopt;
  if (text.size() > 1 && text[0] == '0') return std::nullopt;
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::int64_t characters(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80;
  });
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char byte) {
    return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F;
  });
}

// What tells already what to do gets no example.
std::string wrong(const ConfigKey& key, const JsonNode& value, std::string_view what) {
  if (what.ends_with('?')) return fmt::format("{} {}", shown(value), what);
  if (what.find(';') != std::string_view::npos) return fmt::format("{} {}.", shown(value), what);
  return fmt::format("{} {}; write it like {}.", shown(value), what, key.example);
}

// "is no ..." for values of the wrong kind altogether.
std::string_view what_it_is_not(Kind kind) {
  switch (kind) {
    case Kind::Object:
    case Kind::OneOf:
    case Kind::Map: return "is no object";
    case Kind::List: return "is no list";
    case Kind::Trigger: return "is no trigger";
    case Kind::Integer: return "is no whole number";
    case Kind::Boolean: return "is neither true nor false";
    case Kind::True: return "is not true";
    case Kind::Duration:
    case Kind::DurationOrNever: return "is no duration";
    case Kind::TimeOfDay: return "is no time of day";
    case Kind::Percentage: return "is no percentage";
    default: return "is no text";
  }
}

Fault bounds_fault(const ConfigKey& key, const JsonNode& value, std::int64_t number) {
  if (key.least == key.most && number != key.least) {
    return fmt::format("This Holdfast knows {} {} only.", key.name(), key.least);
  }
  if (number < key.least) {
    return fmt::format("{} is too small; the smallest is {}.", shown(value), key.least);
  }
  if (number > key.most) {
    return fmt::format("{} is too large; the largest is {}.", shown(value), key.most);
  }
  return std::nullopt;
}

Fault duration_fault(const ConfigKey& key, const JsonNode& value) {
  if (key.kind == Kind::DurationOrNever && value.text == kNever) return std::nullopt;
  const auto duration = duration_from(value.text);
  if (!duration) return wrong(key, value, what_it_is_not(key.kind));
  const std::chrono::seconds least(key.least);
  const std::chrono::seconds most(key.most);
  if (*duration < least) {
    return fmt::format("{} is too short; the shortest is \"{}\".", shown(value),
                       duration_word(least));
  }
  if (*duration > most) {
    return fmt::format("{} is too long; the longest is \"{}\".", shown(value), duration_word(most));
  }
  return std::nullopt;
}

Fault choice_fault(const ConfigKey& key, const JsonNode& value) {
  if (std::find(key.words.begin(), key.words.end(), value.text) != key.words.end()) {
    return std::nullopt;
  }
  if (const auto meant = closest(folded_name(value.text), key.words)) {
    return fmt::format("{} is not known; did you mean \"{}\"?", shown(value), *meant);
  }
  return fmt::format("{} is none of \"{}\".", shown(value), fmt::join(key.words, "\", \""));
}

Fault id_fault(std::string_view id) {
  if (is_dataset_id(id)) return std::nullopt;
  return "has something other than small letters, digits and \"-\"";
}

Fault query_fault(std::string_view sql) {
  if (sql.find('\0') != std::string_view::npos) return "holds a zero character";
  constexpr std::string_view kSpaces = " \t\r\n";
  sql.remove_prefix(std::min(sql.find_first_not_of(kSpaces), sql.size()));
  const std::size_t end = sql.find_first_not_of(
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
      "0123456789_");
  const std::string first = folded_name(sql.substr(0, end));
  if (first == "select" || first == "with") return std::nullopt;
  return "does not begin with SELECT or WITH";
}

Fault plain_text_fault(std::string_view text) {
  if (has_control(text)) return "has a control character";
  if (text.find_first_not_of(' ') == std::string_view::npos) return "is blank";
  return std::nullopt;
}

// What the rules of a text's kind say of it, as the end of a sentence.
Fault text_rule_fault(Kind kind, std::string_view text) {
  switch (kind) {
    case Kind::Text: return plain_text_fault(text);
    case Kind::DatasetId: return id_fault(text);
    case Kind::FilePath: return path_fault(text, PathUse::File);
    case Kind::FolderPath: return path_fault(text, PathUse::Folder);
    case Kind::OneDriveFolder: return inner_folder_fault(text);
    case Kind::IncludePattern: return include_fault(text);
    case Kind::Program: return program_fault(text);
    case Kind::Query: return query_fault(text);
    default: return std::nullopt;
  }
}

Fault text_fault(const ConfigKey& key, const JsonNode& value) {
  const std::int64_t length = characters(value.text);
  if (length < key.least) return wrong(key, value, "is empty");
  if (length > key.most) {
    return fmt::format("The text has {} characters; {} is the most.", length, key.most);
  }
  const Fault fault = text_rule_fault(key.kind, value.text);
  return fault ? Fault(wrong(key, value, *fault)) : std::nullopt;
}

bool is_of_kind(Kind kind, const JsonNode& value) {
  switch (kind) {
    case Kind::Integer: return value.integer.has_value();
    case Kind::Boolean: return value.kind == JsonNode::Kind::Boolean;
    case Kind::True: return value.kind == JsonNode::Kind::Boolean && value.boolean;
    case Kind::List: return value.kind == JsonNode::Kind::List;
    case Kind::Object:
    case Kind::OneOf:
    case Kind::Map: return value.kind == JsonNode::Kind::Object;
    default: return value.kind == JsonNode::Kind::Text;
  }
}

}  // namespace

std::optional<std::chrono::seconds> duration_from(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto number = number_from(text.substr(0, text.size() - 1), 5);
  if (!number || *number == 0) return std::nullopt;
  for (const Unit& unit : kUnits) {
    if (unit.letter == text.back()) return unit.length * *number;
  }
  return std::nullopt;
}

std::string duration_word(std::chrono::seconds duration) {
  const auto fits = [duration](const Unit& unit) { return duration % unit.length == 0s; };
  const Unit* unit = std::find_if(std::begin(kUnits), std::end(kUnits), fits);
  return fmt::format("{}{}", duration / unit->length, unit->letter);
}

std::optional<std::chrono::seconds> time_of_day_from(std::string_view text) {
  constexpr std::string_view kShape = "dd:dd";
  if (text.size() != kShape.size()) return std::nullopt;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    const bool digit = kDigits.find(text[i]) != std::string_view::npos;
    if (kShape[i] == 'd' ? !digit : text[i] != kShape[i]) return std::nullopt;
  }
  const int hours = (text[0] - '0') * 10 + (text[1] - '0');
  const int minutes = (text[3] - '0') * 10 + (text[4] - '0');
  if (hours > 23 || minutes > 59) return std::nullopt;
  return std::chrono::hours(hours) + std::chrono::minutes(minutes);
}

std::optional<int> percentage_from(std::string_view text) {
  if (!text.ends_with('%')) return std::nullopt;
  const auto number = number_from(text.substr(0, text.size() - 1), 3);
  return number && *number <= 100 ? number : std::nullopt;
}

std::string shown(const JsonNode& value) {
  if (value.kind == JsonNode::Kind::Object) return "{...}";
  if (value.kind == JsonNode::Kind::List) return "[...]";
  if (value.kind != JsonNode::Kind::Text) return one_line(json_text(value), 40);
  constexpr std::size_t kMost = 80;
  if (value.text.size() <= kMost) return json_text(value);
  return json_text({.kind = JsonNode::Kind::Text, .text = one_line(value.text, kMost)});
}

std::optional<std::string> value_fault(const ConfigKey& key, const JsonNode& value) {
  if (!is_of_kind(key.kind, value)) return wrong(key, value, what_it_is_not(key.kind));
  switch (key.kind) {
    case Kind::Object:
    case Kind::OneOf:
    case Kind::Boolean:
    case Kind::True:
    case Kind::Trigger: return std::nullopt;
    case Kind::List:
    case Kind::Map: {
      const auto size = static_cast<std::int64_t>(value.members.size());
      if (size <= key.most) return std::nullopt;
      return fmt::format("There are {} entries; {} is the most.", size, key.most);
    }
    case Kind::Integer: return bounds_fault(key, value, *value.integer);
    case Kind::Duration:
    case Kind::DurationOrNever: return duration_fault(key, value);
    case Kind::Choice: return choice_fault(key, value);
    case Kind::TimeOfDay:
      if (time_of_day_from(value.text)) return std::nullopt;
      return wrong(key, value, what_it_is_not(key.kind));
    case Kind::Percentage:
      if (percentage_from(value.text)) return std::nullopt;
      return wrong(key, value, what_it_is_not(key.kind));
    default: return text_fault(key, value);
  }
}

std::optional<std::string> count_name_fault(std::string_view name) {
  if (name.empty()) return "A count needs a name, like \"patients\".";
  if (characters(name) > kMaxCountName) {
    return fmt::format("The count's name has {} characters; {} is the most.", characters(name),
                       kMaxCountName);
  }
  if (has_control(name)) return "The count's name has a control character.";
  return std::nullopt;
}

}  // namespace holdfast
