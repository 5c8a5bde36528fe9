#include "service/command_line/config_command.h"

#include <array>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/path_text.h"
#include "common/text.h"
#include "service/agent/obstacles.h"
#include "service/command_line/command_options.h"
#include "service/command_line/config_report.h"
#include "service/config/config_files.h"
#include "service/config/config_json.h"
#include "service/platform/known_folders.h"
#include "service/platform/machine.h"
#include "service/platform/machine_config.h"
#include "service/platform/signed_in_users.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;
using Texts = std::vector<std::string>;

constexpr std::array<std::string_view, 2> kTasks{"check", "show"};
constexpr const char* kHelp = "See \"holdfast config --help\".";

const std::string& task_of(const Texts& words) {
  const std::string& task = words.front();
  if (task == kTasks[0] || task == kTasks[1]) return task;
  const auto meant = closest(task, kTasks);
  throw Error(ErrorCode::Usage, fmt::format("\"config\" takes no \"{}\".", one_line(task)),
              meant ? fmt::format("Did you mean \"config {}\"?", *meant) : kHelp);
}

// The merged configuration, and the name of the machine's file.
struct Loaded {
  EffectiveConfig config;
  std::string file;
  bool is_of_this_machine = false;
};

// A file that is named is read alone: it may be meant for another machine.
Loaded load(const Texts& words) {
  DiskStorage storage;
  if (words.size() == 2) {
    return {.config = merge_config({.machine = config_text(storage, text_path(words[1]))}),
            .file = words[1]};
  }
  const auto folder = config_folder();
  if (!folder) {
    throw Error(ErrorCode::Usage, "No FILE was given.",
                "Only where the service is installed the file's name can be left out.");
  }
  return {.config = merge_config(config_sources(storage, *folder, group_policies())),
          .file = path_text(*folder / kConfigFile),
          .is_of_this_machine = true};
}

// What keeps the datasets from being backed up on this machine.
std::vector<DatasetObstacle> obstacles_of(const EffectiveConfig& config) {
  DiskStorage storage;
  const SystemClock clock;
  const MachineFacts machine{.folders = machine_folders(), .letter_case = path_letter_case()};
  std::vector<DatasetObstacle> all;
  // What is there for each user is looked at by the service, with that user's rights.
  const auto instances = dataset_instances(
      config.datasets, {.profile_name = [](const std::string& sid) { return sid; },
                        .profile_owner = &profile_owner});
  for (const DatasetState& state : dataset_states(instances, machine)) {
    for (const std::string& sentence : obstacles(state, storage, clock)) {
      all.push_back({.dataset = state.key, .sentence = sentence});
    }
  }
  return all;
}

ExitCode check(const Loaded& loaded, bool as_json, Output output) {
  const auto& [config, file, is_of_this_machine] = loaded;
  std::vector<DatasetObstacle> in_the_way;
  if (is_of_this_machine) in_the_way = obstacles_of(config);
  if (as_json) {
    output.out << json_text(check_json(config, file, in_the_way));
  } else {
    output.out << check_report(config, file, in_the_way, output.style);
  }
  if (!config.faults.empty()) return ExitCode::Failed;
  return in_the_way.empty() ? ExitCode::Success : ExitCode::Attention;
}

ExitCode show(const Loaded& loaded, bool as_json, Output output) {
  if (as_json) {
    output.out << json_text(settings_json(loaded.config, loaded.file));
  } else {
    output.out << settings_report(loaded.config, loaded.file, output.style);
  }
  return loaded.config.is_good() ? ExitCode::Success : ExitCode::Failed;
}

ExitCode config(const po::variables_map& options, Output output) {
  const Texts& words = operands(options, "what", "\"check\" or \"show\"");
  const bool checks = task_of(words) == kTasks[0];
  if (words.size() > 2) {
    throw Error(ErrorCode::Usage, "More than one FILE was given.", "Name one at a time.");
  }
  const Loaded loaded = load(words);
  const bool as_json = options.contains("json");
  return checks ? check(loaded, as_json, output) : show(loaded, as_json, output);
}

void add_config_options(po::options_description& options) {
  options.add_options()("what", po::value<Texts>()->value_name("check|show [FILE]"),
                        "what to do, and with which file");
  add_json_option(options);
}

constexpr std::array<ExitMeaning, 3> kExitCodes{
    {{ExitCode::Success, "the configuration is good"},
     {ExitCode::Attention, "check: it is good, but a dataset cannot be backed up now"},
     {ExitCode::Failed, "it has faults (show: and cannot be used), or cannot be read"}}};

}  // namespace

Command config_command() {
  return {.name = "config",
          .synopsis = "config check|show [FILE] [--json]",
          .summary = "Checks the configuration, or shows what holds and where it comes from",
          .details =
              "check tells every fault with its line. show lists each dataset's settings. Without "
              "FILE: config.json of this machine, what users added, and the policies; check then "
              "also tells what keeps a dataset from being backed up here.",
          .example = "holdfast config check\nholdfast config show clinic.json",
          .exit_codes = kExitCodes,
          .operands = "what",
          .operand_kind = OperandKind::File,
          .first_operands = kTasks,
          .add_options = &add_config_options,
          .run = &config};
}

}  // namespace holdfast
