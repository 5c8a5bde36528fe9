#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast {

// Lines and columns count from 1, columns in characters. Line 0: it stands in no text.
struct JsonPlace {
  int line = 0;
  int column = 0;

  auto operator<=>(const JsonPlace&) const = default;
};

struct JsonMember;

// A JSON value that knows where it stands.
struct JsonNode {
  enum class Kind { Null, Boolean, Number, Text, List, Object };

  Kind kind = Kind::Null;
  JsonPlace place;
  std::string text;                     // a Text's content; a Number, as a person writes it
  std::optional<std::int64_t> integer;  // of a Number that is whole
  bool boolean = false;
  std::vector<JsonMember> members;  // in their order; a list's have no keys

  // The first value of that key; nothing when there is none, or when this is no object.
  const JsonNode* find(std::string_view key) const;
  JsonNode* find(std::string_view key);
};

struct JsonMember {
  std::string key;
  JsonPlace place;  // the key's
  JsonNode value;
};

// One thing that is wrong, for a person: `sentence` tells what, and what would be right.
struct ConfigFault {
  std::string path;  // "datasets[0].schedule.every"; empty for the text as a whole
  JsonPlace place;
  std::string sentence;

  bool operator==(const ConfigFault&) const = default;
};

constexpr std::size_t kMaxConfigBytes = std::size_t{1} << 20;
constexpr std::size_t kMaxConfigDepth = 16;
constexpr std::size_t kMaxConfigValues = 100'000;

struct JsonTree {
  JsonNode root;
  std::optional<ConfigFault> fault;  // the first that keeps the text from being JSON
};

// Reads JSON with // and /* */ comments, in UTF-8, within the bounds above. Keys that stand twice
// are both there.
JsonTree parse_json_tree(std::string_view text);

// The value as JSON on one line.
std::string json_text(const JsonNode& node);

}  // namespace holdfast
