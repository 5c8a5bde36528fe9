#include "service/command_line/setup_command.h"

#include <array>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/error.h"
#include "common/path_text.h"
#include "common/text.h"
#include "service/command_line/command_options.h"
#include "service/platform/data_folder.h"
#include "service/platform/service_configuration.h"
#include "service/platform/windows_event_log.h"
#include "service/setup/place_config.h"
#include "service/setup/purge.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;

// One that somebody else has planted is moved aside, and that is told.
std::filesystem::path own_data_folder() {
  std::filesystem::path folder = data_folder();
  if (const auto moved = secure_folder(folder)) {
    WindowsEventLog().report({EventId::ConfigurationMended, {*moved}});
  }
  return folder;
}

void take_config(const std::string& file, Output output) {
  DiskStorage storage;
  const std::filesystem::path folder = own_data_folder();
  const bool is_taken = place_config(storage, text_path(file), folder) == PlacedConfig::Taken;
  output.out << (is_taken ? "Taken.\n" : "The configuration that is there stays.\n");
}

void choose_start(const std::string& word, Output) {
  constexpr std::array<std::pair<std::string_view, ServiceStart>, 3> kStarts{
      {{"auto", ServiceStart::Automatic},
       {"demand", ServiceStart::OnDemand},
       {"disabled", ServiceStart::Disabled}}};
  for (const auto& [name, start] : kStarts) {
    if (word == name) return set_service_start(start);
  }
  throw Error(ErrorCode::Usage, fmt::format("The service cannot start \"{}\".", one_line(word)),
              "Say auto, demand or disabled.");
}

void remove_data(const std::string&, Output) {
  purge(own_data_folder());
}

struct Task {
  std::string_view name;
  std::size_t words;
  void (*act)(const std::string& word, Output output);
};

constexpr std::array<Task, 3> kTasks{
    {{"config", 2, &take_config}, {"start", 2, &choose_start}, {"purge", 1, &remove_data}}};

ExitCode set_up(const po::variables_map& options, Output output) {
  const std::vector<std::string>& words = operands(options, "what", "what to set up");
  for (const Task& task : kTasks) {
    if (words.front() != task.name || words.size() != task.words) continue;
    try {
      task.act(words.back(), output);
      return ExitCode::Success;
    } catch (const Error& error) {
      WindowsEventLog().report({EventId::SetupFailed, {error.line()}});
      throw;
    }
  }
  throw Error(ErrorCode::Usage, "There is no such thing to set up.",
              "Say \"config FILE\", \"start auto|demand|disabled\" or \"purge\".");
}

void add_setup_options(po::options_description& options) {
  options.add_options()("what",
                        po::value<std::vector<std::string>>()->value_name("config|start|purge"),
                        "what to set up");
}

}  // namespace

Command setup_command() {
  return {.name = "setup",
          .synopsis = "setup config FILE\nsetup start auto|demand|disabled\nsetup purge",
          .summary = "Does what the installer was asked for; not by hand",
          .details = "",
          .example = "holdfast setup start demand",
          .operands = "what",
          .operand_kind = OperandKind::File,
          .add_options = &add_setup_options,
          .run = &set_up,
          .listed = Command::Listed::No};
}

}  // namespace holdfast
