#include "service/config/merge_config.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "service/config/config_keys.h"
#include "service/config/config_values.h"
#include "service/config/path_rules.h"
#include "service/config/read_config.h"
#include "service/config/shape_check.h"

namespace holdfast {
namespace {

constexpr std::string_view kDataset = "datasets[].";

bool has_parts(const ConfigKey& key) {
  return key.kind == ValueKind::Object || key.kind == ValueKind::OneOf;
}

// The settings of one dataset, in the order of the table of keys.
class Settings {
 public:
  Settings(const JsonNode& object, const Dataset& dataset, ConfigOrigin file)
      : object_(object), dataset_(dataset), file_(file) {}

  std::vector<Setting> list() {
    for (const ConfigKey& key : config_keys()) {
      if (!key.path.starts_with(kDataset)) continue;
      const std::string_view name = key.path.substr(kDataset.size());
      if (name.find_first_of("[{") == std::string_view::npos) add(key, name);
    }
    return std::move(settings_);
  }

 private:
  void add(const ConfigKey& key, std::string_view name) {
    const JsonNode* value = found(name);
    if (value != nullptr && !has_parts(key)) {
      const bool in_file = value->place.line != 0;
      settings_.push_back({std::string(name), json_text(*value),
                           in_file ? file_ : ConfigOrigin::Policy, value->place.line});
    } else if (value == nullptr && !key.default_value.empty()) {
      settings_.push_back({std::string(name), default_of(key, name), ConfigOrigin::Default, 0});
    }
  }

  const JsonNode* found(std::string_view name) const {
    const std::size_t dot = name.find('.');
    const JsonNode* holder = object_.find(name.substr(0, dot));
    if (dot == std::string_view::npos || holder == nullptr) return holder;
    return holder->find(name.substr(dot + 1));
  }

  std::string default_of(const ConfigKey& key, std::string_view name) const {
    if (name != "stale_after") return std::string(key.default_value);
    return fmt::format("\"{}\"", duration_word(dataset_.stale_after));
  }

  const JsonNode& object_;
  const Dataset& dataset_;
  ConfigOrigin file_;
  std::vector<Setting> settings_;
};

class Merger {
 public:
  explicit Merger(const ConfigSources& sources) : sources_(sources) {}

  EffectiveConfig merge() {
    for (ConfigFault& fault : policy_faults(sources_.policies)) {
      config_.faults.push_back({ConfigOrigin::Policy, {}, std::move(fault)});
    }
    add_file(sources_.machine, ConfigOrigin::MachineFile, {});
    if (!config_.is_good()) return std::move(config_);
    machines_ = config_.datasets.size();
    for (const auto& [sid, text] : sources_.users) add_file(text, ConfigOrigin::UserFile, sid);
    return std::move(config_);
  }

 private:
  void add_file(std::string_view text, ConfigOrigin origin, const std::string& owner) {
    JsonTree tree = parse_json_tree(text);
    if (tree.fault) {
      config_.faults.push_back({origin, owner, *std::move(tree.fault)});
      return;
    }
    apply_policies(tree.root, sources_.policies);
    const ConfigReading reading = read_config(tree.root);
    for (const ConfigFault& fault : reading.faults) {
      config_.faults.push_back({origin, owner, fault});
    }
    if (reading.is_good()) add_datasets(tree.root, reading.config, origin, owner);
  }

  void add_datasets(const JsonNode& root, const Config& config, ConfigOrigin origin,
                    const std::string& owner) {
    const auto& objects = root.find("datasets")->members;
    for (std::size_t i = 0; i < config.datasets.size(); ++i) {
      const Dataset& dataset = config.datasets[i];
      const JsonNode& object = objects[i].value;
      if (origin == ConfigOrigin::UserFile && clashes(dataset, object, i, owner)) continue;
      config_.datasets.push_back({dataset, owner, Settings(object, dataset, origin).list()});
    }
  }

  bool clashes(const Dataset& dataset, const JsonNode& object, std::size_t index,
               const std::string& owner) {
    for (std::size_t i = 0; i < machines_; ++i) {
      const Dataset& machine = config_.datasets[i].dataset;
      const bool same_id = machine.id == dataset.id;
      if (!same_id && folded_path(machine.database) != folded_path(dataset.database)) continue;
      const std::string_view key = same_id ? "id" : "database";
      config_.faults.push_back(
          {ConfigOrigin::UserFile,
           owner,
           {joined_path(item_path("datasets", index), key), object.find(key)->place,
            fmt::format("The machine's dataset \"{}\" has this {} already.", machine.id, key)}});
      return true;
    }
    return false;
  }

  const ConfigSources& sources_;
  EffectiveConfig config_;
  std::size_t machines_ = 0;  // of the datasets, those of the machine come first
};

}  // namespace

std::string source_name(const SourceFault& fault, const std::string& file) {
  if (fault.source == ConfigOrigin::Policy) return "policy";
  return fault.source == ConfigOrigin::UserFile ? fault.owner + ".json" : file;
}

std::string fault_line(const SourceFault& fault, const std::string& file) {
  std::string line = source_name(fault, file) + ":";
  const JsonPlace place = fault.fault.place;
  if (place.line != 0) line += fmt::format("{}:{}:", place.line, place.column);
  if (!fault.fault.path.empty()) line += fmt::format(" {}:", fault.fault.path);
  return fmt::format("{} {}", line, fault.fault.sentence);
}

bool EffectiveConfig::is_good() const {
  return std::none_of(faults.begin(), faults.end(), [](const SourceFault& fault) {
    return fault.source == ConfigOrigin::MachineFile;
  });
}

EffectiveConfig merge_config(const ConfigSources& sources) {
  return Merger(sources).merge();
}

}  // namespace holdfast
