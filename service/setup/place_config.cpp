#include "service/setup/place_config.h"

#include <string>

#include <fmt/format.h>

#include "common/error.h"
#include "common/path_text.h"
#include "service/config/config_files.h"

namespace holdfast {
namespace {

bool protects_nothing(const EffectiveConfig& config) {
  return config.is_good() && config.datasets.empty();
}

bool is_to_be_placed(Storage& storage, const std::filesystem::path& folder) {
  try {
    return protects_nothing(merge_config({.machine = config_text(storage, folder / kConfigFile)}));
  } catch (const Error& error) {
    if (error.code() == ErrorCode::NotFound) return true;
    throw;
  }
}

}  // namespace

PlacedConfig place_config(Storage& storage, const std::filesystem::path& file,
                          const std::filesystem::path& folder) {
  const std::string name = path_text(file);
  // Whoever starts this chose no folder that a shorter path could begin in.
  if (!file.is_absolute()) {
    throw Error(ErrorCode::Usage,
                fmt::format("Cannot take {} as the configuration: that is no full path.", name),
                "Give it with its drive or share.");
  }
  const std::string text = config_text(storage, file);
  const EffectiveConfig wanted = merge_config({.machine = text});
  if (!wanted.is_good()) {
    throw Error(ErrorCode::ConfigFaulty,
                fmt::format("Cannot take {} as the configuration: {}", name,
                            fault_line(wanted.faults.front(), name)),
                "\"holdfast config check\" tells every fault of it.");
  }
  if (!is_to_be_placed(storage, folder)) return PlacedConfig::KeptWhatWasThere;
  write_machine_config(storage, folder, text);
  return PlacedConfig::Taken;
}

}  // namespace holdfast
