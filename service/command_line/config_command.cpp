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
#include "service/command_line/command_options.h"
#include "service/command_line/config_report.h"
#include "service/config/config_files.h"

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
};

// A file that is named is read alone: it may be meant for another machine.
Loaded load(const Texts& words) {
  DiskStorage storage;
  if (words.size() == 2) {
    return {merge_config({.machine = config_text(storage, text_path(words[1]))}), words[1]};
  }
  const auto folder = config_folder();
  if (!folder) {
    throw Error(ErrorCode::Usage, "No FILE was given.",
                "Only where the service is installed the file's name can be left out.");
  }
  return {merge_config(config_sources(storage, *folder, group_policies())),
          path_text(*folder / kConfigFile)};
}

ExitCode config(const po::variables_map& options, Output output) {
  const Texts& words = operands(options, "what", "\"check\" or \"show\"");
  const bool checks = task_of(words) == kTasks[0];
  if (words.size() > 2) {
    throw Error(ErrorCode::Usage, "More than one FILE was given.", "Name one at a time.");
  }
  const auto [config, file] = load(words);
  if (options.contains("json")) {
    const nlohmann::ordered_json told =
        checks ? check_json(config, file) : settings_json(config, file);
    output.out << told.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  } else {
    output.out << (checks ? check_report(config, file) : settings_report(config, file));
  }
  const bool good = checks ? config.faults.empty() : config.is_good();
  return good ? ExitCode::Success : ExitCode::Failed;
}

void add_config_options(po::options_description& options) {
  options.add_options()("what", po::value<Texts>()->value_name("check|show [FILE]"),
                        "what to do, and the file; the option's name can be left out")(
      "json", "print the outcome as JSON");
}

}  // namespace

Command config_command() {
  return {.name = "config",
          .synopsis = "config check|show [FILE]",
          .summary = "Checks the configuration, or shows what holds and where it comes from",
          .details =
              "check tells every fault with its line. show lists each dataset's settings.\n"
              "Without FILE: config.json of this machine, what users added, and the "
              "policies.\n"
              "Exit code: 0 good, 70 it has faults (show: and cannot be used).",
          .example = "holdfast config check clinic.json",
          .operands = "what",
          .add_options = &add_config_options,
          .run = &config};
}

}  // namespace holdfast
