#include "service/config/user_datasets.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "common/error.h"
#include "common/text.h"
#include "service/config/config_keys.h"
#include "service/config/json_tree.h"

namespace holdfast {
namespace {

using nlohmann::ordered_json;

constexpr const char* kDatasets = "datasets";
constexpr std::string_view kNewFile = R"({"version": 1, "datasets": []})";
constexpr std::size_t kMostFaultsTold = 5;

Error bad(const std::string& sentence) {
  return {ErrorCode::BadParameters, sentence, "See the page of the configuration."};
}

// Of a file that is no configuration nothing could be kept.
ordered_json parsed(std::string_view text, const std::string& sid) {
  std::string fault;
  if (const JsonTree tree = parse_json_tree(text); tree.fault) {
    fault = tree.fault->sentence;
  } else {
    ordered_json file = ordered_json::parse(text, nullptr, true, true);
    const auto datasets = file.find(kDatasets);
    const auto is_object = [](const ordered_json& dataset) { return dataset.is_object(); };
    if (datasets != file.end() && datasets->is_array() &&
        std::all_of(datasets->begin(), datasets->end(), is_object)) {
      return file;
    }
    fault = "It has no list of datasets.";
  }
  throw Error(ErrorCode::ConfigFaulty,
              fmt::format("Cannot change what {} added: the file {}.json cannot be read. {}", sid,
                          sid, fault),
              "Have an administrator mend it: holdfast config check.");
}

ordered_json& find(ordered_json& datasets, const std::string& id) {
  const auto found = std::find_if(datasets.begin(), datasets.end(), [&](const ordered_json& one) {
    return one.contains("id") && one.at("id") == id;
  });
  if (found != datasets.end()) return *found;
  throw Error(ErrorCode::NotFound,
              fmt::format("There is no dataset \"{}\" that was added.", one_line(id, 80)),
              "See which there are: holdfast status.");
}

void add(ordered_json& datasets, const ordered_json& settings) {
  if (datasets.size() >= kMostDatasetsOfUser) {
    throw bad(fmt::format("There are {} datasets already, and no user can add more.",
                          kMostDatasetsOfUser));
  }
  datasets.push_back(settings);
}

void change_one(ordered_json& dataset, const ordered_json& settings) {
  for (const auto& [key, value] : settings.items()) {
    if (key == "id" && value != dataset.at("id")) throw bad("The id of a dataset stays as it is.");
    if (value.is_null()) {
      dataset.erase(key);
    } else {
      dataset[key] = value;
    }
  }
}

// Returns the place of the dataset that it is about.
std::size_t apply(ordered_json& datasets, const DatasetChange& change) {
  if (change.kind == DatasetChange::Kind::Add) {
    add(datasets, change.settings);
    return datasets.size() - 1;
  }
  ordered_json& dataset = find(datasets, change.id);
  const auto place = static_cast<std::size_t>(&dataset - &datasets.front());
  if (change.kind == DatasetChange::Kind::Remove) {
    datasets.erase(place);
  } else {
    change_one(dataset, change.settings);
  }
  return place;
}

// As somebody reads it who never saw the file: within the dataset that it is about.
std::string fault_text(const SourceFault& fault, std::size_t place) {
  const std::string dataset = fmt::format("{}[{}]", kDatasets, place);
  std::string_view path = fault.fault.path;
  if (path.starts_with(dataset)) path.remove_prefix(dataset.size());
  if (path.starts_with('.')) path.remove_prefix(1);
  return path.empty() ? fault.fault.sentence : fmt::format("{}: {}", path, fault.fault.sentence);
}

const ordered_json* value_at(const ordered_json& dataset, std::string_view path) {
  const ordered_json* value = &dataset;
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t end = std::min(path.find('.', begin), path.size());
    if (!value->is_object()) return nullptr;
    const auto found = value->find(path.substr(begin, end - begin));
    if (found == value->end()) return nullptr;
    value = &*found;
    begin = end + 1;
  }
  return value;
}

bool is_changed(const ordered_json& before, const ordered_json& after, std::string_view path) {
  const ordered_json* const old_value = value_at(before, path);
  const ordered_json* const new_value = value_at(after, path);
  if (old_value == nullptr || new_value == nullptr) return old_value != new_value;
  return *old_value != *new_value;
}

// Where what excludes each other stands together, all of it is what a policy has set.
std::string_view locked_part(std::string_view key) {
  const std::string_view holder = key.substr(0, key.find('.'));
  const ConfigKey* const known = find_key(fmt::format("datasets[].{}", holder));
  return known != nullptr && known->kind == ValueKind::OneOf ? holder : key;
}

// A change of what a policy has set would be kept, and have no effect.
void refuse_locked(const EffectiveConfig& merged, const std::string& sid,
                   const ordered_json& before, const ordered_json& after) {
  for (const EffectiveDataset& dataset : merged.datasets) {
    if (dataset.owner != sid || after.value("id", "") != dataset.dataset.id) continue;
    for (const Setting& setting : dataset.settings) {
      if (setting.origin != ConfigOrigin::Policy) continue;
      if (!is_changed(before, after, locked_part(setting.key))) continue;
      throw bad(fmt::format("{}: A policy of your organisation sets it, and it cannot be changed.",
                            setting.key));
    }
  }
}

void check(const EffectiveConfig& merged, std::size_t place) {
  std::string told;
  std::size_t count = 0;
  for (const SourceFault& fault : merged.faults) {
    if (fault.source != ConfigOrigin::UserFile || ++count > kMostFaultsTold) continue;
    told += (told.empty() ? "" : " ") + fault_text(fault, place);
  }
  if (count == 0) return;
  if (count > kMostFaultsTold) told += fmt::format(" ({} faults in all)", count);
  throw bad(told);
}

}  // namespace

std::string changed_user_file(const ConfigSources& sources, const std::string& sid,
                              const DatasetChange& change) {
  if (!merge_config({.machine = sources.machine, .policies = sources.policies}).is_good()) {
    throw Error(ErrorCode::ConfigFaulty,
                "Nothing can be changed while this computer's configuration has faults.",
                "Have an administrator mend it: holdfast config check.");
  }
  const auto before = sources.users.find(sid);
  ordered_json file =
      parsed(before == sources.users.end() ? kNewFile : std::string_view(before->second), sid);
  const ordered_json datasets_before = file[kDatasets];
  const std::size_t place = apply(file[kDatasets], change);
  std::string text = file.dump(2) + '\n';
  // Whatever else may be wrong, a dataset can be taken away.
  if (change.kind != DatasetChange::Kind::Remove) {
    const EffectiveConfig merged = merge_config(
        {.machine = sources.machine, .users = {{sid, text}}, .policies = sources.policies});
    check(merged, place);
    if (change.kind == DatasetChange::Kind::Change) {
      refuse_locked(merged, sid, datasets_before[place], file[kDatasets][place]);
    }
  }
  return text;
}

std::vector<std::string> overruled(const EffectiveConfig& config, const std::string& sid,
                                   const ordered_json& settings) {
  std::vector<std::string> keys;
  for (const EffectiveDataset& dataset : config.datasets) {
    if (dataset.owner != sid || settings.value("id", "") != dataset.dataset.id) continue;
    for (const Setting& setting : dataset.settings) {
      if (setting.origin != ConfigOrigin::Policy) continue;
      if (value_at(settings, locked_part(setting.key)) == nullptr) continue;
      const ordered_json* const own = value_at(settings, setting.key);
      if (own == nullptr || *own != ordered_json::parse(setting.value)) keys.push_back(setting.key);
    }
  }
  return keys;
}

}  // namespace holdfast
