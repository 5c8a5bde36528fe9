#include "service/agent/config_watch.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "common/error.h"

namespace holdfast {
namespace {

// The first fault that keeps the configuration from being used, and how many there are.
std::string sentence(const EffectiveConfig& config, const std::string& file) {
  const auto first =
      std::ranges::find(config.faults, ConfigOrigin::MachineFile, &SourceFault::source);
  std::string text = fault_line(*first, file);
  if (config.faults.size() > 1) text += fmt::format(" ({} faults in all)", config.faults.size());
  return text + " See them with: holdfast config check. What was configured before still holds.";
}

}  // namespace

std::optional<EffectiveConfig> ConfigWatch::poll() {
  ConfigSources sources;
  try {
    sources = read_();
  } catch (const Error& error) {
    reject(error.line());
    last_.reset();
    return std::nullopt;
  }
  if (last_ == sources) return std::nullopt;
  last_ = sources;
  EffectiveConfig config = merge_config(sources);
  if (!config.is_good()) {
    reject(sentence(config, file_));
    return std::nullopt;
  }
  // Those of users and policies leave out what they are about, and nothing else.
  for (const SourceFault& fault : config.faults) spdlog::warn("{}", fault_line(fault, file_));
  if (!std::exchange(fault_, {}).empty()) events_.report({EventId::ConfigurationTaken, {}});
  return config;
}

void ConfigWatch::reject(const std::string& fault) {
  if (fault_ == fault) return;
  fault_ = fault;
  spdlog::error("{}", fault);
  events_.report({EventId::ConfigurationRejected, {fault}});
}

}  // namespace holdfast
