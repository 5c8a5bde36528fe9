#include "service/command_line/config_report.h"

#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/text.h"
#include "service/command_line/text_layout.h"
#include "service/config/config_json.h"

namespace holdfast {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kMaxValueBytes = 300;
constexpr std::size_t kMaxSentenceBytes = 2000;

// Behind the first line they are indented.
std::string fault_lines(const EffectiveConfig& config, const std::string& file,
                        const Style& style) {
  std::string lines;
  for (const SourceFault& fault : config.faults) {
    lines += hanging(one_line(fault_line(fault, file), kMaxSentenceBytes), style);
  }
  return lines;
}

std::string counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string where_from(const Setting& setting) {
  return setting.line == 0 ? std::string(origin_name(setting.origin))
                           : fmt::format("{}, line {}", origin_name(setting.origin), setting.line);
}

}  // namespace

std::string check_report(const EffectiveConfig& config, const std::string& file,
                         const std::vector<DatasetObstacle>& obstacles, const Style& style) {
  std::string text = fault_lines(config, file, style);
  std::set<std::string> obstructed;
  for (const auto& [dataset, sentence] : obstacles) {
    text += hanging(fmt::format("{}: {}", dataset, one_line(sentence, kMaxSentenceBytes)), style);
    obstructed.insert(dataset);
  }
  const std::string datasets = counted(config.datasets.size(), "dataset");
  const auto verdict = [&](std::string_view word, Tone tone, const std::string& why) {
    return fmt::format("{} {} ({})\n", toned(word, tone, style), file, why);
  };
  if (!config.faults.empty()) {
    return text + verdict("BAD:", Tone::Bad, counted(config.faults.size(), "fault"));
  }
  if (obstructed.empty()) return text + verdict("Good:", Tone::Good, datasets);
  return text + verdict("NOT READY:", Tone::Caution,
                        fmt::format("{}, {} of which cannot be backed up now", datasets,
                                    obstructed.size()));
}

ordered_json check_json(const EffectiveConfig& config, const std::string& file,
                        const std::vector<DatasetObstacle>& obstacles) {
  ordered_json in_the_way = ordered_json::array();
  for (const auto& [dataset, sentence] : obstacles) {
    in_the_way.push_back({{"dataset", dataset}, {"sentence", sentence}});
  }
  return {{"file", file},
          {"good", config.faults.empty()},
          {"ready", config.faults.empty() && obstacles.empty()},
          {"datasets", config.datasets.size()},
          {"faults", faults_json(config, file)},
          {"obstacles", in_the_way}};
}

std::string settings_report(const EffectiveConfig& config, const std::string& file,
                            const Style& style) {
  std::string text;
  for (const EffectiveDataset& dataset : config.datasets) {
    text += dataset.dataset.id;
    if (!dataset.owner.empty()) text += fmt::format("  (added by {})", dataset.owner);
    Table table({{"  Setting"}, {"From"}, {"Value"}});
    for (const Setting& setting : dataset.settings) {
      table.add(
          {{"  " + setting.key}, {where_from(setting)}, {one_line(setting.value, kMaxValueBytes)}});
    }
    text += '\n' + table.text(style) + '\n';
  }
  if (config.datasets.empty() && config.is_good()) {
    text += fmt::format("No datasets are configured in {}.\n", file);
  }
  return text + fault_lines(config, file, style);
}

}  // namespace holdfast
