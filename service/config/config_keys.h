#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace holdfast {

enum class ValueKind {
  Object,
  OneOf,  // an object in which exactly one of `words` stands
  List,
  Map,      // an object whose keys are names that people choose
  Trigger,  // one of the words of kTriggerWords, or an object like OneOf
  Text,
  Integer,
  Boolean,
  True,
  Choice,  // one of `words`
  Duration,
  DurationOrNever,
  TimeOfDay,
  Percentage,
  DatasetId,
  FilePath,
  FolderPath,
  OneDriveFolder,
  IncludePattern,
  Program,
  Query,
};

// A key of the configuration, or a list's or map's value, with what it may hold. The reader goes by
// this table; the schema, the page for administrators and the policies are held against it.
struct ConfigKey {
  std::string_view path;  // "datasets[].keep.last"; "[]" is a list's value, "{}" a map's
  ValueKind kind = ValueKind::Text;
  std::string_view example;             // as JSON
  std::string_view default_value = {};  // as JSON; empty: none
  bool required = false;
  // The bounds of a number, of a duration in seconds, of a text's characters, of a list's or map's
  // values.
  std::int64_t least = 0;
  std::int64_t most = 0;
  std::span<const std::string_view> words = {};

  // The key alone: "last".
  std::string_view name() const;
};

// In the order in which people read them.
std::span<const ConfigKey> config_keys();

// Nothing when there is no such key.
const ConfigKey* find_key(std::string_view path);
bool is_child(const ConfigKey& key, std::string_view parent);

// The words that are a trigger by themselves.
std::span<const std::string_view> trigger_words();

constexpr std::int64_t kMaxCountName = 64;

// Whether a policy may set it: a single value of a dataset, other than what the dataset is.
bool is_policy(const ConfigKey& key);

}  // namespace holdfast
