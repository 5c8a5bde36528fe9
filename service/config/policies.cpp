#include "service/config/policies.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "common/text.h"
#include "service/archive/entry_name.h"
#include "service/config/config_keys.h"
#include "service/config/config_values.h"
#include "service/config/dataset_check.h"

namespace holdfast {
namespace {

constexpr std::string_view kOneDataset = "datasets.";
constexpr std::string_view kKeyPrefix = "datasets[].";

// A policy's name taken apart: whose it is, and what it sets.
struct Target {
  std::string_view dataset;  // empty: of every dataset
  std::string_view setting;  // "keep.last"
};

Target target_of(std::string_view name) {
  if (!name.starts_with(kOneDataset)) return {{}, name};
  name.remove_prefix(kOneDataset.size());
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos) return {name, {}};
  return {name.substr(0, dot), name.substr(dot + 1)};
}

const ConfigKey* key_of(std::string_view setting) {
  const ConfigKey* key = find_key(fmt::format("{}{}", kKeyPrefix, setting));
  return key != nullptr && is_policy(*key) ? key : nullptr;
}

bool is_switch(const ConfigKey& key) {
  return key.kind == ValueKind::Boolean || key.kind == ValueKind::True;
}

// A list in the editor of group policies holds texts only, so one may stand for a number.
std::optional<std::int64_t> number_in(const ConfigKey& key, std::string_view text) {
  if (is_switch(key)) {
    if (text == "0" || text == "false") return 0;
    if (text == "1" || text == "true") return 1;
    return std::nullopt;
  }
  if (key.kind != ValueKind::Integer) return std::nullopt;
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [last, failed] = std::from_chars(text.data(), end, number);
  if (failed != std::errc() || last != end) return std::nullopt;
  return number;
}

JsonNode node_of(const ConfigKey& key, std::int64_t number) {
  if (is_switch(key) && (number == 0 || number == 1)) {
    return {.kind = JsonNode::Kind::Boolean, .boolean = number == 1};
  }
  return {.kind = JsonNode::Kind::Number, .text = std::to_string(number), .integer = number};
}

JsonNode node_from(const ConfigKey& key, const PolicyValue& value) {
  const auto* const text = std::get_if<std::string>(&value);
  if (text == nullptr) return node_of(key, std::get<std::int64_t>(value));
  if (const auto number = number_in(key, *text)) return node_of(key, *number);
  return {.kind = JsonNode::Kind::Text, .text = *text};
}

// Why it is not applied, were it alone.
std::optional<std::string> own_fault(const std::string& name, const PolicyValue& value) {
  const Target target = target_of(name);
  if (const ConfigKey* key = key_of(target.setting))
    return value_fault(*key, node_from(*key, value));
  std::vector<std::string_view> known;
  for (const ConfigKey& key : config_keys()) {
    if (is_policy(key)) known.push_back(key.path.substr(kKeyPrefix.size()));
  }
  const auto meant = closest(folded_name(target.setting), known);
  return meant ? fmt::format("There is no such policy; did you mean \"{}\"?", *meant)
               : fmt::format("There is no such policy; known are \"{}\".",
                             fmt::join(known, "\", \""));
}

JsonNode& member(JsonNode& object, std::string_view key) {
  if (JsonNode* found = object.find(key)) return *found;
  object.members.push_back({std::string(key), {}, {}});
  return object.members.back().value;
}

// The object that holds the setting, made when it is missing, and the key in it.
std::pair<JsonNode*, std::string_view> holder_of(JsonNode& dataset, std::string_view setting) {
  const std::size_t dot = setting.find('.');
  if (dot == std::string_view::npos) return {&dataset, setting};
  JsonNode& holder = member(dataset, setting.substr(0, dot));
  if (holder.kind != JsonNode::Kind::Object) holder = {.kind = JsonNode::Kind::Object};
  return {&holder, setting.substr(dot + 1)};
}

// Whether the setting is one of several that exclude each other.
bool is_alternative(std::string_view setting) {
  const std::size_t dot = setting.find('.');
  if (dot == std::string_view::npos) return false;
  const ConfigKey* parent = find_key(fmt::format("{}{}", kKeyPrefix, setting.substr(0, dot)));
  const auto& words = parent->words;
  return std::find(words.begin(), words.end(), setting.substr(dot + 1)) != words.end();
}

std::string_view holder_name(std::string_view setting) {
  return setting.substr(0, setting.find('.'));
}

// Why it is not applied. Of several that exclude each other none is, for nobody can tell which was
// meant.
std::optional<std::string> fault_of(const Policies& policies, const std::string& name) {
  if (auto fault = own_fault(name, policies.at(name))) return fault;
  const Target target = target_of(name);
  if (!is_alternative(target.setting)) return std::nullopt;
  for (const auto& [other, value] : policies) {
    const Target rival = target_of(other);
    if (other == name || rival.dataset != target.dataset || own_fault(other, value) ||
        !is_alternative(rival.setting) ||
        holder_name(rival.setting) != holder_name(target.setting)) {
      continue;
    }
    return fmt::format("It and \"{}\" exclude each other, so neither holds; keep one.", other);
  }
  return std::nullopt;
}

// How old a backup may be gives way to how often there is one, wherever a policy has set either:
// one policy is for many datasets, and none of them is to lose its protection over it.
void let_staleness_follow(JsonNode& dataset) {
  const JsonNode* stale = dataset.find("stale_after");
  if (stale == nullptr || !is_stale_before_it_is_due(dataset)) return;
  const JsonNode* schedule = dataset.find("schedule");
  const bool is_of_policies =
      stale->place.line == 0 ||
      (schedule != nullptr && std::ranges::any_of(schedule->members, [](const JsonMember& member) {
         return member.value.place.line == 0;
       }));
  if (!is_of_policies) return;
  std::erase_if(dataset.members, [](const JsonMember& one) { return one.key == "stale_after"; });
}

class DatasetPolicies {
 public:
  DatasetPolicies(JsonNode& dataset, const Policies& policies)
      : dataset_(dataset), policies_(policies) {}

  // Those of one kind together: "schedule.daily" takes the place of whatever schedule there was.
  void apply(std::string_view id) {
    const auto chosen = [&](const auto& policy) {
      return target_of(policy.first).dataset == id && !fault_of(policies_, policy.first);
    };
    for (const auto& policy : policies_) {
      const std::string_view setting = target_of(policy.first).setting;
      if (chosen(policy) && is_alternative(setting)) {
        holder_of(dataset_, setting).first->members.clear();
      }
    }
    // Whether an account is wanted is known when it is known where the archives go.
    for (const bool alternatives : {true, false}) {
      for (const auto& policy : policies_) {
        const std::string_view setting = target_of(policy.first).setting;
        if (chosen(policy) && is_alternative(setting) == alternatives) set(setting, policy.second);
      }
    }
  }

 private:
  void set(std::string_view setting, const PolicyValue& value) {
    const JsonNode* destination = dataset_.find("destination");
    const bool to_folder = destination != nullptr && destination->find("folder") != nullptr;
    if (setting == "destination.account" && to_folder) return;
    const auto [holder, key] = holder_of(dataset_, setting);
    member(*holder, key) = node_from(*key_of(setting), value);
  }

  JsonNode& dataset_;
  const Policies& policies_;
};

}  // namespace

void apply_policies(JsonNode& root, const Policies& policies) {
  JsonNode* datasets = root.find("datasets");
  if (datasets == nullptr || datasets->kind != JsonNode::Kind::List) return;
  for (JsonMember& item : datasets->members) {
    if (item.value.kind != JsonNode::Kind::Object) continue;
    DatasetPolicies dataset(item.value, policies);
    dataset.apply({});
    const JsonNode* id = item.value.find("id");
    if (id != nullptr && !id->text.empty()) dataset.apply(std::string(id->text));
    let_staleness_follow(item.value);
  }
}

std::vector<ConfigFault> policy_faults(const Policies& policies) {
  std::vector<ConfigFault> faults;
  for (const auto& [name, value] : policies) {
    if (auto fault = fault_of(policies, name)) faults.push_back({one_line(name), {}, *fault});
  }
  return faults;
}

}  // namespace holdfast
