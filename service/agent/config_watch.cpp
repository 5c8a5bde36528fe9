#include "service/agent/config_watch.h"

#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "common/error.h"

namespace holdfast {
namespace {

// Users can do nothing about a policy.
constexpr std::string_view kAdministrators = "S-1-5-32-544";

// The first of them, and how many there are.
std::string first_of(const std::vector<const SourceFault*>& faults, const std::string& file) {
  std::string text = fault_line(*faults.front(), file);
  if (faults.size() > 1) text += fmt::format(" ({} faults in all)", faults.size());
  return text;
}

using FaultsByReader = std::map<std::string, std::vector<const SourceFault*>>;

// By who can do something about them: the user who added it, or administrators.
FaultsByReader by_reader(const EffectiveConfig& config) {
  FaultsByReader faults;
  for (const SourceFault& fault : config.faults) {
    const bool is_users = fault.source == ConfigOrigin::UserFile;
    faults[is_users ? fault.owner : std::string(kAdministrators)].push_back(&fault);
  }
  return faults;
}

std::string rejection(const EffectiveConfig& config, const std::string& file) {
  std::vector<const SourceFault*> faults;
  for (const SourceFault& fault : config.faults) {
    if (fault.source == ConfigOrigin::MachineFile) faults.push_back(&fault);
  }
  return first_of(faults, file) +
         " See them with: holdfast config check. What was configured before still holds.";
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
    reject(rejection(config, file_));
    return std::nullopt;
  }
  const bool was_left_out = !left_out_.empty();
  tell_left_out(config);
  const bool is_taken = !std::exchange(fault_, {}).empty();
  if (is_taken || (was_left_out && left_out_.empty())) {
    events_.report({EventId::ConfigurationTaken, {}});
  }
  return config;
}

// Each once, until it is another.
void ConfigWatch::tell_left_out(const EffectiveConfig& config) {
  for (const SourceFault& fault : config.faults) spdlog::warn("{}", fault_line(fault, file_));
  const std::map<std::string, std::string> before = std::exchange(left_out_, {});
  for (const auto& [reader, faults] : by_reader(config)) {
    const std::string_view what =
        reader == kAdministrators ? "Left out: " : "What this user added is not protected: ";
    const std::string sentence = fmt::format("{}{} See what is wrong with: holdfast config check.",
                                             what, first_of(faults, file_));
    const auto told = before.find(reader);
    if (told == before.end() || told->second != sentence) {
      events_.report({EventId::PartLeftOut, {sentence}, {}, reader});
    }
    left_out_[reader] = sentence;
  }
}

void ConfigWatch::reject(const std::string& fault) {
  if (fault_ == fault) return;
  fault_ = fault;
  spdlog::error("{}", fault);
  events_.report({EventId::ConfigurationRejected, {fault}});
}

}  // namespace holdfast
