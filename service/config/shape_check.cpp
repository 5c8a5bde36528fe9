#include "service/config/shape_check.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "common/text.h"
#include "service/archive/entry_name.h"
#include "service/config/config_keys.h"
#include "service/config/config_values.h"

namespace holdfast {
namespace {

using Kind = ValueKind;

std::vector<std::string_view> child_names(std::string_view parent) {
  std::vector<std::string_view> names;
  for (const ConfigKey& key : config_keys()) {
    if (is_child(key, parent)) names.push_back(key.name());
  }
  return names;
}

std::string under(std::string_view parent, std::string_view name) {
  return parent.empty() ? std::string(name) : fmt::format("{}.{}", parent, name);
}

std::string quoted(std::string_view name) {
  return json_text({.kind = JsonNode::Kind::Text, .text = one_line(name, 64)});
}

// A value with the names of its place: as the table has it, and as the fault tells it.
struct Spot {
  const JsonNode& value;
  std::string key_path;
  std::string path;
};

class ShapeCheck {
 public:
  void check_root(const JsonNode& root) {
    if (root.kind != JsonNode::Kind::Object) {
      add({}, root.place, R"(A configuration is an object, like {"version": 1, "datasets": []}.)");
      return;
    }
    check_members({root, {}, {}});
  }

  std::vector<ConfigFault> take() { return std::move(faults_); }

 private:
  void add(std::string path, JsonPlace place, std::string sentence) {
    faults_.push_back({std::move(path), place, std::move(sentence)});
  }

  void check(const ConfigKey& key, const Spot& spot) {
    if (key.kind == Kind::Trigger) return check_trigger(key, spot);
    if (auto fault = value_fault(key, spot.value)) {
      add(spot.path, spot.value.place, std::move(*fault));
      return;
    }
    switch (key.kind) {
      case Kind::Object: check_members(spot); return;
      case Kind::OneOf: return check_one_of(key, spot);
      case Kind::List: return check_items(spot);
      case Kind::Map: return check_named(spot);
      default: return;
    }
  }

  void check_trigger(const ConfigKey& key, const Spot& spot) {
    if (spot.value.kind == JsonNode::Kind::Object) return check_one_of(key, spot);
    const bool is_word = spot.value.kind == JsonNode::Kind::Text;
    const ConfigKey words{.path = key.path,
                          .kind = is_word ? Kind::Choice : Kind::Trigger,
                          .example = key.example,
                          .words = trigger_words()};
    if (auto fault = value_fault(words, spot.value)) {
      add(spot.path, spot.value.place, std::move(*fault));
    }
  }

  void check_items(const Spot& spot) {
    const std::string key_path = spot.key_path + "[]";
    const ConfigKey& key = *find_key(key_path);
    std::size_t index = 0;
    for (const JsonMember& item : spot.value.members) {
      check(key, {item.value, key_path, item_path(spot.path, index++)});
    }
  }

  void check_named(const Spot& spot) {
    const std::string key_path = spot.key_path + "{}";
    const ConfigKey& key = *find_key(key_path);
    check_repeated(spot);
    for (const JsonMember& member : spot.value.members) {
      const std::string path = joined_path(spot.path, member.key);
      if (auto fault = count_name_fault(member.key)) add(path, member.place, std::move(*fault));
      check(key, {member.value, key_path, path});
    }
  }

  void check_one_of(const ConfigKey& key, const Spot& spot) {
    const bool all_known = check_members(spot);
    std::vector<std::string_view> there;
    for (const std::string_view word : key.words) {
      if (spot.value.find(word) != nullptr) there.push_back(word);
    }
    if (there.size() > 1) {
      add(spot.path, spot.value.place,
          fmt::format("\"{}\" exclude each other; keep one.", fmt::join(there, "\" and \"")));
    } else if (there.empty() && all_known) {
      add(spot.path, spot.value.place,
          fmt::format("One of \"{}\" is missing; write it like {}.", fmt::join(key.words, "\", \""),
                      example_of(key)));
    }
  }

  static std::string_view example_of(const ConfigKey& key) {
    return key.kind == Kind::Trigger ? R"({"app_closes": "DocAssist.exe"})" : key.example;
  }

  // Tells whether all keys are known.
  bool check_members(const Spot& spot) {
    const std::vector<std::string_view> names = child_names(spot.key_path);
    std::set<std::string_view> guessed;  // what unknown keys were probably meant to be
    bool all_known = true;
    check_repeated(spot);
    for (const JsonMember& member : spot.value.members) {
      const std::string key_path = under(spot.key_path, member.key);
      const bool known = std::find(names.begin(), names.end(), member.key) != names.end();
      all_known = all_known && known;
      if (known) {
        check(*find_key(key_path), {member.value, key_path, joined_path(spot.path, member.key)});
      } else if (const auto meant = closest(folded_name(member.key), names)) {
        guessed.insert(*meant);
        add(joined_path(spot.path, member.key), member.place,
            fmt::format("There is no such key; did you mean \"{}\"?", *meant));
      } else {
        add(joined_path(spot.path, member.key), member.place,
            fmt::format("There is no such key; known here are \"{}\".",
                        fmt::join(names, "\", \"")));
      }
    }
    check_missing(spot, guessed);
    return all_known;
  }

  void check_repeated(const Spot& spot) {
    std::map<std::string_view, JsonPlace> seen;
    for (const JsonMember& member : spot.value.members) {
      const auto [first, is_new] = seen.emplace(member.key, member.place);
      if (is_new) continue;
      add(joined_path(spot.path, member.key), member.place,
          fmt::format("This key stands in line {} already; keep one of them.", first->second.line));
    }
  }

  void check_missing(const Spot& spot, const std::set<std::string_view>& guessed) {
    for (const ConfigKey& key : config_keys()) {
      if (!key.required || !is_child(key, spot.key_path)) continue;
      if (spot.value.find(key.name()) != nullptr || guessed.contains(key.name())) continue;
      add(spot.path, spot.value.place,
          fmt::format("\"{0}\" is missing; write it like \"{0}\": {1}.", key.name(), key.example));
    }
  }

  std::vector<ConfigFault> faults_;
};

}  // namespace

std::string joined_path(std::string_view parent, std::string_view key) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-$";
  const bool plain =
      !key.empty() && key.size() <= 64 && key.find_first_not_of(kPlain) == std::string_view::npos;
  return plain ? under(parent, key) : fmt::format("{}[{}]", parent, quoted(key));
}

std::string item_path(std::string_view list, std::size_t index) {
  return fmt::format("{}[{}]", list, index);
}

std::vector<ConfigFault> shape_faults(const JsonNode& root) {
  ShapeCheck check;
  check.check_root(root);
  return check.take();
}

}  // namespace holdfast
