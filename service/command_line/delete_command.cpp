#include "service/command_line/delete_command.h"

#include <array>
#include <ostream>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/protocol/messages.h"
#include "common/text.h"
#include "service/command_line/archive_choice.h"
#include "service/command_line/command_options.h"
#include "service/command_line/confirmation.h"
#include "service/command_line/open_connection.h"
#include "service/command_line/text_layout.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;
using nlohmann::json;
using namespace std::chrono_literals;

// A destination on a slow share is looked through first.
constexpr std::chrono::milliseconds kDeletionDeadline = 5min;

ExitCode remove(const po::variables_map& options, Output output) {
  const auto [dataset, file_name] = archive_choice(options);
  const json request = {{"dataset", dataset}, {"archive", file_name}};
  const std::string question = fmt::format("Delete {} for good?", one_line(file_name, 200));
  if (!is_confirmed(options, question, "delete the archive", output)) {
    throw Error(ErrorCode::Cancelled, "The archive was not deleted.", "");
  }
  const json answer = open_connection()->call(method::kArchiveDelete, request, kDeletionDeadline);
  output.out << (options.contains("json")
                     ? json_text(answer)
                     : led("Deleted:", one_line(answer.at("deleted").get<std::string>(), 200),
                           output.style));
  return ExitCode::Success;
}

void add_delete_options(po::options_description& options) {
  add_archive_choice(options);
  add_yes_option(options);
  add_json_option(options);
}

constexpr std::array<ExitMeaning, 1> kExitCodes{
    {{ExitCode::ServiceNotReachable, "the service could not be reached"}}};

}  // namespace

Command delete_command() {
  return {.name = "delete",
          .synopsis = "delete ARCHIVE [--dataset DATASET] [--yes] [--json]",
          .summary = "Deletes one archive for good",
          .details =
              "Never the newest verified one, the last that passed a test restore or is surely in "
              "the cloud, and none while data may be lost. Needs an administrator.",
          .example = "holdfast delete clinic_20261120T060000Z_PC.zip",
          .exit_codes = kExitCodes,
          .operands = "archive",
          .add_options = &add_delete_options,
          .run = &remove};
}

}  // namespace holdfast
