#include "service/config/config_json.h"

#include <nlohmann/json.hpp>

namespace holdfast {

using nlohmann::ordered_json;

std::string_view origin_name(ConfigOrigin origin) {
  switch (origin) {
    case ConfigOrigin::Default: return "default";
    case ConfigOrigin::MachineFile: return "machine";
    case ConfigOrigin::UserFile: return "user";
    case ConfigOrigin::Policy: return "policy";
  }
  return "default";
}

ordered_json dataset_json(const EffectiveDataset& dataset) {
  ordered_json settings = ordered_json::array();
  for (const Setting& setting : dataset.settings) {
    settings.push_back({{"key", setting.key},
                        {"value", ordered_json::parse(setting.value)},
                        {"origin", origin_name(setting.origin)},
                        {"line", setting.line}});
  }
  return {{"id", dataset.dataset.id}, {"owner", dataset.owner}, {"settings", settings}};
}

ordered_json fault_json(const SourceFault& fault, const std::string& file) {
  return {{"source", origin_name(fault.source)},
          {"file", source_name(fault, file)},
          {"path", fault.fault.path},
          {"line", fault.fault.place.line},
          {"column", fault.fault.place.column},
          {"sentence", fault.fault.sentence}};
}

ordered_json faults_json(const EffectiveConfig& config, const std::string& file) {
  ordered_json list = ordered_json::array();
  for (const SourceFault& fault : config.faults) list.push_back(fault_json(fault, file));
  return list;
}

ordered_json settings_json(const EffectiveConfig& config, const std::string& file) {
  ordered_json datasets = ordered_json::array();
  for (const EffectiveDataset& dataset : config.datasets) datasets.push_back(dataset_json(dataset));
  return {{"file", file},
          {"good", config.is_good()},
          {"datasets", datasets},
          {"faults", faults_json(config, file)}};
}

}  // namespace holdfast
